"""What anybody typed is shown as it was typed, and nothing else becomes of it.

In every page, mail, calendar and file. There is no file that a spreadsheet opens: the copies are
JSON and HTML, so a formula in one is a text.
"""

import json
import re
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from icalendar import Calendar

from mesosite.enquiries.consultation.form_fields import NameField
from mesosite.enquiries.digits import opened
from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.models import Enquiry, OutgoingMail, Rate
from tests import attacks
from tests.enquiries.filled_in import send

pytestmark = pytest.mark.django_db
TURNING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RUN = ("href", "src", "action", "formaction", "data", "srcdoc", "style")
HARMLESS = ("tel:", "sms:", "mailto:")
FILES = {"json": "application/json", "html": "text/html; charset=utf-8"}
HEADERS = {"content-type", "mime-version", "subject", "from", "to", "date", "message-id"}
HEADERS |= {"content-transfer-encoding", "auto-submitted", "reply-to"}


class Dangers(HTMLParser):
    """found: what a browser would run of a page, or load, for whoever typed an attack."""

    def __init__(self, page):
        super().__init__()
        self.found, self._in = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self._in = tag
        for name, value in attributes:
            said = (value or "").strip().lower()
            leads = name in RUN and ("attack" in said or "alert" in said)
            if name.startswith("on") or (leads and not said.startswith(HARMLESS)):
                self.found.append((tag, name, value))

    def handle_data(self, data):
        if self._in in ("script", "style") and "alert" in data:
            self.found.append((self._in, data))

    def handle_endtag(self, tag):
        self._in = ""


def test_what_finds_dangers_finds_them():
    for name in attacks.NAMES[:2]:
        assert Dangers(f"<p>{name}</p>").found


def test_no_page_shows_more_than_what_was_typed():
    desk = attacks.fill()
    for path in attacks.staff_pages(desk) + attacks.patient_pages():
        page = desk.get(path).content.decode()
        assert Dangers(page).found == [], path
        assert not TURNING.search(page), path
    page = desk.get("/staff/").content.decode()
    assert "{{ 7*7 }}{% now &#x27;Y&#x27; %}" in page
    assert "=HYPERLINK" in desk.get("/staff/spam/").content.decode()


@pytest.mark.parametrize("name", attacks.REFUSED)
def test_a_name_is_on_one_line_or_refused(name):
    """All that is one line, at the desk and in the form, is a NameField."""
    if name.strip() == "=1+1":
        assert NameField().clean(name) == "=1+1"
    else:
        with pytest.raises(ValidationError, match="on one line"):
            NameField().clean(name)


@pytest.mark.parametrize("name", attacks.REFUSED[2:4])
def test_an_address_with_a_header_in_it_is_refused(name):
    assert send(email=f"maria@example.com{name[5:]}").status_code == 422
    assert not OutgoingMail.objects.exists()


def test_mails_have_our_headers_and_none_of_their_words():
    attacks.fill()
    mail.outbox = []
    while OutgoingMail.objects.unsent().exists():
        Rate.objects.all().delete()
        OutgoingMail.objects.unsent().update(next_try_at="2026-01-01T00:00Z")
        send_due()
    kinds = set(OutgoingMail.objects.values_list("kind", flat=True))
    assert kinds >= {"confirmation", "answer", "visit", "new_message"}
    for sent in mail.outbox:
        read = BytesParser(policy=policy.default).parsebytes(sent.message().as_bytes())
        assert {name.lower() for name in read} <= HEADERS, read.keys()
        assert len(read.get_all("to")) == len(sent.to) == 1
        (body,) = [p.get_content() for p in read.walk() if p.get_content_type() == "text/plain"]
        said = read["subject"] + body
        assert not any(word in said for word in ("alert", "attack.", "7*7", "HYPERLINK", "WWW"))


def test_files_hold_texts_and_no_more(client):
    attacks.fill()
    for enquiry in Enquiry.objects.all():
        page = f"/consultation/r/{opened(enquiry)}/"
        for kind, content_type in FILES.items():
            answer = client.get(f"{page}download/{kind}")
            name = f'filename="request-{enquiry.shown_code}.{kind}"'
            assert (answer["Content-Type"], name in answer["Content-Disposition"]) == (
                content_type,
                True,
            )
        assert Dangers(answer.content.decode()).found == []
        assert json.loads(client.get(f"{page}download/json").content)
    for enquiry in Enquiry.objects.filter(state="booked"):
        file = client.get(f"/consultation/r/{opened(enquiry)}/visit/file").content
        (event,) = Calendar.from_ical(file).walk("VEVENT")
        assert event["ATTENDEE"] == f"mailto:{attacks.EMAIL}"
        assert max(map(len, file.split(b"\r\n"))) <= 75
        assert b"\n" not in file.replace(b"\r\n", b"")
