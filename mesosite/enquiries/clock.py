"""By when an answer is promised. It is computed when the patient writes, and stored then."""

from datetime import UTC, datetime

from mesosite.pages.catalogue import clinic


def answer_due(asked_at: datetime, *, urgent: bool) -> datetime | None:
    """By when somebody who writes at `asked_at` (aware) is answered, in UTC; None: no promise.

    The clinic's hours and closures count as they are now.
    """
    ours = clinic()
    hours = ours.answer_urgent_within_hours if urgent else ours.answer_within_hours
    due = ours.answer_due(asked_at, within_hours=hours)
    return due and due.astimezone(UTC)
