"""A patient at the form: valid answers, of which each test changes one."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from mesosite.enquiries.consultation.tokens import new_token, read_ticket
from mesosite.enquiries.models import Enquiry, Entry

FORM = "/consultation/"


def answers(**changes):
    """What a browser sends for a well filled form. A change to None leaves the field out."""
    valid = {
        "adult": "yes",
        "problem": "no",
        "topics": ["microneedling"],
        "name": "Μαρία Παπαδοπούλου",
        "email": "maria@example.com",
        "phone": "",
        "contact_by": "email",
        "language": "el",
        "consent": "on",
        "website": "",
        "token": new_token(),
    }
    return {name: value for name, value in (valid | changes).items() if value is not None}


def post(path, data, address="127.0.0.1", **headers):
    body = urlencode(data, doseq=True)
    client = Client(enforce_csrf_checks=True, headers=headers, REMOTE_ADDR=address)
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def send(**changes):
    return post(FORM, answers(**changes))


def send_spam(**changes):
    """A request that is held: the hidden field is filled in, and its message has links."""
    links = "https://a.example www.b.example"
    return send(**{"website": "https://spam.example", "message": links} | changes)


def code_of(response):
    """The enquiry code that the redirect after sending leads to."""
    (ticket,) = parse_qs(urlsplit(response.headers["Location"]).query)["e"]
    return read_ticket(ticket)[0]


def stored():
    """The one enquiry that there is."""
    return Enquiry.objects.get()


def nothing_stored():
    return not Enquiry.objects.exists() and not Entry.objects.exists()


def said(response):
    return response.content.decode()


def without_what_is_own(page, enquiry):
    """The page after sending, without what differs for everybody: code, link, digits, time."""
    own = page.replace(enquiry.shown_code, "CODE").replace(enquiry.link, "LINK")
    own = re.sub(r"LINK\.[\w-]+\.[\w-]+", "LINK.MARK", own)
    return own.replace(f">{enquiry.own_digits}<", ">DIGITS<")
