"""Keyset pagination: without OFFSET, and without a count over the table.

Lists that are put together from several orders have numbered pages instead.
"""

import re
from typing import Any, TypeVar, cast

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Func, Model, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import Http404, HttpRequest

PAGE_SIZE = 30
"""Rows that a person reads at once."""
Found = TypeVar("Found", bound=Model)


class RowValue(Func):
    """(a, b, c) as one SQL value. Its comparison is one range of the index with that order."""

    template = "(%(expressions)s)"
    output_field = TextField()


def page_after(
    ordered: QuerySet[Found], after: str = "", *, beside: int = 0
) -> tuple[list[Found], str]:
    """The page of a QuerySet that follows `after`.

    ordered: its order names fields, all ascending or all descending, the last one unique.
    after: a cursor that this function gave, or "" for the first page. beside: how many other rows
    stand on the page. Returns (at most PAGE_SIZE rows, cursor of the next page or "").
    Raises Http404.
    """
    order = [str(name) for name in ordered.query.order_by]
    names = [name.removeprefix("-") for name in order]
    if after:
        compare = LessThan if order[0].startswith("-") else GreaterThan
        start = _values(ordered.model, names, after)
        ordered = ordered.filter(compare(RowValue(*map(F, names)), start))
    size = max(1, PAGE_SIZE - beside)
    rows = list(ordered[: size + 1])
    return rows[:size], _cursor(rows[size - 1], names) if len(rows) > size else ""


def page_number(request: HttpRequest) -> int:
    """The number that an address asks for as `page`, from 1 to 999."""
    asked = request.GET.get("page", "1")
    return int(asked) if re.fullmatch("[1-9][0-9]{0,2}", asked, re.ASCII) else 1


def _cursor(row: Model, names: list[str]) -> str:
    return signing.dumps([row.serializable_value(name) for name in names], serializer=_Text)


def _values(model: type[Model], names: list[str], cursor: str) -> RowValue:
    fields = [cast("Field[Any, Any]", model._meta.get_field(name)) for name in names]
    try:
        pairs = zip(fields, signing.loads(cursor, serializer=_Text), strict=True)
        return RowValue(
            *(Value(field.to_python(text), output_field=field) for field, text in pairs)
        )
    except (signing.BadSignature, ValueError, ValidationError) as error:
        raise Http404 from error  # forged, or the cursor of another tab


class _Text:
    """Numbers and times as text between "~", which `to_python` of their fields reads."""

    def dumps(self, values: list[Any]) -> bytes:
        return "~".join(getattr(value, "isoformat", value.__str__)() for value in values).encode()

    def loads(self, data: bytes) -> list[str]:
        return data.decode().split("~")
