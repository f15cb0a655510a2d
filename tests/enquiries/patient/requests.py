"""A patient with the link of a request: the enquiry, its page, and what can be sent there."""

import datetime
import json
import re

from django.db import OperationalError, connection
from django.utils import timezone

from mesosite.enquiries.consultation.consent import consent_words
from mesosite.enquiries.consultation.submission import submit
from mesosite.enquiries.digits import opened, parted
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from tests.enquiries.filled_in import post

CONTACT = {
    "name": "Μαρία Παπαδοπούλου",
    "email": "maria@example.com",
    "phone": "+306912345678",
    "contact_by": "either",
    "leave_message": "no",
    "best_time": ["evening"],
    "language": "el",
}
ANSWERS = {
    "scar_types": ["rolling"],
    "health": ["cold_sores"],
    "message": "Since I was 17.\nWhat fits?",
    "questions": [{"id": "gone-since", "text": "Does it hurt?"}],
}


_OPENED: dict[tuple[str, str], str] = {}


def asked(**changes):
    """An enquiry as the form would have stored it; `changes` go into the row past every rule."""
    given = {"topics": ["peel"], "contact": dict(CONTACT), "answers": dict(ANSWERS)}
    enquiry = submit(**given, consent=consent_words()).enquiry
    Enquiry.objects.filter(pk=enquiry.pk).update(**enquiry.encrypted(**changes))
    if visit_at := changes.get("visit_at"):
        enquiry.visits.create(at=visit_at)
    return Enquiry.objects.select_related("consent").get(pk=enquiry.pk)


def booked(days=9):
    return asked(state=State.BOOKED, visit_at=timezone.now() + datetime.timedelta(days=days))


def page(enquiry, below=""):
    """An address of the whole page, opened by its digits: the same in the next second too."""
    whole = _OPENED.setdefault((enquiry.link, enquiry.page_digits), opened(enquiry))
    return f"/consultation/r/{whole}/{below}"


def link_in(address):
    """The secret link in an address of the page, without the mark that holds the second."""
    return parted(address.split("/")[3])[0]


def say(enquiry, text, problem="no", **headers):
    return post(page(enquiry, "message/"), {"problem": problem, "message": text}, **headers)


def correction(**changes):
    """What a browser sends for the correction form, left as it was shown but for `changes`."""
    shown = {**CONTACT, "problem": "no", "topics": ["peel"], "questions": ["gone-since"]}
    shown |= {"message": ANSWERS["message"]}
    return {name: value for name, value in (shown | changes).items() if value is not None}


def correct(enquiry, **changes):
    return post(page(enquiry, "correct/"), correction(**changes))


def withdraw(enquiry, **answer):
    return post(page(enquiry, "withdraw/"), {"erase": "yes"} | answer)


def damage(enquiry, column):
    """Put something into a column that no key reads, and return it."""
    sealed = f"1.{'0' * 8}.{'A' * 40}"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE enquiries_enquiry SET {column} = %s", [sealed])
    return sealed


def raw(column):
    """What stands in a column of the one enquiry."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM enquiries_enquiry")
        return cursor.fetchone()[0]


def copy_of(client, enquiry):
    """The JSON copy, read."""
    return json.loads(client.get(page(enquiry, "download/json")).content)


def heading(html):
    return re.search(r"<h1>([^<]+)</h1>", html)[1]


def gone(*args, **kwargs):
    """In place of what reaches the database: it is not there."""
    raise OperationalError("gone: secret words of a row")
