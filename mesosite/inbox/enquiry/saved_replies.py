"""Saved replies at a request: put into the box with the patient's name, promise and visit."""

import re
from typing import Any

from django.http import QueryDict
from django.utils import translation

from mesosite.enquiries import visits
from mesosite.enquiries.models import Enquiry, SavedReply
from mesosite.enquiries.patient.summary import day_and_time

_PLACES = re.compile(f"{{(?:{'|'.join(SavedReply.PLACEHOLDERS)})}}")


def blanks(text: str) -> list[str]:
    """The places in a text that are not filled in, such as ["{visit}"], each once."""
    return list(dict.fromkeys(_PLACES.findall(text)))


def filled_in(reply: SavedReply, enquiry: Enquiry) -> str:
    """The words of a reply for this patient. What is not known stays as it stands, in braces."""
    known = _known(enquiry, reply.language)
    return _PLACES.sub(lambda place: known.get(place[0][1:-1]) or place[0], reply.text)


def _known(enquiry: Enquiry, language: str) -> dict[str, str]:
    visit = visits.standing(enquiry)
    with translation.override(language):
        return {
            "name": enquiry.contact.get("name") or "",
            "due": day_and_time(enquiry.due_at) if enquiry.due_at else "",
            "visit": day_and_time(visit.at) if visit else "",
        }


def typed_with_reply(enquiry: Enquiry, posted: QueryDict) -> dict[str, Any]:
    """What was typed into the form of an enquiry, with the words of the chosen reply after it.

    posted: with the key of a SavedReply as "reply"; as it stands where there is no such reply.
    """
    typed: dict[str, Any] = {name: posted[name] for name in posted}
    key = posted.get("reply", "")
    chosen = SavedReply.objects.filter(pk=int(key)).first() if _is_key(key) else None
    if chosen:
        words = [posted.get("text", "").strip(), filled_in(chosen, enquiry)]
        typed |= {"text": "\n\n".join(filter(None, words)), "to": "answer"}
    return typed


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
