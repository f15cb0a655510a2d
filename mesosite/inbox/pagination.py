"""Page by page by key: never OFFSET, never a count over the table."""

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Func, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import Http404

PAGE_SIZE = 50


class RowValue(Func):
    """(a, b, c) as one SQL value. Compared whole, it is one range of the index that orders it."""

    template = "(%(expressions)s)"
    output_field = TextField()


def page_after(ordered, after=""):
    """The page of a QuerySet that follows `after`, and the mark from which the next one goes on.

    ordered: its order names fields, all ascending or all descending, the last one unique.
    after: a mark that this function gave, or "" for the first page.
    Returns (list of at most SIZE rows, mark or "" where no row follows).
    """
    order = ordered.query.order_by
    names = [name.removeprefix("-") for name in order]
    if after:
        compare = LessThan if order[0].startswith("-") else GreaterThan
        ordered = ordered.filter(
            compare(RowValue(*map(F, names)), _row(ordered.model, names, after))
        )
    rows = list(ordered[: PAGE_SIZE + 1])
    return rows[:PAGE_SIZE], _mark(rows[PAGE_SIZE - 1], names) if len(rows) > PAGE_SIZE else ""


def _mark(row, names):
    return signing.dumps([row.serializable_value(name) for name in names], serializer=_Text)


def _row(model, names, mark):
    fields = [model._meta.get_field(name) for name in names]
    try:
        values = signing.loads(mark, serializer=_Text)
        pairs = list(zip(fields, values, strict=True))
        read = [Value(field.to_python(value), output_field=field) for field, value in pairs]
    except (signing.BadSignature, ValueError, ValidationError) as error:
        raise Http404 from error  # forged, or the mark of another tab
    return RowValue(*read)


class _Text:
    """Numbers and moments as text between "~": what `to_python` of their fields reads again."""

    def dumps(self, values):
        return "~".join(getattr(value, "isoformat", value.__str__)() for value in values).encode()

    def loads(self, data):
        return data.decode().split("~")
