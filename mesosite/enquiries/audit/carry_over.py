"""What was recorded since a backup was made is still there after that backup was put back.

`save` writes the whole record into a file of VAR_DIR; `put_back` adds the rows of it that the
restored database lacks, and deletes it. Killed between the two, the next start goes on.
"""

import json
import os
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.contrib.auth.models import User

from mesosite.enquiries.erasure import private
from mesosite.enquiries.models import AuditEvent
from mesosite.enquiries.transactions import write

FILE = "record_carried_over"
BATCH = 500
COLUMNS = ("at", "until", "what", "person_id", "code", "network", "details")  # all but the number


def save() -> None:
    """Raises OSError and django.db.Error; then there is no file."""
    path, new = settings.VAR_DIR / FILE, settings.VAR_DIR / f"{FILE}.new"
    try:
        with open(new, "w", opener=private) as file:
            for row in AuditEvent.objects.order_by("pk").values(*COLUMNS).iterator(BATCH):
                file.write(json.dumps(row, default=datetime.isoformat) + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def put_back() -> None:
    """Adds what the record lacks, at its end. Does nothing where nothing was saved.

    Batch by batch: a second run adds no row twice.
    """
    path = settings.VAR_DIR / FILE
    if not path.exists():
        return
    with path.open() as file:
        while batch := [_row(line) for line in islice(file, BATCH)]:
            with write():
                AuditEvent.objects.bulk_create(_missing(batch))
    path.unlink()


def _row(line: str) -> AuditEvent:
    values = json.loads(line)
    times = {name: datetime.fromisoformat(values[name]) for name in ("at", "until")}
    return AuditEvent(**values | times)


def _missing(batch: list[AuditEvent]) -> list[AuditEvent]:
    """The rows that are not in the database, as new ones.

    A person who is not in the database either is named in the details, by number.
    """
    times = {row.at for row in batch}
    there = set(map(_told, AuditEvent.objects.filter(at__in=times)))
    missing = [row for row in batch if _told(row) not in there]
    people = User.objects.in_bulk({row.person_id for row in missing} - {None})
    for row in missing:
        if row.person_id and row.person_id not in people:
            row.person_id, row.details = None, row.details | {"person": row.person_id}
    return missing


def _told(row: AuditEvent) -> tuple[object, ...]:
    """What makes a row this one, wherever it stands and whoever is there."""
    person = row.details.get("person", row.person_id)
    return row.at, row.what, person, row.code, row.network
