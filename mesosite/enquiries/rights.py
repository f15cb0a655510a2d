"""What a patient may ask of the clinic, done by staff: a link, a copy, a correction, erasure.

And the lock, which holds an erasure back. Each is done at once and is in the record; none waits to
be undone.
"""

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries import address_confirmation, visits
from mesosite.enquiries.encryption.keys import lookup_hash
from mesosite.enquiries.erasure import erase
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Entry, Note, StaleChange, new_digits, new_link
from mesosite.enquiries.models.enquiry import AddressWaits
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write
from mesosite.normal_form import email_key


class EraseReason(TextChoices):
    """Why staff erase a request."""

    ASKED = "asked", _("The patient asked for it")
    MISTAKE = "mistake", _("It was sent by mistake, or is a test")
    NOT_OURS = "not_ours", _("It is about somebody who did not agree")


class SamePersonError(Exception):
    """Whoever gave an address is not the second person who agrees to it."""


def send_link_again(enquiry: Enquiry) -> bool:
    """Mails the link to the stored address, which is the proof. Returns whether there is one.

    An address that its owner has not confirmed gets the mail that asks for it.
    """
    if enquiry.address_waits == AddressWaits.PATIENT:
        address_confirmation.queue_mail(enquiry)
        return True
    return messages.queue_link(enquiry)


def send_copy(enquiry: Enquiry) -> bool:
    """Mails the patient where the copy is, on the page. Returns whether there is an address.

    The page makes it whole, and no member of staff reads it.
    """
    return messages.queue_copy(enquiry)


def renew_link(enquiry: Enquiry, *, by: User) -> str:
    """Makes the old link void, and mails the new one. Returns the new one. Raises StaleChange.

    Without a phone the page has new digits too, which staff tell the patient.
    """
    digits: dict[str, Any] = {} if enquiry.contact.get("phone") else {"own_digits": new_digits()}
    with write():
        enquiry.change(Entry.Kind.NEW_LINK, by=by, wrong_digits=0, **_new_link(), **digits)
        _drop_old_links(enquiry)
        messages.queue_link(enquiry)
    return enquiry.link


def correct_contact(enquiry: Enquiry, contact: dict[str, Any], *, by: User, spoke: bool) -> None:
    """Replaces what is given of the contact. The old values are kept nowhere. Raises StaleChange.

    Another email address ends the link, and the old address is told. The new one gets the link at
    once where staff rang the stored phone and spoke to the patient (`spoke`); else no mail goes
    there until a second member of staff has agreed.
    """
    old = enquiry.contact
    corrected = [name for name, value in contact.items() if (old.get(name) or "") != (value or "")]
    if not corrected:
        return
    changes: dict[str, Any] = {"contact": old | contact} | enquiry.digits_with(old | contact)
    address, new_address = old.get("email") or "", contact.get("email", old.get("email")) or ""
    moved = email_key(address) != email_key(new_address)
    if moved:
        waits = AddressWaits.COLLEAGUE if new_address and not spoke else ""
        changes |= _new_link() | {"address_waits": waits, "address_by": by}
    with write():
        if moved and address:
            messages.queue_address_changed(enquiry, address)
        enquiry.change(Entry.Kind.CONTACT_CHANGED, by=by, corrected=corrected, **changes)
        index.index(enquiry)
        if moved:
            _drop_old_links(enquiry)
            messages.queue_link(enquiry)


def agree_to_address(enquiry: Enquiry, *, by: User) -> None:
    """A second member of staff agrees to an address, which gets the link.

    Raises SamePersonError, and StaleChange where no address waits.
    """
    if enquiry.address_waits != AddressWaits.COLLEAGUE:
        raise StaleChange
    if enquiry.address_by_id == by.pk:
        raise SamePersonError
    with write():
        enquiry.change(Entry.Kind.ADDRESS_AGREED, by=by, address_waits="", address_by=None)
        messages.queue_link(enquiry)


def open_page(enquiry: Enquiry, *, by: User) -> None:
    """The patient may try the digits again. Raises StaleChange."""
    enquiry.change(Entry.Kind.PAGE_OPENED, by=by, wrong_digits=0)


def lock(enquiry: Enquiry, *, by: User, reason: str, until: date) -> None:
    """Nothing erases the request until the end of this day. Raises StaleChange."""
    enquiry.change(Entry.Kind.LOCKED, by=by, lock_reason=reason, locked_until=until)


def unlock(enquiry: Enquiry, *, by: User) -> None:
    enquiry.change(Entry.Kind.UNLOCKED, by=by, lock_reason="", locked_until=None)


def strike(note: Note, *, by: User) -> None:
    """The words of a note go for good: that there was one stays in the story of the request."""
    with write():
        note.enquiry.timeline.create(kind=Entry.Kind.NOTE_STRUCK, person=by)
        note.delete()


def erase_for_patient(enquiry: Enquiry) -> None:
    """Erases as a patient's own withdrawal does, and says so to the stored address.

    A visit to come is cancelled: its time is free for others. Raises LockedError and StaleChange.
    """
    with write():
        told = messages.erased_mails(enquiry)
        to_come = enquiry.has_visit_to_come
        if to_come:
            visits.cancel(enquiry, None)
        erase(enquiry, keep_visit=to_come)
        messages.store(told)


def _new_link() -> dict[str, Any]:
    link = new_link()
    return {"link": link, "link_hash": lookup_hash("link", link)}


def _drop_old_links(enquiry: Enquiry) -> None:
    enquiry.mails.unsent().filter(kind__in=messages.WITH_LINK).delete()
