"""Made-up enquiries that look like real ones, for development and for measuring."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import make_msgid
from random import Random
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.utils import timezone

from mesosite.enquiries.answer_times import answer_due
from mesosite.enquiries.choices import (
    BestTime,
    ContactBy,
    Health,
    HelpNeeded,
    Language,
    ScarType,
    Topic,
    YesNo,
)
from mesosite.enquiries.encryption.keys import lookup_hash
from mesosite.enquiries.models import Enquiry, Entry, Message, OutgoingMail, new_link
from mesosite.enquiries.models.states import CloseReason, State
from mesosite.enquiries.search import index
from mesosite.enquiries.steps import ASK_AGAIN
from mesosite.enquiries.workflow import priority_of
from mesosite.pages.page import Question

# Name, a name for the mail address, language.
PEOPLE = (
    ("Μαρία Παπαδοπούλου", "maria", Language.EL),
    ("Γιώργος Αντωνίου", "giorgos", Language.EL),
    ("Ελένη Κωνσταντίνου", "eleni", Language.EL),
    ("Νίκος Οικονόμου", "nikos", Language.EL),
    ("Jonas Weber", "jonas", Language.EN),
    ("Siân O’Connor-Hughes", "sian", Language.EN),
    ("José Ángel Núñez", "jose", Language.EN),
    ("Nguyễn Thị Ánh", "anh", Language.EN),
    ("عائشة بن علي", "aicha", Language.EN),
    ("محمد الحسن", "mohamed", Language.EN),
    ("Олена Коваленко", "olena", Language.EN),
    ("Дмитрий Иванов", "dmitri", Language.EN),
    ("王小明", "xiaoming", Language.EN),
    ("陳美玲", "meiling", Language.EN),
    ("さくら 山本", "sakura", Language.EN),
    ("प्रिया शर्मा", "priya", Language.EN),
    ("נועה כהן", "noa", Language.EN),
    ("김지우", "jiwoo", Language.EN),
)
MESSAGES = (
    "",
    "",
    "I have had dents on both cheeks since school. What would you do first?",
    "How many days would I need to stay at home afterwards?",
    "My skin is dark and marks easily. Is needling a good idea for me?",
    "I had a peel in spring. There is still a red patch near my jaw.",
    "Έχω σημάδια στα μάγουλα από τα δεκαέξι μου. Τι μπορεί να γίνει;",
    "Φοβάμαι τις βελόνες. Πονάει;\nΜπορώ να έρθω με τη φίλη μου;",
    "لدي ندوب قديمة على الخدين. هل يمكن أن تتحسن؟",
    "У меня рубцы после акне. Сколько нужно визитов?",
    "我臉上有痘疤，想先了解一下。",
)
_TEXTS = [text for text in MESSAGES if text]
Path = tuple[State, ...]  # the states that an enquiry passes through
# How many of about a hundred enquiries take each path. A message of the patient takes one from
# waiting to in progress.
PATHS: dict[Path, int] = {
    (State.NEW,): 22,
    (State.NEW, State.IN_PROGRESS): 12,
    (State.NEW, State.IN_PROGRESS, State.WAITING): 10,
    (State.NEW, State.IN_PROGRESS, State.WAITING, State.IN_PROGRESS): 4,
    (State.NEW, State.WAITING): 3,
    (State.NEW, State.IN_PROGRESS, State.BOOKED): 14,
    (State.NEW, State.IN_PROGRESS, State.BOOKED, State.CLOSED): 20,
    (State.NEW, State.IN_PROGRESS, State.WAITING, State.CLOSED): 9,
    (State.NEW, State.CLOSED): 5,
    (State.SPAM,): 3,
    (State.NEW, State.SPAM): 2,
}
_AFTER_VISIT = (CloseReason.VISITED, CloseReason.VISITED, CloseReason.NO_SHOW)
_WITHOUT_VISIT = (CloseReason.DECIDED_AGAINST, CloseReason.UNREACHABLE, CloseReason.DUPLICATE)


class Sample(NamedTuple):
    """An enquiry and its rows, not yet stored."""

    enquiry: Enquiry
    timeline: list[Entry]
    messages: list[Message]
    mails: list[OutgoingMail]


def sample(random: Random, questions: Sequence[Question], staff: Sequence[User]) -> Sample:
    path = random.choices(list(PATHS), list(PATHS.values()))[0]
    times, link = _times(random, path), new_link()
    topics: list[str] = random.sample(list(Topic), random.choice((1, 1, 2)))
    problem = random.random() < 0.1
    enquiry = Enquiry(
        link=link,
        link_hash=lookup_hash("link", link),
        created_at=times[0],
        asked_at=times[0],
        touched_at=times[-1],
        state=path[-1],
        state_since=times[-1],
        version=len(path),
        priority=priority_of(problem),
        problem=problem,
        topics=topics,
        contact=_contact(random),
        answers=_answers(random, questions),
    )
    enquiry.found_by = index.terms_of(enquiry.contact)
    _finish(random, enquiry, path, times)
    texts = [random.choice(_TEXTS)] if _patient_wrote(path) else []
    messages = [Message(enquiry=enquiry, at=enquiry.asked_at, text=text) for text in texts]
    mails = _mails(random, enquiry, path)
    return Sample(enquiry, _timeline(random, enquiry, path, times, staff), messages, mails)


def _times(random: Random, path: Path) -> list[datetime]:
    """When each state began: within 4 days for one state, 12 for more, 180 for closed ones."""
    days = 4 if len(path) == 1 else 12 if path[-1] != State.CLOSED else 180
    now = timezone.now()
    first = now - timedelta(days=days) * random.random()
    return [first, *sorted(first + (now - first) * random.random() for _step in path[1:])]


def _contact(random: Random) -> dict[str, Any]:
    name, mailbox, language = random.choice(PEOPLE)
    by = random.choice(list(ContactBy))
    email = f"{mailbox}.{random.randrange(1000)}@example.com"
    phone = f"+3069{random.randrange(10**8):08}"
    return {
        "name": name,
        "email": "" if by in (ContactBy.PHONE, ContactBy.TEXT) else email,
        "phone": "" if by == ContactBy.EMAIL else phone,
        "contact_by": by,
        "leave_message": random.choice(list(YesNo)),
        "best_time": random.sample(list(BestTime), random.randrange(3)),
        "language": language,
        "help_needed": random.sample(list(HelpNeeded), random.choice((0, 0, 0, 1))),
    }


def _answers(random: Random, questions: Sequence[Question]) -> dict[str, Any]:
    """Every third patient has also helped to prepare a visit."""
    asked = random.sample(questions, min(len(questions), random.randrange(6)))
    answers = {
        "message": random.choice(MESSAGES),
        "questions": [{"id": question.id, "text": question.text} for question in asked],
    }
    prepared = {
        "scar_types": random.sample(list(ScarType), random.randrange(3)),
        "health": random.sample(list(Health), random.choice((1, 1, 2))),
    }
    return answers | (prepared if random.random() < 1 / 3 else {})


def _finish(random: Random, enquiry: Enquiry, path: Path, times: list[datetime]) -> None:
    if State.BOOKED in path:
        enquiry.visit_at = _visit(random, path, times).replace(minute=0, second=0, microsecond=0)
    if path[-1] == State.CLOSED:
        reasons = _AFTER_VISIT if State.BOOKED in path else _WITHOUT_VISIT
        enquiry.close_reason = random.choice(reasons)
    if path[-1] == State.SPAM and len(path) > 1:
        enquiry.seen_at = times[-1]
    if _patient_wrote(path):
        enquiry.has_news, enquiry.asked_at = True, times[-1]
    enquiry.due_at = answer_due(enquiry.asked_at, urgent=enquiry.urgent)
    if path[-1] in (State.WAITING, State.BOOKED, State.CLOSED):
        enquiry.answered_at = times[-1]
    if path[-1] == State.WAITING:
        enquiry.next_on = times[-1].date() + ASK_AGAIN


def _patient_wrote(path: Path) -> bool:
    return path[-2:] == (State.WAITING, State.IN_PROGRESS)


def _mails(random: Random, enquiry: Enquiry, path: Path) -> list[OutgoingMail]:
    """The confirmation, sent at once, or given up where the address was wrong."""
    if not enquiry.contact["email"] or path[0] == State.SPAM:
        return []
    mail = OutgoingMail(
        enquiry=enquiry,
        kind=OutgoingMail.Kind.CONFIRMATION,
        message_id=make_msgid(domain="example.com"),
        created_at=enquiry.created_at,
        tries=1,
    )
    if random.random() < 0.06:
        mail.error, mail.failed_at = "550", enquiry.created_at
    else:
        mail.sent_at = enquiry.created_at
    return [mail]


def _visit(random: Random, path: Path, times: list[datetime]) -> datetime:
    """Before it was closed, or else 1 to 19 days from now."""
    if path[-1] == State.CLOSED:
        booked_at = times[path.index(State.BOOKED)]
        return booked_at + (times[-1] - booked_at) * 0.9
    return timezone.now() + timedelta(days=random.randrange(1, 20))


def _timeline(
    random: Random, enquiry: Enquiry, path: Path, times: list[datetime], staff: Sequence[User]
) -> list[Entry]:
    entries = [Entry(enquiry=enquiry, kind=Entry.Kind.RECEIVED, at=times[0], to_state=path[0])]
    for before, after, at in zip(path, path[1:], times[1:], strict=False):
        entry = Entry(enquiry=enquiry, at=at, from_state=before, to_state=after)
        if _patient_wrote((before, after)):
            entry.kind = Entry.Kind.MESSAGE
        else:
            entry.kind, entry.person = Entry.Kind.MOVED, random.choice(staff) if staff else None
        entries.append(entry)
    return entries
