"""Submission of a request: stored once, before any mail leaves."""

import datetime
import json
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite.enquiries import rate_limits
from mesosite.enquiries.consultation import spam_score
from mesosite.enquiries.consultation.tokens import age_of
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import ConsentText, Enquiry
from mesosite.enquiries.models.consent import ConsentWords
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from mesosite.enquiries.workflow import priority_of

# The same answers within this time are the same request: the form's token lasts as long.
SAME_FOR = datetime.timedelta(hours=24)


@dataclass(frozen=True)
class Submission:
    """repeated: another showing of the form stored the enquiry: its sender may be somebody else."""

    enquiry: Enquiry
    repeated: bool = False


def submit(
    *,
    topics: list[str],
    contact: dict[str, Any],
    answers: dict[str, Any],
    token: str = "",
    honeypot: bool = False,
    address: str = "",
    consent: ConsentWords | None = None,
) -> Submission:
    """Stores a request with its first timeline entry, search terms and mails, in one transaction.

    topics, contact, answers: as `Enquiry` keeps them. token: the form's. honeypot: the field for
    robots is filled in. address: the client's IP address. consent: as it was shown. The same
    answers within SAME_FOR lead to the stored enquiry. Raises django.db.Error.
    """
    given = {"topics": topics, "contact": contact, "answers": answers}
    hashes = {"sent_hash": _hash("sent", given), "token_hash": token and _hash("token", token)}
    stored = partial(_stored_once, given | hashes, token, honeypot, address, consent)
    try:
        return stored()
    except IntegrityError:  # another process stored the same in this moment
        return stored()


def _stored_once(
    columns: dict[str, Any], token: str, honeypot: bool, address: str, consent: ConsentWords | None
) -> Submission:
    """The slow steps (search terms, mails) come before the wait for the write lock."""
    enquiry = Enquiry(**columns)
    enquiry.priority = priority_of(enquiry.topics)
    terms, mails = index.search_terms(enquiry), messages.arrival_mails(enquiry)
    with write():
        same, enquiry.resembles_id = _earlier(enquiry)
        if same:
            return Submission(same, repeated=same.token_hash != enquiry.token_hash)
        enquiry.is_crowded = rate_limits.is_crowded(address) if address else False
        enquiry.spam_score = spam_score.score(
            name=enquiry.contact.get("name", ""),
            message=enquiry.answers.get("message", ""),
            honeypot=honeypot,
            age=age_of(token),
            crowded=enquiry.is_crowded,
        )
        if consent:
            enquiry.consent, enquiry.consented_at = ConsentText.of(*consent), enquiry.created_at
        if enquiry.spam_score >= spam_score.HELD_FROM:
            enquiry.state, mails = State.SPAM, []
        enquiry.store(terms, messages.within_limits(mails))
    return Submission(enquiry)


def _earlier(enquiry: Enquiry) -> tuple[Enquiry | None, int | None]:
    """(enquiry with the same answers, pk of one of the same token with others), each or None."""
    hashes = Q(sent_hash=enquiry.sent_hash)
    if enquiry.token_hash:
        hashes |= Q(token_hash=enquiry.token_hash)
    found = Enquiry.objects.filter(hashes).order_by("pk")
    same_form = None
    for pk, sent_hash, created_at in found.values_list("pk", "sent_hash", "created_at"):
        if sent_hash != enquiry.sent_hash:
            same_form = same_form or pk
        elif created_at > timezone.now() - SAME_FOR:
            return Enquiry.objects.get(pk=pk), None
        else:  # this row alone: another process may store one in this moment
            Enquiry.objects.filter(pk=pk).update(sent_hash=None)
    return None, same_form


def _hash(purpose: str, said: object) -> str:
    """A keyed hash of `said`, the same for every spelling in which a browser may send it."""
    text = json.dumps(_normal(said), sort_keys=True)
    return salted_hmac(f"mesosite.enquiries.{purpose}", text, algorithm="sha256").hexdigest()


def _normal(said: object) -> Any:
    """`said` with lists sorted, white space collapsed, and accents composed (NFC)."""
    if isinstance(said, dict):
        return {name: _normal(value) for name, value in said.items()}
    if isinstance(said, list):
        return sorted(map(_normal, said), key=partial(json.dumps, sort_keys=True))
    return unicodedata.normalize("NFC", " ".join(str(said).split()))
