"""Whether the record is protected. A start that finds it otherwise says so, and protects it."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django import db
from django.apps import AppConfig
from django.core.checks import Warning
from django.db import connection

from mesosite.enquiries.audit import triggers
from mesosite.enquiries.audit.record import record
from mesosite.enquiries.models import Event
from mesosite.enquiries.transactions import write

UNPROTECTED = (
    "The record of staff was found without its triggers: an entry may have been changed or "
    "deleted. A migration that altered its table on SQLite does that too."
)
logger = logging.getLogger(__name__)


def protect() -> None:
    """Puts the triggers back where they are missing. The log and the record itself tell of it.

    For every start and the daily job. An error of the database stops neither; that it is away is
    for those to say who need it.
    """
    with suppress(db.Error):
        if not _is_there() or triggers.intact():
            return
        _put_back()


def _put_back() -> None:
    logger.error("unprotected: %s", UNPROTECTED)
    try:
        with write():
            triggers.create()
            record(Event.UNPROTECTED, None, None)
    except db.Error as error:
        logger.error("unprotected: the triggers cannot be put back", exc_info=error)


def _is_there() -> bool:
    """Whether the table is made yet."""
    return triggers.TABLE in connection.introspection.table_names()


def check_record(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **options: Any
) -> list[Warning]:
    """W001, for `migrate` and `check --database`: the triggers are missing."""
    if "default" not in (databases or ()):
        return []
    if not _is_there() or triggers.intact():
        return []
    hint = "A start of the site puts them back, and says so in the record."
    return [Warning(UNPROTECTED, hint=hint, id="enquiries.W001")]
