"""What a patient may ask of the clinic, done by staff: the link again, a new one, erasure.

Each is done at once and is in the record; none waits to be undone.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries import visits
from mesosite.enquiries.encryption.keys import lookup_hash
from mesosite.enquiries.erasure import erase
from mesosite.enquiries.mail import messages
from mesosite.enquiries.models import Enquiry, Entry, new_link
from mesosite.enquiries.transactions import write


class EraseReason(TextChoices):
    """Why staff erase a request."""

    ASKED = "asked", _("The patient asked for it")
    MISTAKE = "mistake", _("It was sent by mistake, or is a test")
    NOT_OURS = "not_ours", _("It is about somebody who did not agree")


def send_link_again(enquiry: Enquiry) -> bool:
    """Mails the link to the stored address, which is the proof. Returns whether there is one."""
    return messages.queue_link(enquiry)


def renew_link(enquiry: Enquiry, *, by: User) -> str:
    """Makes the old link void, and mails the new one. Returns the new one. Raises StaleChange."""
    link = new_link()
    changes: dict[str, Any] = {"link": link, "link_hash": lookup_hash("link", link)}
    with write():
        enquiry.change(Entry.Kind.NEW_LINK, by=by, **changes)
        enquiry.mails.unsent().filter(kind__in=messages.WITH_LINK).delete()
        messages.queue_link(enquiry)
    return link


def erase_for_patient(enquiry: Enquiry) -> None:
    """Erases as a patient's own withdrawal does, and says so to the stored address.

    A visit to come is cancelled: its time is free for others. Raises StaleChange.
    """
    with write():
        told = messages.erased_mails(enquiry)
        to_come = enquiry.has_visit_to_come
        if to_come:
            visits.cancel(enquiry, None)
        erase(enquiry, keep_visit=to_come)
        messages.store(told)
