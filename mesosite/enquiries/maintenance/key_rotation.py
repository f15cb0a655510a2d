"""A new first key: everything that an older one sealed or hashed is made anew with it.

Batch by batch, each a short transaction, so that the site goes on; what was done stays done.
"""

from dataclasses import dataclass, field

from django.db.models import TextField, Value
from django.db.models.functions import Cast

from mesosite.enquiries.encryption.checks import prefix_of
from mesosite.enquiries.encryption.fields import Unreadable
from mesosite.enquiries.encryption.keys import (
    DecryptionError,
    decrypt,
    encrypt,
    lookup_hash,
    primary_key,
)
from mesosite.enquiries.models import Enquiry
from mesosite.enquiries.models.states import State
from mesosite.enquiries.search import index
from mesosite.enquiries.transactions import write

BATCH = 100
HASHED_AT_ONCE = 10  # the search terms of one enquiry are some dozens


@dataclass
class Progress:
    """How many were made anew, and the primary keys of the rows that could not be read."""

    renewed: int = 0
    damaged: list = field(default_factory=list)


def reencrypt(column):
    """Encrypt with the first key what another one encrypted in `column`, a model field.

    Yields Done after each batch. Damaged values stay as they are; so does what was changed
    meanwhile, for the next run.
    """
    done, last = Progress(), 0
    while batch := _old(column, last):
        last, anew = batch[-1][0], []
        for pk, old in batch:
            try:
                anew.append((pk, old, encrypt(decrypt(old, column.bound_to), column.bound_to)))
            except DecryptionError:
                done.damaged.append(pk)
        with write():
            done.renewed += sum(_replace(column, *values) for values in anew)
        yield done


def renew_hashes():
    """Hash anew, with the first key, what enquiries are found by. Yields Done after each batch."""
    done, last = Progress(), 0
    rows = Enquiry.objects.exclude(state=State.ERASED).order_by("pk")
    while batch := rows.filter(pk__gt=last).prefetch_related("terms")[:HASHED_AT_ONCE]:
        last = batch[len(batch) - 1].pk
        if stale := [row.pk for row in batch if _has_stale_link(row) or _has_stale_terms(row)]:
            with write():
                for row in rows.filter(pk__in=stale).select_for_update():
                    _rehash(row)
            done.renewed += len(stale)
        yield done


def _old(column, after):
    """[(primary key, stored value)] of the next batch that another key than the first sealed."""
    rows = _raw(column).annotate(beginning=prefix_of(column)).filter(pk__gt=after)
    rows = rows.exclude(stored="").exclude(beginning=primary_key().prefix)
    return list(rows.order_by("pk").values_list("pk", "stored")[:BATCH])


def _replace(column, pk, old, new):
    row = _raw(column).filter(pk=pk, stored=old)
    return row.update(**{column.name: Value(new, output_field=TextField())})


def _raw(column):
    """The rows of a column's model with `stored`: what stands in the database."""
    return column.model._base_manager.annotate(stored=Cast(column.name, TextField()))


def _has_stale_link(enquiry):
    link = enquiry.link
    return not isinstance(link, Unreadable) and enquiry.link_hash != lookup_hash("link", link)


def _has_stale_terms(enquiry):
    if isinstance(enquiry.contact, Unreadable):
        return False
    return {row.term for row in enquiry.terms.all()} != index.terms_of(enquiry.contact)


def _rehash(enquiry):
    if _has_stale_link(enquiry):
        hashed = lookup_hash("link", enquiry.link)
        Enquiry.objects.filter(pk=enquiry.pk).update(link_hash=hashed)
    if _has_stale_terms(enquiry):
        index.index(enquiry)
