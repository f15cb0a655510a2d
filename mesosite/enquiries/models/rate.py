from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection, models
from django.utils import timezone


class Rate(models.Model):
    """How often something was done lately, counted for all processes together.

    `key` is a keyed hash of what is counted and of whom; that of a patient changes every day.
    """

    key = models.CharField(max_length=32, primary_key=True)
    until = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"

    @classmethod
    def count_one(cls, windows: Mapping[str, timedelta]) -> dict[str, int]:
        """Counts one more under each key: {key: window} -> {key: count}.

        A window begins with its first count; the first count after its end begins a new one. One
        statement, in the SQL that SQLite (3.35) and PostgreSQL share.
        """
        now, adapted = timezone.now(), connection.ops.adapt_datetimefield_value
        rows = [(key, adapted(now + window)) for key, window in windows.items()]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO enquiries_rate AS rate (key, until, count) "  # noqa: S608 (no value in it)
                f"VALUES {', '.join(['(%s, %s, 1)'] * len(rows))} "
                "ON CONFLICT (key) DO UPDATE SET "
                "count = CASE WHEN rate.until <= %s THEN 1 ELSE rate.count + 1 END, "
                "until = CASE WHEN rate.until <= %s THEN excluded.until ELSE rate.until END "
                "RETURNING key, count",
                [*(value for row in rows for value in row), *[adapted(now)] * 2],
            )
            return dict(cursor.fetchall())

    @classmethod
    def uncount_one(cls, keys: Iterable[str]) -> None:
        """Takes one back under each key."""
        cls.objects.filter(key__in=list(keys), count__gt=0).update(count=models.F("count") - 1)

    @classmethod
    def take(cls, limits: Mapping[str, tuple[int, timedelta]]) -> tuple[str, datetime] | None:
        """Counts one more under each key, {key: (limit, window)}, where all are below their limit.

        Else counts nothing, and returns the key that is full longest and the end of its window. In
        a transaction.
        """
        lately = cls.objects.filter(key__in=limits, until__gt=timezone.now())
        full = [(row.until, row.key) for row in lately if row.count >= limits[row.key][0]]
        if full:
            until, key = max(full)
            return key, until
        counts = cls.count_one({key: window for key, (_limit, window) in limits.items()})
        if any(counts[key] > limit for key, (limit, _window) in limits.items()):
            return cls.take(limits)  # another process was first: now one is full
        return None
