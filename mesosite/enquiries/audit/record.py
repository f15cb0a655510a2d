"""One function writes what staff did: a row of the record, and a line of the log.

The line is `opened person=3 network=1f9a62c04b7d code=7KQ2M4XNTB`: the event, the person by number,
and the network by a keyed hash, by which events from one network are found without its address.
"""

import datetime
import json
import logging
from functools import partial

from django import db
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.db.transaction import on_commit
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mesosite.enquiries.audit import triggers
from mesosite.enquiries.models import AuditEvent, Event
from mesosite.enquiries.rate_limits import network_of
from mesosite.enquiries.transactions import write
from mesosite.pages.catalogue import clinic

logger = logging.getLogger(__name__)

Person = User | AnonymousUser | int | None
# The very same again within FOLDED is one row: a reload, or a robot at the login. No change is one.
FOLDED = datetime.timedelta(minutes=1)
REPEATED = {Event.OPENED, Event.HEALTH_READ, Event.SEARCHED, Event.RECORD_READ}
REPEATED |= {Event.REFUSED, Event.FAILED, Event.LOCKED}
LOCK_TIMEOUT = "2s"  # on PostgreSQL; on SQLite a write waits for its turn, `transactions.TIMEOUT`


def record(
    event: Event,
    request: HttpRequest | None,
    person: Person,
    *,
    code: str = "",
    **details: str | int,
) -> bool:
    """Records an event, in the transaction of the change that it is about, if there is one.

    request: None for a command. person: who did it, or as whom somebody tried to log in. details:
    codes and numbers, never what somebody typed. Returns whether the record is protected. Raises
    django.db.Error where the row cannot be written: then the change must not happen either.
    """
    row = _row(event, request, person, code, details)
    with write():
        is_protected = _insert(row)
        on_commit(partial(_log, row))
    if not is_protected:
        logger.error("unprotected: the record of staff lacks its triggers. Restart the site.")
    return is_protected


def try_record(
    event: Event,
    request: HttpRequest | None,
    person: Person,
    *,
    code: str = "",
    **details: str | int,
) -> bool:
    """`record` for what goes on in any case: a login, or a page. False where it could not be."""
    try:
        with write():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            return record(event, request, person, code=code, **details)
    except db.Error as error:
        logger.error("unrecorded", exc_info=error)
        _log(_row(event, request, person, code, details))
        return False


def _row(
    event: Event,
    request: HttpRequest | None,
    person: Person,
    code: str,
    details: dict[str, str | int],
) -> AuditEvent:
    now = timezone.now()
    return AuditEvent(
        at=now,
        until=now + datetime.timedelta(days=clinic().keep.record),
        what=event,
        person_id=getattr(person, "pk", person),
        code=code,
        network=_network(request),
        details=details,
    )


def _network(request: HttpRequest | None) -> str:
    """12 characters; "" for a command at a terminal."""
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    if not address:
        return ""
    text = network_of(address)
    return salted_hmac("mesosite.inbox.network", text, algorithm="sha256").hexdigest()[:12]


def _insert(row: AuditEvent) -> bool:
    """Stores a row, unless it is the same again. Returns whether the triggers are in force.

    One statement, in the SQL that SQLite (3.35) and PostgreSQL share.
    """
    adapted = connection.ops.adapt_datetimefield_value
    intact, texts = triggers.INTACT[connection.vendor]
    same = {
        "what": str(row.what),
        "code": row.code,
        "network": row.network,
        "details": json.dumps(row.details),
    }
    since = row.at - FOLDED if row.what in REPEATED else row.until  # which none is later than
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {triggers.TABLE} (at, until, person_id, {', '.join(same)}) "  # noqa: S608 (no value in it)
            f"SELECT %s, %s, %s, %s, %s, %s, %s WHERE NOT EXISTS (SELECT 1 FROM {triggers.TABLE} "
            f"WHERE at > %s AND COALESCE(person_id, 0) = %s "
            f"AND {' AND '.join(f'{name} = %s' for name in same)}) RETURNING {intact}",
            [
                *(adapted(row.at), adapted(row.until), row.person_id, *same.values()),
                *(adapted(since), row.person_id or 0, *same.values(), *texts),
            ],
        )
        stored = cursor.fetchall()
    return bool(stored[0][0]) if stored else triggers.intact()


def _log(row: AuditEvent) -> None:
    said = {"person": row.person_id or "-", "network": row.network or "-"}
    said |= {"code": row.code} if row.code else {}
    pairs = (said | row.details).items()
    logger.info("%s %s", row.what, " ".join(f"{name}={value}" for name, value in pairs))
