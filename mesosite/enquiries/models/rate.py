from django.db import connection, models
from django.utils import timezone


class Rate(models.Model):
    """How often something was done lately, counted so that several processes agree.

    `key` is a keyed hash that says what is counted, and of whom; it changes every day.
    """

    key = models.CharField(max_length=32, primary_key=True)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self):
        return f"{self.count} since {self.since}"

    @classmethod
    def count_one(cls, key, window):
        """Counts one more under `key` and returns how many there are in this `window` (timedelta).

        A window begins with the first one and is followed by a new one when it is over. One
        statement, of the SQL that SQLite (3.35) and PostgreSQL share.
        """
        now = timezone.now()
        adapted = connection.ops.adapt_datetimefield_value
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO enquiries_rate AS rate (key, since, count) VALUES (%s, %s, 1) "
                "ON CONFLICT (key) DO UPDATE SET "
                "count = CASE WHEN rate.since <= %s THEN 1 ELSE rate.count + 1 END, "
                "since = CASE WHEN rate.since <= %s THEN excluded.since ELSE rate.since END "
                "RETURNING count",
                [key, adapted(now), *[adapted(now - window)] * 2],
            )
            return cursor.fetchone()[0]
