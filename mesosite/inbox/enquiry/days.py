"""The days that a button offers: later today, tomorrow or the next day of work."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from mesosite.enquiries.answer_times import closed_days
from mesosite.enquiries.choices import BestTime
from mesosite.enquiries.models import Enquiry
from mesosite.pages.catalogue import clinic

# The hour at which each part of the day is over.
_ENDS = {BestTime.MORNING: 11, BestTime.MIDDAY: 14, BestTime.AFTERNOON: 18, BestTime.EVENING: 24}


class Day(NamedTuple):
    """name: of the button's value; day and part: what it stores."""

    name: str
    day: date
    part: str

    @property
    def label(self) -> str:
        """Such as “Later today, evening”, “Tomorrow, morning”, “Mon 30 Nov, morning”."""
        today = timezone.localdate()
        names = {today: _("Later today"), today + timedelta(days=1): _("Tomorrow")}
        day = names.get(self.day) or formats.date_format(self.day, "D j M")
        return f"{day}, {BestTime(self.part).label.lower()}" if self.part else day


def offered(enquiry: Enquiry, now: datetime) -> list[Day]:
    """Later today and the next day of work, each at the patient's best time."""
    today = timezone.localdate(now)
    return [
        Day("later", today, _part(enquiry, timezone.localtime(now).hour)),
        Day("tomorrow", next_day_of_work(today), _part(enquiry, 0)),
    ]


def next_day_of_work(after: date) -> date:
    """The day after, or the next one on which the clinic opens, where it has hours."""
    ours, day = clinic(), after + timedelta(days=1)
    ahead = (day + timedelta(days=n) for n in range(14))
    closed = closed_days(after, after + timedelta(days=15))
    works = (d for d in ahead if d.weekday() in ours.hours and d not in closed)
    return next(works, day)


def _part(enquiry: Enquiry, hour: int) -> str:
    """The first of the patient's good times that is not over at this hour, or ""."""
    return next((part for part in BestTime if part in _best(enquiry) and _ENDS[part] > hour), "")


def _best(enquiry: Enquiry) -> list[str]:
    best: list[str] = enquiry.contact.get("best_time") or []
    return best
