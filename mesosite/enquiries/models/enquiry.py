"""The enquiry: its table, and the rules of a single row. What spans several is in `workflow`."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import BestTime
from mesosite.enquiries.encryption.fields import (
    EncryptedJSONField,
    EncryptedRow,
    EncryptedTextField,
    Unreadable,
)
from mesosite.enquiries.encryption.keys import lookup_hash
from mesosite.enquiries.models.consent import ConsentText
from mesosite.enquiries.models.history import Entry
from mesosite.enquiries.models.locks import LockReason, today
from mesosite.enquiries.models.mail import OutgoingMail
from mesosite.enquiries.models.queryset import SECOND_HALF, EnquiryQuerySet
from mesosite.enquiries.models.search import SearchTerm
from mesosite.enquiries.models.states import (
    AT_WORK,
    OFFERED_REASONS,
    OPEN,
    TRANSITIONS,
    CloseReason,
    State,
    is_open,
    is_spam,
)
from mesosite.enquiries.transactions import write
from mesosite.pages.base32 import ALPHABET, in_groups

CODE_LENGTH = 10
MAX_WRONG_DIGITS = 5


def new_code() -> str:
    """Ten random characters, 50 bits. Shown in two groups: `7KQ2M-4XNTB`."""
    return "".join(secrets.choice(ALPHABET) for _i in range(CODE_LENGTH))


def new_link() -> str:
    """The secret part of the address of the patient's page, 192 bits."""
    return secrets.token_urlsafe(24)


def new_digits() -> str:
    """Four digits that open the page of a patient without a phone."""
    return f"{secrets.randbelow(10_000):04}"


class StaleChange(Exception):
    """Somebody else changed the enquiry since this person saw it, or it was erased."""


class Priority(models.IntegerChoices):
    URGENT = 0, _("Urgent")
    NORMAL = 1, _("Normal")


class AddressWaits(models.TextChoices):
    """For whom an email address waits that staff have given."""

    COLLEAGUE = "colleague", _("A second member of staff")
    PATIENT = "patient", _("The patient, by the link in a mail")


OWED = Q(answered_at__isnull=True) & is_open()
"""An answer is owed."""


