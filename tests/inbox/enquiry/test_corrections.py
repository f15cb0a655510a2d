"""Contact that staff correct, notes that are struck, copies that are sent: all of it on record."""

import pytest
from django.test import Client

from mesosite.enquiries.mail.sender import send_due
from mesosite.enquiries.models import AuditEvent, Enquiry, Event, Note, OutgoingMail
from mesosite.enquiries.search import index
from mesosite.enquiries.undo import send_now
from tests.enquiries.stored import as_stored
from tests.inbox.asking import address, ask, kept, press

PHONE = "+306912345678"


@pytest.fixture
def sent(mailoutbox):
    """A request whose mails have left."""
    enquiry = ask(contact={"email": "m@example.org", "phone": PHONE, "contact_by": "either"})
    send_due()
    mailoutbox.clear()
    return enquiry


def typed(enquiry, **changes):
    """What a browser posts from the form of the contact."""
    contact = {name: value for name, value in enquiry.contact.items() if value}
    return contact | {"version": enquiry.version} | changes


def correct(browser, enquiry, **changes):
    enquiry.refresh_from_db()
    return browser.post(address(enquiry, "contact/"), typed(enquiry, **changes))


def mails(mailoutbox):
    send_due()
    return [(mail.subject, mail.to[0]) for mail in mailoutbox]


def opens(link):
    return Client().get(f"/consultation/r/{link}/").status_code


def test_a_phone_number_is_corrected_and_the_old_one_is_kept_nowhere(desk, sent, mailoutbox):
    page = desk.get(address(sent, "contact/")).content.decode()
    assert 'value="+30 691 234 5678"' in page
    assert "So that we know what to call you" not in page

    assert correct(desk, sent, phone="+30 697 111 2222").status_code == 302

    sent.refresh_from_db()
    assert sent.contact["phone"] == "+306971112222"
    assert sent.contact["email"] == "m@example.org"
    shown = desk.get(address(sent)).content.decode()
    assert "Corrected: phone" in shown
    assert "Eleni Kosta" in shown
    assert [found.pk for found in index.find("6971112222")] == [sent.pk]
    assert index.find("6912345678") == []
    entry = sent.timeline.last()
    assert (entry.corrected, entry.undo) == (["phone"], None)
    assert PHONE not in str(as_stored(sent.timeline.all()))
    assert mails(mailoutbox) == []
    assert AuditEvent.objects.get(what=Event.CHANGED).details == {"change": "contact_changed"}


