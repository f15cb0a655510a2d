"""Signed, timed strings: the form's token, and the ticket to the page after sending."""

import secrets
import time
from datetime import timedelta

from django.core import signing

from mesosite.enquiries.consultation.consent import consent_version

TOKEN_LASTS = timedelta(hours=24)
TICKET_LASTS = timedelta(hours=1)
_KNOWN = "+"
_token_signer = signing.TimestampSigner(salt="mesosite.enquiries.form")
_ticket_signer = signing.TimestampSigner(salt="mesosite.enquiries.sent")


def new_token():
    """A token for one showing of the form: random, and with the version of what is agreed to."""
    return _token_signer.sign(f"{secrets.token_urlsafe(12)}.{consent_version()}")


def is_good_token(token):
    """Whether the form was shown not too long ago, with the words that it has now."""
    said = _read(_token_signer, token, TOKEN_LASTS)
    return said is not None and said.endswith(f".{consent_version()}")


def has_other_words(token):
    """Whether the form was shown with other words to agree to than it has now."""
    said = _read(_token_signer, token, TOKEN_LASTS)
    return said is not None and not said.endswith(f".{consent_version()}")


def age_of(token):
    """How long ago the form was shown that a good token belongs to; for no token, for ever."""
    try:
        _token_signer.unsign(token)
    except signing.BadSignature:
        return timedelta.max
    shown = token.split(":")[-2]
    return timedelta(seconds=max(0, time.time() - signing.b62_decode(shown)))


def ticket_for(code, *, known=False):
    """The enquiry code, signed with the time: it may stand in an address.

    known: the same answers had come by another form before, so the sender may be somebody else.
    """
    return _ticket_signer.sign(code + _KNOWN * known)


def code_in(ticket):
    """The enquiry code of a ticket, or None where it is forged, broken or too old."""
    said = _read(_ticket_signer, ticket, TICKET_LASTS)
    return said and said.removesuffix(_KNOWN)


def was_known(ticket):
    """Whether a good ticket is one of answers that had come by another form before."""
    return (_read(_ticket_signer, ticket, TICKET_LASTS) or "").endswith(_KNOWN)


def _read(signer, text, lasts):
    try:
        return signer.unsign(text, max_age=lasts)
    except signing.BadSignature:
        return None
