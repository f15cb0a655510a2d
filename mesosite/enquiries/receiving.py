"""A request arrives: stored first, and once."""

import datetime
import json
import unicodedata
from functools import partial

from django.db import IntegrityError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite.enquiries import emails, spam
from mesosite.enquiries.choices import Topic
from mesosite.enquiries.life import State
from mesosite.enquiries.models import ConsentText, Enquiry, Priority
from mesosite.enquiries.tokens import age_of
from mesosite.enquiries.writing import writing

# For so long the same answers are the same request: as long as the form's token lasts.
SAME_FOR = datetime.timedelta(hours=24)


def receive(*, topics, contact, answers, token="", trapped=False, address="", consent=None):
    """Store a request with its first timeline entry, search terms and mails, in one transaction.

    topics, contact, answers: as `Enquiry` keeps them. token: the form's. trapped: the field for
    robots was filled in. address: the client's IP address. consent: (statement, privacy page,
    language) as they were shown.
    Returns the Enquiry: an earlier one where the same answers came within SAME_FOR. Raises
    django.db.Error where it could not be stored; then nothing is.
    """
    given = {"topics": topics, "contact": contact, "answers": answers}
    hashes = {"sent_hash": _hash("sent", given), "token_hash": _hash("token", token)}
    enquiry = Enquiry(**given, **hashes, priority=priority_of(topics))
    try:
        return _stored_once(enquiry, token, trapped, address, consent)
    except IntegrityError:  # somebody else's turn stored the same in this moment
        return _stored_once(enquiry, token, trapped, address, consent)


def _stored_once(enquiry, token, trapped, address, consent):
    with writing():
        if earlier := _the_same(enquiry):
            return earlier
        enquiry.resembles = _with_same_token(enquiry) if token else None
        enquiry.is_crowded = spam.is_crowded(address) if address else False
        enquiry.spam_score = spam.score(
            name=enquiry.contact.get("name", ""),
            message=enquiry.answers.get("message", ""),
            trapped=trapped,
            age=age_of(token),
            crowded=enquiry.is_crowded,
        )
        if consent:
            enquiry.consent, enquiry.consented_at = ConsentText.of(*consent), enquiry.created_at
        if enquiry.spam_score >= spam.HELD_FROM:
            enquiry.state = State.SPAM
        enquiry.pk = None
        enquiry.store()
        if enquiry.state != State.SPAM:
            emails.queue_received(enquiry)
    return enquiry


def _the_same(enquiry):
    """The enquiry with the same answers, or None where that is too long ago."""
    found = Enquiry.objects.filter(sent_hash=enquiry.sent_hash).first()
    if found and found.created_at <= timezone.now() - SAME_FOR:
        # This row alone: another one may be stored in this moment.
        Enquiry.objects.filter(pk=found.pk).update(sent_hash=None)
        return None
    return found


def _with_same_token(enquiry):
    return Enquiry.objects.filter(token_hash=enquiry.token_hash).order_by("id").first()


def priority_of(topics):
    return Priority.URGENT if Topic.PROBLEM in topics else Priority.NORMAL


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
