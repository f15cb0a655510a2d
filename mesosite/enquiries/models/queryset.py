from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from django.db import connection, models
from django.db.models import Q

from mesosite.enquiries.encryption.keys import lookup_hashes
from mesosite.enquiries.models.states import State, is_spam
from mesosite.pages.base32 import ALPHABET, GROUP, normal_code

if TYPE_CHECKING:
    from mesosite.enquiries.models.enquiry import Enquiry

# The place is written out: SQLite uses no index on an expression where the query binds a part.
SECOND_HALF = models.Func(
    "code", template=f"SUBSTR(%(expressions)s, {GROUP + 1})", output_field=models.CharField()
)

CAP = 1_000  # counts stop here; CAP + 1 stands for every larger number
Name = TypeVar("Name")


class Counts(Generic[Name]):
    """The numbers of rows of {name: QuerySet of keys}, in one statement.

    It is put together once: that takes longer than the database does.
    """

    def __init__(self, counted: Mapping[Name, models.QuerySet[Any]]) -> None:
        parts = [rows.query.sql_with_params() for rows in counted.values()]
        selected = [f"(SELECT COUNT(*) FROM ({sql}) AS part)" for sql, _values in parts]  # noqa: S608 (no value in it)
        self._names, self._sql = list(counted), f"SELECT {', '.join(selected)}"
        self._values = [value for _sql, values in parts for value in values]

    def read(self) -> dict[Name, int]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql, self._values)
            return dict(zip(self._names, cursor.fetchone(), strict=True))


def capped_counts(counted: Mapping[Name, models.QuerySet[Any]]) -> Counts[Name]:
    """Counts of {name: QuerySet} up to CAP + 1.

    The order of a QuerySet names the index that is read: without one, PostgreSQL may look for a
    common value in the table, and reads all of it where the value stands at its end.
    """
    return Counts({name: rows.values("pk")[: CAP + 1] for name, rows in counted.items()})


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def with_code(self, text: str) -> Self:
        """The enquiry of a code as somebody typed it. What cannot be one is not asked for."""
        code = normal_code(text)
        return self.filter(code=code) if len(code) == 2 * GROUP else self.none()

    def with_half_code(self, text: str) -> Self:
        """The enquiries, newest first, whose code has this for one of its two groups."""
        half = normal_code(text)
        if len(half) != GROUP or not set(half) <= set(ALPHABET):
            return self.none()
        first = Q(code__range=(half + ALPHABET[0] * GROUP, half + ALPHABET[-1] * GROUP))
        either = self.alias(second_half=SECOND_HALF).filter(first | Q(second_half=half))
        return either.order_by("-created_at", "-id")

    def with_link(self, link: str) -> "Enquiry | None":
        """The enquiry of a patient's link, which its own encrypted link must equal: a hash alone
        can be moved to another row. An erased one has none."""
        found = self.filter(link_hash__in=lookup_hashes("link", link))
        return next((enquiry for enquiry in found if enquiry.link == link), None)

    def slots_to_free(self) -> Self:
        """Tombstones of patients who cancelled a visit; their times can be given to others."""
        return self.filter(state=State.ERASED, visit_at__isnull=False).order_by("visit_at", "id")

    def in_turn(self) -> Self:
        """The urgent first, then the longest waiting."""
        return self.order_by("priority", "asked_at", "id")

    def by_visit(self) -> Self:
        return self.order_by("visit_at", "id")

    def latest_first(self) -> Self:
        return self.order_by("-state_since", "-id")

    def unseen_spam(self) -> Self:
        """What is held as spam and nobody has looked at, the latest first."""
        return self.filter(is_spam(), seen_at=None).latest_first()

    def with_news(self) -> Self:
        return self.filter(has_news=True).order_by("id")

    def capped_count(self) -> int:
        """The number of rows, at most CAP + 1: see `capped_counts`."""
        return capped_counts({"rows": self}).read()["rows"]