def test_nothing_is_changed_where_nothing_was_typed(desk, sent):
    before = kept(sent)
    correct(desk, sent)
    assert kept(sent) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "m at example.org"}, "Enter an email address such as"),
        ({"phone": "12"}, "Enter the phone number with +"),
        ({"name": ""}, "Enter your name"),
        ({"email": "", "phone": ""}, "Enter an email address, or a phone number"),
        ({"language": "xx"}, "Choose a language"),
        ({"name": "x" * 201}, "Shorten the name to 200 characters"),
        ({"name": "Ann\nBcc: evil@example.org"}, "Write this on one line"),
        ({"version": "x"}, "Enter a whole number"),
        ({"phone": "+302101234567", "contact_by": "text"}, "A landline gets no text message"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, sent, changes, words):
    before = kept(sent)
    answer = correct(desk, sent, **{"name": "Maria New"} | changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "name" in changes or "Maria New" in answer.content.decode()
    assert kept(sent) == before


def test_a_change_by_another_person_meanwhile_is_told_and_nothing_typed_is_lost(desk, sent):
    given = typed(sent, name="Maria New")
    press(desk, sent, "take")
    answer = desk.post(address(sent, "contact/"), given)

    assert answer.status_code == 409
    assert "Maria New" in answer.content.decode()
    sent.refresh_from_db()
    assert sent.contact["name"] == "Μαρία Παπά"


def test_a_new_address_ends_the_link_and_waits_for_a_second_person(desk, surgery, sent, mailoutbox):
    old = sent.link
    correct(desk, sent, email="new@example.org")
    press(desk, Enquiry.objects.get(), "answer", to="answer", text="Come at six")
    sent.refresh_from_db()
    send_now(sent.timeline.last(), by=sent.timeline.last().person)

    assert opens(old) == 404
    assert mails(mailoutbox) == [
        (f"The email address of your request {sent.shown_code} was changed", "m@example.org")
    ]
    own = desk.get(address(sent)).content.decode()
    assert "Eleni Kosta</bdi> gave this email address." in own
    assert "contact/agree/" not in own
    assert "Send the link again" not in own
    asked = desk.post(address(sent, "contact/agree/"), follow=True).content.decode()
    assert "ask a colleague to agree" in asked
    assert mails(mailoutbox)[1:] == []

    assert "contact/agree/" in surgery.get(address(sent)).content.decode()
    assert "new@example.org" in surgery.get(address(sent, "contact/agree/")).content.decode()
    surgery.post(address(sent, "contact/agree/"))

    assert mails(mailoutbox)[1:] == [("The link to your page", "new@example.org")]
    sent.refresh_from_db()
    assert opens(sent.link) == 200
    assert sent.address_waits == ""


def test_a_new_link_is_not_handed_out_while_the_address_waits(desk, sent):
    correct(desk, sent, email="new@example.org")
    link = Enquiry.objects.get().link

    answer = desk.post(address(sent, "link/new/"), {"sure": "yes"}, follow=True)

    assert "First a colleague has to agree" in answer.content.decode()
    assert Enquiry.objects.get().link == link


def test_who_rang_the_stored_phone_sends_the_link_at_once(desk, sent, mailoutbox):
    correct(desk, sent, email="new@example.org", spoke="on")

    assert [to for _subject, to in mails(mailoutbox)] == ["m@example.org", "new@example.org"]
    assert Enquiry.objects.get().address_waits == ""


def test_a_call_to_a_new_number_vouches_for_no_new_address(desk, sent):
    changes = {"email": "new@example.org", "phone": "+306971112222", "spoke": "on"}
    answer = correct(desk, sent, **changes)

    assert answer.status_code == 422
    assert "The phone number is new too" in answer.content.decode()


def test_who_has_no_phone_cannot_have_been_rung(desk):
    enquiry = ask()
    assert "I rang the stored phone" not in desk.get(address(enquiry, "contact/")).content.decode()
    correct(desk, enquiry, email="new@example.org", spoke="on")
    assert Enquiry.objects.get().address_waits == "colleague"


def test_a_second_press_to_agree_sends_no_second_link(desk, surgery, sent):
    correct(desk, sent, email="new@example.org")
    for _press in range(2):
        surgery.post(address(sent, "contact/agree/"), follow=True)
    assert OutgoingMail.objects.unsent().filter(kind="link").count() == 1


@pytest.fixture
def note(desk, sent):
    press(desk, sent, "note", text="She sounded cross")
    note = Note.objects.get()
    note.entry.at -= note.entry.final_at - note.entry.at  # it can be undone no more
    note.entry.save()
    return note


@pytest.mark.parametrize("who", ["desk", "office"])
def test_a_note_is_struck_by_its_writer_or_a_manager(request, who, note, sent):
    browser = request.getfixturevalue(who)
    page = address(sent, f"note/{note.pk}/strike/")
    assert page in browser.get(address(sent)).content.decode()
    assert "Strike this note?" in browser.get(page).content.decode()
    assert Note.objects.exists()

    browser.post(page)

    assert not Note.objects.exists()
    shown = browser.get(address(sent)).content.decode()
    assert "Note struck" in shown
    assert "She sounded cross" not in shown
    assert AuditEvent.objects.filter(details={"change": "note_struck"}).count() == 1


def test_nobody_else_strikes_it(surgery, note, sent):
    page = address(sent, f"note/{note.pk}/strike/")

    assert page not in surgery.get(address(sent)).content.decode()
    assert surgery.post(page).status_code == 403
    assert Note.objects.get().text == "She sounded cross"


def test_a_note_of_another_request_is_not_there(desk, note):
    other = ask(contact={"name": "Other"})
    assert desk.post(address(other, f"note/{note.pk}/strike/")).status_code == 404
    assert Note.objects.exists()


def test_a_copy_is_the_patients_page_and_no_member_of_staff_reads_it(office, sent, mailoutbox):
    assert "a mail" in office.get(address(sent, "copy/")).content.decode().lower()
    assert mails(mailoutbox) == []

    answer = office.post(address(sent, "copy/"), follow=True)

    assert mails(mailoutbox) == [("Your copy is on your page", "m@example.org")]
    assert sent.link in mailoutbox[0].body
    assert sent.link not in answer.content.decode()
    assert AuditEvent.objects.filter(what=Event.COPY_SENT, code=sent.code).count() == 1


def test_what_meets_an_ended_login_is_there_after_the_next(client, receptionist, sent):
    given = typed(sent, name="Maria New", phone="+30 697 111 2222")
    assert client.post(address(sent, "contact/"), given).status_code == 302

    client.force_login(receptionist)
    page = client.get(address(sent, "contact/")).content.decode()

    assert "Maria New" in page
    assert "697 111 2222" in page
    assert "This was not stored yet" in page


def test_a_page_that_wrong_digits_locked_is_opened_again_on_record(desk, sent):
    assert "is locked" not in desk.get(address(sent)).content.decode()
    Enquiry.objects.update(wrong_digits=5)
    assert "wrong digits were typed five times" in desk.get(address(sent)).content.decode()

    desk.post(address(sent, "page/open/"))

    assert Enquiry.objects.get().wrong_digits == 0
    assert "Patient’s page unlocked after wrong digits" in desk.get(address(sent)).content.decode()
    assert AuditEvent.objects.filter(details={"change": "page_opened"}).count() == 1


def test_staff_can_tell_the_digits_to_whom_they_know(desk, sent):
    enquiry = ask(contact={"name": "Other"})
    assert f"<dd>{enquiry.own_digits}</dd>" in desk.get(address(enquiry)).content.decode()
    assert "Digits of their page" not in desk.get(address(sent)).content.decode()
