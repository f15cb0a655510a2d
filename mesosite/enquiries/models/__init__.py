from mesosite.enquiries.models.consent import ConsentText
from mesosite.enquiries.models.enquiry import Enquiry, Priority, StaleChange, new_code, new_link
from mesosite.enquiries.models.history import Entry, Message, Note
from mesosite.enquiries.models.mail import OutgoingMail
from mesosite.enquiries.models.rate import Rate
from mesosite.enquiries.models.search import SearchTerm

__all__ = [
    "ConsentText",
    "Enquiry",
    "Entry",
    "Message",
    "Note",
    "OutgoingMail",
    "Priority",
    "Rate",
    "SearchTerm",
    "StaleChange",
    "new_code",
    "new_link",
]
