"""The enquiry and its record. Rules live here; views only ask."""

import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mesosite.enquiries.choices import Topic
from mesosite.enquiries.fields import JSONTextField
from mesosite.enquiries.life import CloseReason, State, next_states
from mesosite.pages.codes import ALPHABET, in_groups, normal_code

CODE_LENGTH = 10


def new_code():
    """Ten random characters, 50 bits. Shown in two groups: `7KQ2M-4XNTB`."""
    return "".join(secrets.choice(ALPHABET) for _i in range(CODE_LENGTH))


class StaleChange(Exception):
    """Somebody else changed the enquiry since this person saw it."""


class EnquiryQuerySet(models.QuerySet):
    """A tab of the inbox is `in_state`; `in_turn`: the urgent first, then the longest waiting."""

    def in_state(self, state):
        return self.filter(state=state)

    def with_code(self, text):
        return self.filter(code=normal_code(text))

    def in_turn(self):
        return self.order_by("priority", "created_at", "id")

    def by_visit(self):
        return self.order_by("visit_at", "id")

    def latest_first(self):
        return self.order_by("-state_since", "-id")

    def state_counts(self):
        """How many enquiries stand in each state: {State: int}, zeros included."""
        rows = self.order_by().values_list("state").annotate(n=models.Count("id"))
        return dict.fromkeys(State, 0) | {State(state): n for state, n in rows}


class Priority(models.IntegerChoices):
    URGENT = 0, _("Urgent")
    NORMAL = 1, _("Normal")


class Enquiry(models.Model):
    """One patient's request for a consultation.

    `topics`, `contact` and `answers` are JSON kept as text. contact: name, email, phone (E.164),
    contact_by, leave_message, best_time, language. answers: scar_types, health, message, and
    questions as [{"id", "text"}] in the words that the patient saw.
    """

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=16, choices=State, default=State.NEW)
    state_since = models.DateTimeField(default=timezone.now)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL)
    version = models.PositiveIntegerField(default=1)
    topics = JSONTextField(default=list)
    contact = JSONTextField(default=dict)
    answers = JSONTextField(default=dict)
    visit_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=16, choices=CloseReason, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "enquiries"
        indexes = [  # one for each order of the QuerySet
            models.Index(fields=["state", "priority", "created_at", "id"], name="enquiry_in_turn"),
            models.Index(fields=["state", "visit_at", "id"], name="enquiry_by_visit"),
            models.Index(fields=["state", "-state_since", "-id"], name="enquiry_latest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                name="booked_has_a_visit_time",
                condition=~Q(state=State.BOOKED) | Q(visit_at__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_has_a_reason_and_only_closed",
                condition=Q(state=State.CLOSED) & ~Q(close_reason="")
                | ~Q(state=State.CLOSED) & Q(close_reason=""),
            ),
        ]

    def __str__(self):
        return self.shown_code

    @classmethod
    def receive(cls, *, topics, contact, answers, suspect=False):
        """Store a new enquiry with its first timeline entry, in one transaction.

        `suspect` puts it in quarantine (spam), where staff can still find it.
        """
        priority = Priority.URGENT if Topic.PROBLEM in topics else Priority.NORMAL
        with transaction.atomic():
            enquiry = cls.objects.create(
                topics=topics,
                contact=contact,
                answers=answers,
                priority=priority,
                state=State.SPAM if suspect else State.NEW,
            )
            enquiry.timeline.create(kind=Entry.Kind.RECEIVED, to_state=enquiry.state)
        return enquiry

    @property
    def shown_code(self):
        return in_groups(self.code)

    @property
    def urgent(self):
        return self.priority == Priority.URGENT

    @property
    def topic_labels(self):
        return [Topic(topic).label for topic in self.topics]

    @property
    def next_states(self):
        return next_states(self.state)

    def move(self, to, *, by, visit_at=None, reason=""):
        """Change the state, as the table in `life` allows.

        Raises ValidationError where the table, the visit time (booked) or the reason (closed)
        says no, and StaleChange where the row is no longer at `self.version`.
        """
        self._check_move(to, visit_at, reason)
        self._change(
            by,
            state=to,
            state_since=timezone.now(),
            visit_at=self._visit_after(to, visit_at),
            close_reason=reason if to == State.CLOSED else "",
        )

    def _visit_after(self, to, visit_at):
        """The visit's time is kept when it is over or set aside, and goes when it is called off."""
        if to == State.BOOKED:
            return visit_at
        return self.visit_at if to in (State.CLOSED, State.SPAM) else None

    def add_note(self, text, *, by):
        with transaction.atomic():
            self.timeline.create(kind=Entry.Kind.NOTED, person=by)
            return self.notes.create(person=by, text=text)

    def _check_move(self, to, visit_at, reason):
        if to not in self.next_states:
            raise ValidationError(
                _("An enquiry that is “%(from)s” cannot become “%(to)s”."),
                params={"from": State(self.state).label, "to": dict(State.choices).get(to, to)},
            )
        if to == State.BOOKED and not visit_at:
            raise ValidationError(_("Give the day and time of the visit."))
        if to == State.CLOSED and reason not in CloseReason:
            raise ValidationError(_("Choose why it is closed."))

    def _change(self, by, **changes):
        """One conditional UPDATE on the version that the person saw, and its timeline entry."""
        with transaction.atomic():
            seen = Enquiry.objects.filter(pk=self.pk, version=self.version)
            if not seen.update(version=self.version + 1, **changes):
                raise StaleChange
            self.timeline.create(
                kind=Entry.Kind.MOVED, person=by, from_state=self.state, to_state=changes["state"]
            )
        for name, value in changes.items():
            setattr(self, name, value)
        self.version += 1


class Entry(models.Model):
    """Who did what, when. Never text: that is in rows of its own, which can be erased."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        MOVED = "moved", _("Moved")
        NOTED = "noted", _("Note added")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="timeline")
    kind = models.CharField(max_length=16, choices=Kind)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(default=timezone.now)
    from_state = models.CharField(max_length=16, choices=State, blank=True)
    to_state = models.CharField(max_length=16, choices=State, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.enquiry}: {self.get_kind_display()}"


class Note(models.Model):
    """What a member of staff wrote about an enquiry, for other staff."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="notes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(max_length=2000)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.enquiry}: {self.at}"
