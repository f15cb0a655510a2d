"""A request arrives: stored first, and once."""

import datetime
import json
import unicodedata
from functools import partial

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite.enquiries import rate_limits
from mesosite.enquiries.consultation import spam_score
from mesosite.enquiries.consultation.tokens import age_of
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import ConsentText, Enquiry
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from mesosite.enquiries.workflow import priority_of

# For so long the same answers are the same request: as long as the form's token lasts.
SAME_FOR = datetime.timedelta(hours=24)


def submit(*, topics, contact, answers, token="", honeypot=False, address="", consent=None):
    """Store a request with its first timeline entry, search terms and mails, in one transaction.

    topics, contact, answers: as `Enquiry` keeps them. token: the form's. honeypot: the field for
    robots was filled in. address: the client's IP address. consent: (statement, privacy page,
    language) as they were shown.
    Returns the Enquiry: an earlier one where the same answers came within SAME_FOR, and that
    `was_known` where they came by another form, so perhaps from somebody else. Raises
    django.db.Error where it could not be stored; then nothing is.
    """
    given = {"topics": topics, "contact": contact, "answers": answers}
    hashes = {"sent_hash": _hash("sent", given), "token_hash": token and _hash("token", token)}
    arrival = {"token": token, "honeypot": honeypot, "address": address, "consent": consent}
    try:
        return _stored_once(Enquiry(**given, **hashes), **arrival)
    except IntegrityError:  # somebody else's turn stored the same in this moment
        return _stored_once(Enquiry(**given, **hashes), **arrival)


def _stored_once(enquiry, *, token, honeypot, address, consent):
    """What takes long is made ready before the turn to write."""
    enquiry.priority = priority_of(enquiry.topics)
    terms, mails = index.search_terms(enquiry), messages.arrival_mails(enquiry)
    with write():
        same, enquiry.resembles_id = _earlier(enquiry)
        if same:
            same.was_known = same.token_hash != enquiry.token_hash
            return same
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
    return enquiry


def _earlier(enquiry):
    """(the enquiry with the same answers, the key of one of the same form with others), or None."""
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
        else:  # this row alone: another one may be stored in this moment
            Enquiry.objects.filter(pk=pk).update(sent_hash=None)
    return None, same_form


def _hash(purpose, said):
    """A keyed hash of `said`, however a browser spells it when it sends it again."""
    text = json.dumps(_normal(said), sort_keys=True)
    return salted_hmac(f"mesosite.enquiries.{purpose}", text, algorithm="sha256").hexdigest()


def _normal(said):
    """`said` without what does not count: order, white space, and how accents are composed."""
    if isinstance(said, dict):
        return {name: _normal(value) for name, value in said.items()}
    if isinstance(said, list):
        return sorted(map(_normal, said), key=partial(json.dumps, sort_keys=True))
    return unicodedata.normalize("NFC", " ".join(str(said).split()))
