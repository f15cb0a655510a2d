"""Submission of a request: stored once, before any mail leaves."""

import datetime
import json
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite import normal_form
from mesosite.enquiries import address_confirmation, rate_limits
from mesosite.enquiries.answer_times import answer_due
from mesosite.enquiries.consultation import spam_score
from mesosite.enquiries.consultation.tokens import age_of
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import ConsentText, Enquiry, new_digits
from mesosite.enquiries.models.consent import ConsentWords
from mesosite.enquiries.models.enquiry import AddressWaits
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from mesosite.enquiries.workflow import HELD_FROM, arrived_again, priority_of

# The same answers from one form within this time are one request: its token lasts as long.
SAME_FOR = datetime.timedelta(hours=24)
_MAX_ALIKE = 100  # rows looked at for the first of those that are alike


@dataclass(frozen=True)
class Submission:
    """repeated: the same form had stored the enquiry before."""

    enquiry: Enquiry
    repeated: bool = False


def submit(
    *,
    topics: list[str],
    problem: bool = False,
    contact: dict[str, Any],
    answers: dict[str, Any],
    token: str = "",
    honeypot: bool = False,
    address: str = "",
    consent: ConsentWords | None = None,
) -> Submission:
    """Stores a request with its first timeline entry, search terms and mails, in one transaction.

    topics, problem, contact, answers: as `Enquiry` keeps them. token: the form's. honeypot: the
    field for robots is filled in. address: the client's IP address. consent: as it was shown.
    Raises django.db.Error.

    The same answers from the same form within SAME_FOR lead to the stored enquiry. From another
    form they are stored by themselves, as a possible duplicate: that sender may be somebody else,
    who must neither learn of the first request nor keep it from being answered.
    """
    given = {"topics": topics, "problem": problem, "contact": contact, "answers": answers}
    stored = partial(_stored_once, given | _hashes(given, token), token, honeypot, address, consent)
    try:
        return stored()
    except IntegrityError:  # another process stored the same in this moment
        return stored()


def take_by_phone(
    *,
    topics: list[str],
    problem: bool,
    contact: dict[str, Any],
    answers: dict[str, Any],
    token: str,
    consent: ConsentWords,
    by: User,
) -> Enquiry:
    """Stores what a caller said to `by`, as `submit` does, and once for each form.

    Staff are no robot: nothing is counted or held back. An email address waits for its owner.
    """
    given = {"topics": topics, "problem": problem, "contact": contact, "answers": answers}
    columns = given | _hashes(given, token)
    if contact.get("email"):
        columns |= {"address_waits": AddressWaits.PATIENT, "address_by": by}
    try:
        return _taken_once(columns, consent, by)
    except IntegrityError:  # a second press stored the same in this moment
        return _taken_once(columns, consent, by)


def _taken_once(columns: dict[str, Any], consent: ConsentWords, by: User) -> Enquiry:
    enquiry = _new(columns)
    mails = messages.arrival_mails(enquiry) + address_confirmation.mails(enquiry)
    terms = index.search_terms(enquiry)
    with write():
        same = {"sent_hash": enquiry.sent_hash, "token_hash": enquiry.token_hash}
        if stored := Enquiry.objects.filter(**same).first():
            return stored
        enquiry.consent, enquiry.consented_at = ConsentText.of(*consent), enquiry.created_at
        enquiry.store(terms, mails, by=by)
    return enquiry


def _new(columns: dict[str, Any]) -> Enquiry:
    """Not stored yet, with what follows from what was given."""
    enquiry = Enquiry(**columns)
    enquiry.found_by = index.terms_of(enquiry.contact) | _arrival(enquiry)
    enquiry.own_digits = "" if enquiry.contact.get("phone") else new_digits()
    enquiry.priority = priority_of(enquiry.problem)
    enquiry.due_at = answer_due(enquiry.created_at, urgent=enquiry.urgent)
    return enquiry


def _stored_once(
    columns: dict[str, Any], token: str, honeypot: bool, address: str, consent: ConsentWords | None
) -> Submission:
    """The slow steps (search terms, mails) come before the wait for the write lock.

    A problem after a treatment is never held as spam.
    """
    enquiry = _new(columns)
    enquiry.spam_score = spam_score.score(
        name=enquiry.contact.get("name", ""),
        message=enquiry.answers.get("message", ""),
        honeypot=honeypot,
        age=age_of(token),
    )
    terms, mails = index.search_terms(enquiry), messages.arrival_mails(enquiry)
    with write():
        same, enquiry.resembles_id = _earlier(enquiry)
        if same:
            return Submission(arrived_again(same, enquiry.spam_score), repeated=True)
        if token and rate_limits.is_worn(token):
            enquiry.spam_score += spam_score.WORN_FORM
        enquiry.is_crowded = rate_limits.is_crowded(address) if address else False
        enquiry.network_hash = rate_limits.network_hash(address)
        if consent:
            enquiry.consent, enquiry.consented_at = ConsentText.of(*consent), enquiry.created_at
        if enquiry.spam_score >= HELD_FROM and not enquiry.problem:
            enquiry.state, mails = State.SPAM, []
        enquiry.store(terms, mails)
    return Submission(enquiry)


def _earlier(enquiry: Enquiry) -> tuple[Enquiry | None, int | None]:
    """(the enquiry of the same form and answers, pk of one that shares form or answers) or None."""
    same_answers, same_form = Q(sent_hash=enquiry.sent_hash), Q(token_hash=enquiry.token_hash)
    begins = timezone.now() - SAME_FOR
    # What is older is no longer the same. Without a token all have one form, which never ends.
    old = Enquiry.objects.filter(same_answers & same_form, created_at__lte=begins)
    old.update(sent_hash=None)
    if same := Enquiry.objects.filter(same_answers & same_form).first():
        if same.found_by.items() >= _arrival(enquiry).items():
            return same, None
        # Its hashes were not its own. They stay with nobody, and show nobody this row.
        Enquiry.objects.filter(pk=same.pk).update(sent_hash=None)
    alike = same_answers | same_form if enquiry.token_hash else same_answers
    lately = Enquiry.objects.filter(alike, created_at__gt=begins)
    return None, min(lately.values_list("pk", flat=True)[:_MAX_ALIKE], default=None)


def _arrival(enquiry: Enquiry) -> dict[str, Any]:
    """What a row that is found as a repetition must hold encrypted too."""
    return {"sent": enquiry.sent_hash, "form": enquiry.token_hash}


def _hashes(given: dict[str, Any], token: str) -> dict[str, str]:
    return {"sent_hash": _hash("sent", given), "token_hash": token and _hash("token", token)}


def _hash(purpose: str, said: object) -> str:
    """A keyed hash of `said`, the same for every spelling in which a browser may send it."""
    text = json.dumps(_normal(said), sort_keys=True)
    return salted_hmac(f"mesosite.enquiries.{purpose}", text, algorithm="sha256").hexdigest()


def _normal(said: object) -> Any:
    """`said` with lists sorted, white space collapsed, and nothing invisible."""
    if isinstance(said, dict):
        return {name: _normal(value) for name, value in said.items()}
    if isinstance(said, list):
        return sorted(map(_normal, said), key=partial(json.dumps, sort_keys=True))
    return " ".join(normal_form.words(str(said)).split())
