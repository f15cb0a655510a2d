"""A new primary key: everything that an older key encrypted or hashed is renewed with it.

Batch by batch, each a short transaction, so that the site goes on and no finished batch is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from mesosite.enquiries.encryption import keys
from mesosite.enquiries.encryption.checks import prefix_of
from mesosite.enquiries.encryption.fields import EncryptedTextField, Unreadable
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write

BATCH = 100
HASH_BATCH = 10  # enquiries; each has some dozens of search terms


@dataclass
class Progress:
    """The number of renewed values, and the ids of the rows that could not be read."""

    renewed: int = 0
    damaged: list[int] = field(default_factory=list)


def reencrypt(column: EncryptedTextField) -> Iterator[Progress]:
    """Encrypts with the primary key what another key encrypted in `column`.

    Yields the Progress after each batch. Damaged values stay as they are. So do values that were
    changed meanwhile; the next run renews them.
    """
    progress, last = Progress(), 0
    while batch := _outdated(column, last):
        last, renewed = batch[-1][0], []
        for pk, old in batch:
            try:
                text = keys.decrypt(old, column.bound_to)
                renewed.append((pk, old, keys.encrypt(text, column.bound_to)))
            except keys.DecryptionError:
                progress.damaged.append(pk)
        with write():
            progress.renewed += sum(_replace(column, *values) for values in renewed)
        yield progress


def renew_hashes() -> Iterator[Progress]:
    """Hashes with the primary key what enquiries are found by. Yields as `reencrypt` does."""
    progress, last = Progress(), 0
    rows = Enquiry.objects.exclude(state=State.ERASED).order_by("pk")
    while batch := rows.filter(pk__gt=last).prefetch_related("terms")[:HASH_BATCH]:
        last = batch[len(batch) - 1].pk
        if stale := [row.pk for row in batch if _has_stale_link(row) or _has_stale_terms(row)]:
            with write():
                for row in rows.filter(pk__in=stale).select_for_update():
                    _rehash(row)
            progress.renewed += len(stale)
        yield progress


def _outdated(column: EncryptedTextField, after: int) -> list[tuple[int, str]]:
    """[(row id, stored value)] of the next batch that the primary key did not encrypt."""
    rows = _raw(column).annotate(prefix=prefix_of(column)).filter(pk__gt=after)
    rows = rows.exclude(stored="").exclude(prefix=keys.primary_key().prefix)
    return list(rows.order_by("pk").values_list("pk", "stored")[:BATCH])


def _replace(column: EncryptedTextField, pk: int, old: str, new: str) -> int:
    row = _raw(column).filter(pk=pk, stored=old)
    return row.update(**{column.name: Value(new, output_field=TextField())})


def _raw(column: EncryptedTextField) -> QuerySet[Model]:
    """The rows of a column's model with `stored`, the value as it is in the database."""
    return column.model._base_manager.annotate(stored=Cast(column.name, TextField()))


def _has_stale_link(enquiry: Enquiry) -> bool:
    link = enquiry.link
    return not isinstance(link, Unreadable) and enquiry.link_hash != keys.lookup_hash("link", link)


def _has_stale_terms(enquiry: Enquiry) -> bool:
    if isinstance(enquiry.contact, Unreadable):
        return False
    return {row.term for row in enquiry.terms.all()} != index.terms_of(enquiry.contact)


def _rehash(enquiry: Enquiry) -> None:
    if _has_stale_link(enquiry):
        hashed = keys.lookup_hash("link", enquiry.link)
        Enquiry.objects.filter(pk=enquiry.pk).update(link_hash=hashed)
    if _has_stale_terms(enquiry):
        index.index(enquiry)
