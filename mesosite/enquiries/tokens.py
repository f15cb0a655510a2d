"""Signed, timed strings: the form's token, and the ticket to the page after sending."""

import secrets
import time
from datetime import timedelta

from django.core import signing

TOKEN_LASTS = timedelta(hours=24)
TICKET_LASTS = timedelta(hours=1)
_token_signer = signing.TimestampSigner(salt="mesosite.enquiries.form")
_ticket_signer = signing.TimestampSigner(salt="mesosite.enquiries.sent")


def new_token():
    """A token for one showing of the form. Random, so that no two are the same."""
    return _token_signer.sign(secrets.token_urlsafe(12))


def is_good_token(token):
    return _read(_token_signer, token, TOKEN_LASTS) is not None


def age_of(token):
    """How long ago the form was shown that a good token belongs to; for no token, for ever."""
    try:
        _token_signer.unsign(token)
    except signing.BadSignature:
        return timedelta.max
    shown = token.split(":")[-2]
    return timedelta(seconds=max(0, time.time() - signing.b62_decode(shown)))


def ticket_for(code):
    """The enquiry code, signed with the time: it may stand in an address."""
    return _ticket_signer.sign(code)


def code_in(ticket):
    """The enquiry code of a ticket, or None where it is forged, broken or too old."""
    return _read(_ticket_signer, ticket, TICKET_LASTS)


def _read(signer, text, lasts):
    try:
        return signer.unsign(text, max_age=lasts)
    except signing.BadSignature:
        return None
