"""Signed, timed strings: the form's token, and the ticket to the page after sending."""

import secrets
import time
from datetime import timedelta

from django.core import signing

from mesosite.enquiries.consultation.consent import consent_version
from mesosite.enquiries.models import Enquiry

TOKEN_LASTS = timedelta(hours=24)
TICKET_LASTS = timedelta(hours=1)
_token_signer = signing.TimestampSigner(salt="mesosite.enquiries.form")
_ticket_signer = signing.TimestampSigner(salt="mesosite.enquiries.sent")


def new_token() -> str:
    """A token for one showing of the form: random, and with the version of what is agreed to."""
    return _token_signer.sign(f"{secrets.token_urlsafe(12)}.{consent_version()}")


def is_good_token(token: str) -> bool:
    """Whether the form was shown within TOKEN_LASTS, with the consent that it has now."""
    return _consent_of(token) == consent_version()


def has_old_consent(token: str) -> bool:
    """Whether the form was shown within TOKEN_LASTS, with another consent than it has now."""
    consent = _consent_of(token)
    return consent is not None and consent != consent_version()


def _consent_of(token: str) -> str | None:
    said = _read(_token_signer, token, TOKEN_LASTS)
    return said and said.rpartition(".")[2]


def age_of(token: str) -> timedelta:
    """The time since the form of a token was shown; timedelta.max for a forged token."""
    try:
        _token_signer.unsign(token)
    except signing.BadSignature:
        return timedelta.max
    shown = token.split(":")[-2]
    return timedelta(seconds=max(0, time.time() - signing.b62_decode(shown)))


def ticket_for(enquiry: Enquiry) -> str:
    """The code and the row of an enquiry, signed with the time, for an address."""
    return _ticket_signer.sign(f"{enquiry.code}.{enquiry.row_id}")


def read_ticket(ticket: str) -> tuple[str, str] | None:
    """(code, row_id) of the enquiry; None where the ticket is forged, broken or too old."""
    said = _read(_ticket_signer, ticket, TICKET_LASTS)
    code, _dot, row_id = (said or "").partition(".")
    return (code, row_id) if code else None


def _read(signer: signing.TimestampSigner, text: str, lasts: timedelta) -> str | None:
    try:
        return signer.unsign(text, max_age=lasts)
    except signing.BadSignature:
        return None