class Enquiry(EncryptedRow):
    """One patient's request for a consultation.

    `contact` and `answers` are dicts: see `Given` of the consultation's forms. `found_by` repeats
    what the row is found by: see `search.index` and `submission`. An erased enquiry is a tombstone:
    code and dates, and nothing of what was given.
    """

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=16, choices=State, default=State.NEW)
    state_since = models.DateTimeField(default=timezone.now)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL)
    version = models.PositiveIntegerField(default=1)
    problem = models.BooleanField(default=False)  # something is wrong after a treatment
    topics = models.JSONField(default=list)
    contact = EncryptedJSONField(default=dict)
    answers = EncryptedJSONField(default=dict)
    found_by = EncryptedJSONField(default=dict)
    # The time of the visit that stands; the rest of it is in its rows. reminded_of: the time for
    # which the reminder that the patient wants has gone.
    visit_at = models.DateTimeField(null=True, blank=True)
    wants_reminder = models.BooleanField(default=False)
    reminded_of = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=16, choices=CloseReason, blank=True)

    # Until when it may not be erased, and why.
    locked_until = models.DateField(null=True, blank=True)
    lock_reason = models.CharField(max_length=16, choices=LockReason, blank=True)

    # Whether the email address is one that nobody has vouched for yet: no mail goes there. Who on
    # the staff gave it.
    address_waits = models.CharField(max_length=16, choices=AddressWaits, blank=True)
    address_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )

    # The patient's page, and what was agreed to.
    link = EncryptedTextField(default=new_link)
    link_hash = models.CharField(max_length=22, unique=True, null=True)
    # What opens the whole page where there is no phone, whose last digits do; and the wrong tries.
    own_digits = EncryptedTextField(default="")
    wrong_digits = models.PositiveSmallIntegerField(default=0)
    consent = models.ForeignKey(ConsentText, on_delete=models.PROTECT, null=True)
    consented_at = models.DateTimeField(null=True)
    # The consent to keep the answers about health, which are asked for later and apart.
    health_consent = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, null=True, related_name="health_enquiries"
    )
    health_consented_at = models.DateTimeField(null=True)

    # When the patient last wrote; by when the patient was told to have an answer, as
    # computed then (None: nothing is promised); since when one was given (None: one is owed).
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    # Who has it, and the day on which it comes back.
    owner = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        related_name="enquiries",
        null=True,
        blank=True,
        db_index=False,  # it has one in the order of the list
    )
    for_clinician = models.BooleanField(default=False)
    next_on = models.DateField(null=True, blank=True)
    next_part = models.CharField(max_length=16, choices=BestTime, blank=True)
    opened_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )
    opened_at = models.DateTimeField(null=True)

    # When anybody last did anything.
    touched_at = models.DateTimeField(default=timezone.now)
    has_news = models.BooleanField(default=False)
    warned_at = models.DateTimeField(null=True)  # when staff were told that it will be erased
    seen_at = models.DateTimeField(null=True)  # when staff saw it among the spam
    erased_at = models.DateTimeField(null=True)

    # How it arrived: keyed hashes of the form's token and of what was sent, see `submission`.
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    sent_hash = models.CharField(max_length=64, null=True, db_index=True)
    resembles = models.ForeignKey("self", on_delete=models.SET_NULL, null=True)
    # The older request of the same person, for which this one was closed (CloseReason.DUPLICATE).
    same_as = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="closed_for_it"
    )
    spam_score = models.PositiveSmallIntegerField(default=0)
    is_crowded = models.BooleanField(default=False)
    # A keyed hash of the sender's network and the day, for the ceiling of mails: "" once staff have
    # taken the enquiry on.
    network_hash = models.CharField(max_length=32, blank=True, default="")

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "enquiries"
        # One for each order of the QuerySet, which is also what its rows are counted by; one for
        # half a code.
        indexes = [
            models.Index(fields=["state", "priority", "asked_at", "id"], name="enquiry_in_turn"),
            models.Index(fields=["state", "visit_at", "id"], name="enquiry_by_visit"),
            models.Index(fields=["state", "-state_since", "-id"], name="enquiry_latest_first"),
            models.Index(fields=["state", "created_at", "id"], name="enquiry_by_arrival"),
            models.Index(SECOND_HALF, name="enquiry_second_half"),
            models.Index(
                fields=["state", "id"], condition=Q(has_news=True), name="enquiry_with_news"
            ),
            models.Index(
                fields=["asked_at", "id"],
                condition=Q(has_news=True) & is_open(),
                name="enquiry_open_with_news",
            ),
            # What there is to do: by when an answer is owed, and on which day a row comes back.
            models.Index(fields=["priority", "due_at", "id"], condition=OWED, name="enquiry_owed"),
            models.Index(
                fields=["next_on", "id"],
                condition=Q(next_on__isnull=False) & is_open(),
                name="enquiry_next_day",
            ),
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=Q(owner__isnull=False) & is_open(),
                name="enquiry_by_owner",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(for_clinician=True) & is_open(),
                name="enquiry_for_clinician",
            ),
            models.Index(
                fields=["-state_since", "-id"],
                condition=Q(seen_at__isnull=True) & is_spam(),
                name="enquiry_unseen_spam",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["token_hash", "sent_hash"], name="one_a_form"),
            models.CheckConstraint(
                name="booked_has_a_visit_time",
                condition=~Q(state=State.BOOKED) | Q(visit_at__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_has_a_reason_and_only_closed",
                condition=Q(state=State.CLOSED) & ~Q(close_reason="")
                | ~Q(state=State.CLOSED) & Q(close_reason=""),
            ),
            models.CheckConstraint(
                name="open_has_an_answer_owed_or_a_day_on_which_it_comes_back",
                condition=~Q(state__in=AT_WORK) | Q(answered_at=None) | Q(next_on__isnull=False),
            ),
            models.CheckConstraint(
                name="erased_has_its_time_and_nothing_that_was_given",
                condition=~Q(state=State.ERASED) & Q(erased_at=None)
                | Q(state=State.ERASED, erased_at__isnull=False, link_hash=None, sent_hash=None),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        return in_groups(self.code)

    @property
    def urgent(self) -> bool:
        return self.priority == Priority.URGENT

    @property
    def is_owed(self) -> bool:
        """Whether the patient waits for an answer."""
        return self.answered_at is None and self.state in OPEN

    @property
    def is_late(self) -> bool:
        return bool(self.is_owed and self.due_at and self.due_at < timezone.now())

    @property
    def is_unread(self) -> bool:
        """Whether it has something that no member of staff has seen."""
        return self.has_news or (self.state == State.SPAM and not self.seen_at)

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.locked_until >= today()

    @property
    def page_digits(self) -> str:
        """The four digits that open the whole patient's page, or "" where the link alone does.

        It does for requests without a phone of before there were any. Unreadable digits open none.
        """
        if self.has_unreadable_digits:
            return "unreadable"
        phone = self.contact.get("phone") or ""
        return phone[-4:] or self.own_digits

    @property
    def page_is_locked(self) -> bool:
        """Whether wrong digits were typed so often that staff have to open the page."""
        return self.wrong_digits >= MAX_WRONG_DIGITS

    @property
    def has_unreadable_digits(self) -> bool:
        return isinstance(self.contact, Unreadable) or isinstance(self.own_digits, Unreadable)

    def digits_with(self, contact: dict[str, Any]) -> dict[str, Any]:
        """The column that keeps the page shut where a phone is taken out of the contact."""
        stays = contact.get("phone") or self.own_digits
        return {} if stays else {"own_digits": self.page_digits}

    @property
    def mailed_to(self) -> str:
        """The address to which mails go, or "" where there is none, or nobody vouched for it."""
        return "" if self.address_waits else self.contact.get("email") or ""

    @property
    def has_visit_to_come(self) -> bool:
        booked = self.state == State.BOOKED and self.visit_at
        return bool(booked and booked > timezone.now())

    @property
    def next_states(self) -> tuple[State, ...]:
        return TRANSITIONS[State(self.state)]

    def store(
        self,
        terms: Iterable[SearchTerm] = (),
        mails: Iterable[OutgoingMail] = (),
        *,
        by: User | None = None,
    ) -> None:
        """Stores a new row with its first entry, search terms and mails. In a transaction.

        by: who took it by phone.
        """
        self.link_hash = lookup_hash("link", self.link)
        self.save(force_insert=True)
        self.timeline.create(
            kind=Entry.Kind.RECEIVED,
            person=by,
            to_state=self.state,
            due_at=self.due_at,
            version=self.version,
        )
        self.terms.bulk_create(terms)
        self.mails.bulk_create(mails)

    def change_state(
        self,
        to: State,
        *,
        by: User,
        visit_at: datetime | None = None,
        reason: str = "",
        **also: Any,
    ) -> Entry:
        """Changes the state, as the table in `states` allows. `workflow` adds the mails.

        also: kind of the entry, and columns that change with it. Raises ValidationError where the
        table, the visit time (booked) or the reason (closed) forbids the change, and StaleChange
        where the row is no longer at `self.version`.
        """
        self._check_change(to, visit_at, reason)
        now = timezone.now()
        old_visit = self.visit_at if to in (State.CLOSED, State.SPAM) else None
        given: dict[str, Any] = {
            "state": to,
            "state_since": now,
            "visit_at": visit_at if to == State.BOOKED else old_visit,
            "close_reason": reason if to == State.CLOSED else "",
            "seen_at": now if to == State.SPAM else None,
            "has_news": False,
        }
        kind = also.pop("kind", Entry.Kind.MOVED)
        return self.change(kind, by=by, undoable=True, **given | also)

    def mark_read(self, *, by: User) -> None:
        """Staff have read what is new, or seen what is spam. Raises StaleChange."""
        seen: dict[str, Any] = {"seen_at": timezone.now()} if self.state == State.SPAM else {}
        self.change(Entry.Kind.READ, by=by, undoable=True, has_news=False, **seen)

    def free_slot(self, *, by: User) -> None:
        """The time of a cancelled visit is free again. Raises StaleChange where it was already."""
        if self.state != State.ERASED or not self.visit_at:
            raise StaleChange
        self.change(Entry.Kind.FREED, by=by, visit_at=None)

    def _check_change(self, to: State, visit_at: datetime | None, reason: str) -> None:
        if to not in self.next_states:
            raise ValidationError(
                _("An enquiry that is “%(from)s” cannot become “%(to)s”."),
                params={"from": State(self.state).label, "to": dict(State.choices).get(to, to)},
            )
        if to == State.BOOKED and not visit_at:
            raise ValidationError(_("Give the day and time of the visit."))
        if to == State.CLOSED and reason not in OFFERED_REASONS:
            raise ValidationError(_("Choose why it is closed."))

    def change(
        self,
        kind: Entry.Kind,
        *,
        by: User | None = None,
        undoable: bool = False,
        corrected: Iterable[str] = (),
        **changes: Any,
    ) -> Entry:
        """One conditional UPDATE on the version that was seen, and its timeline entry.

        by: None for the patient. corrected: what was corrected in `contact`. changes: {column, such
        as "owner_id": value}. Raises StaleChange.
        """
        undo = {name: _plain(getattr(self, name)) for name in changes} if undoable else None
        changes |= {"touched_at": timezone.now(), "warned_at": None}
        was, to = self.state, changes.get("state", "")
        with write():
            as_seen = Enquiry.objects.filter(pk=self.pk, version=self.version)
            if not as_seen.update(version=self.version + 1, **self.encrypted(**changes)):
                raise StaleChange
            entry = self.timeline.create(
                kind=kind,
                person=by,
                from_state=was if to else "",
                to_state=to,
                due_at=None if by else changes.get("due_at"),
                version=self.version + 1,
                undo=undo,
                corrected=list(corrected),
            )
        for name, value in changes.items():
            setattr(self, name, value)
        self.version += 1
        return entry


def _plain(value: Any) -> Any:
    """A column's value as JSON keeps it: times and days in ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value
