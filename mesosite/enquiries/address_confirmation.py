"""An email address that was given by phone gets no other mail until its owner confirms it.

The first mail leads to a page with one button. Its address holds a signed token of the request and
of the email address, so that a corrected address has to be confirmed anew.
"""

from datetime import timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Entry
from mesosite.enquiries.models.enquiry import AddressWaits
from mesosite.enquiries.models.states import State
from mesosite.enquiries.transactions import write
from mesosite.normal_form import email_key

LASTS = timedelta(days=30)
_signer = signing.TimestampSigner(salt="mesosite.enquiries.address", sep=".")


def queue_mail(enquiry: Enquiry) -> None:
    messages.store(mails(enquiry))


def mails(enquiry: Enquiry) -> list[messages.OutgoingMail]:
    """The mail that asks to confirm the address, where there is one; not stored."""
    return messages.confirm_address_mails(enquiry, token_of(enquiry))


def token_of(enquiry: Enquiry) -> str:
    return _signer.sign(_signed(enquiry))


def find(token: str) -> Enquiry | None:
    """The enquiry whose address this token confirms, or has confirmed; None for any other."""
    try:
        said = _signer.unsign(token, max_age=LASTS)
    except signing.BadSignature:
        return None
    row_id = said.rpartition(":")[0]
    enquiry = Enquiry.objects.filter(row_id=row_id).exclude(state=State.ERASED).first()
    return enquiry if enquiry and _signed(enquiry) == said else None


def confirm(enquiry: Enquiry) -> None:
    """The address gets the link to the patient's page, once."""
    with write():
        enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
        if enquiry.address_waits == AddressWaits.PATIENT:
            enquiry.change(Entry.Kind.ADDRESS_CONFIRMED, address_waits="", address_by=None)
            if enquiry.is_owed:
                messages.redirect_confirmation(enquiry)
            else:
                messages.queue_link(enquiry)


def _signed(enquiry: Enquiry) -> str:
    address = email_key(enquiry.contact.get("email") or "")
    hashed = salted_hmac("mesosite.enquiries.address", address, algorithm="sha256").hexdigest()
    return f"{enquiry.row_id}:{hashed[:22]}"
