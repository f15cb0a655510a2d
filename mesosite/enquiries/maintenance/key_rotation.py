"""A new primary key: everything that an older key encrypted or hashed is renewed with it.

Search hashes also get another length when the number of enquiries has outgrown theirs. Batch by
batch, each a short transaction, so that the site goes on and no finished batch is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from mesosite.enquiries.encryption import keys
from mesosite.enquiries.encryption.checks import prefix_of
from mesosite.enquiries.encryption.fields import (
    EncryptedRow,
    EncryptedTextField,
    Stored,
    Unreadable,
)
from mesosite.enquiries.models import Enquiry, SearchTerm
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
        last, renewed = batch[-1].pk, []
        for row in batch:
            old = row.__dict__[column.name]
            value = column.decrypted(old, row)
            if isinstance(value, Unreadable):
                progress.damaged.append(row.pk)
            else:
                renewed.append((row, old, column.encrypted(value, row)))
        with write():
            progress.renewed += sum(_replace(column, *values) for values in renewed)
        yield progress


def renew_hashes(only_terms_of: Q | None = None) -> Iterator[Progress]:
    """Hashes with the primary key what enquiries are found by. Yields as `reencrypt` does.

    only_terms_of: these enquiries, and not their links.
    """
    progress, last, bits = Progress(), 0, _wanted_bits()
    rows = _live().filter(only_terms_of or Q()).order_by("pk")
    while batch := rows.filter(pk__gt=last).prefetch_related("terms")[:HASH_BATCH]:
        last = batch[len(batch) - 1].pk
        if stale := [
            row.pk for row in batch if _has_stale_link(row) or _has_stale_terms(row, bits)
        ]:
            with write():
                for row in _live().filter(pk__in=stale).select_for_update():
                    _rehash(row, bits)
            progress.renewed += len(stale)
        yield progress


def fit_hashes() -> None:
    """Gives search hashes the length for the number of enquiries, where theirs is another."""
    bits = _wanted_bits()
    others = SearchTerm.objects.exclude(bits=bits)
    if SearchTerm.objects.bits_in_use() not in ([], [bits]):
        for _done in renew_hashes(Q(pk__in=others.values("enquiry"))):
            pass


def _live() -> QuerySet[Enquiry]:
    return Enquiry.objects.exclude(state=State.ERASED)


def _wanted_bits() -> int:
    return index.bits_for(_live().count())


def _outdated(column: EncryptedTextField, after: int) -> list[EncryptedRow]:
    """The next batch of rows whose value the primary key did not encrypt."""
    model = cast(type[EncryptedRow], column.model)
    rows = model._base_manager.select_related(*model.within).annotate(prefix=prefix_of(column))
    current = keys.primary_key().prefix(keys.OF_ROW)
    return list(rows.filter(pk__gt=after).exclude(prefix__in=["", current]).order_by("pk")[:BATCH])


def _replace(column: EncryptedTextField, row: EncryptedRow, old: Stored, new: Stored | None) -> int:
    rows = column.model._base_manager.annotate(stored=Cast(column.name, TextField()))
    return rows.filter(pk=row.pk, stored=old.value).update(**{column.name: new})


def _has_stale_link(enquiry: Enquiry) -> bool:
    link = enquiry.link
    return not isinstance(link, Unreadable) and enquiry.link_hash != keys.lookup_hash("link", link)


def _has_stale_terms(enquiry: Enquiry, bits: int) -> bool:
    if isinstance(enquiry.found_by, Unreadable):
        return not isinstance(enquiry.contact, Unreadable)
    hashes = index.hashes_of(enquiry.found_by, enquiry.row_id, bits)
    return {(row.bits, row.term) for row in enquiry.terms.all()} != {(bits, h) for h in hashes}


def _rehash(enquiry: Enquiry, bits: int) -> None:
    if _has_stale_link(enquiry):
        hashed = keys.lookup_hash("link", enquiry.link)
        Enquiry.objects.filter(pk=enquiry.pk).update(link_hash=hashed)
    if _has_stale_terms(enquiry, bits):
        index.index(enquiry, bits)
