"""How long the pages of the inbox take, with few enquiries and with many: `make bench`.

    python -m tests.bench.desk 1000 20000
    python -m tests.bench.desk 1000 1000000

Milliseconds at the server: a request through every middleware, the view and the template, in this
process. The web server and the network are not within them. No test times anything.

The database is made for the run and dropped after it: on SQLite a file on the real disk, else
"test_…" on the server of DATABASE_URL, whose own database is not touched. The first 1,000
enquiries are those of `sample_enquiries`. The others repeat them, each with a code, a link and
times of its own and encrypted anew; search terms, timeline and mails are copied with them. The
record has one opening of each, all by the same person.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from random import Random

VAR = Path(__file__).parents[2] / "var"
SIZES, TIMES, WARM_UP = (1_000, 20_000), 20, 3
HOST = "127.0.0.1"
SAMPLES, BATCH = 1_000, 2_000
RARE, COMMON = "Zenobia Quackenbush", "maria"  # one enquiry; one of eighteen
SPREAD = timedelta(days=700)
MOVED = ("created_at", "asked_at", "touched_at", "state_since", "visit_at", "seen_at")
MOVED += ("due_at", "answered_at")
SAME = ("state", "priority", "version", "topics", "contact", "answers", "close_reason", "has_news")
SAME += ("found_by", "next_on")
# Any other text is as good: nothing is encrypted in the mails that are copied.
ROW_ID = "'m' || enquiry.id || '.' || one.id"


def main(sizes: list[int]) -> None:
    """Prints a line for each of `sizes`, which grow from SAMPLES."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=VAR))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "mesosite.settings", "VAR_DIR": str(folder)}
    os.environ |= {"SECOND_FACTOR": "off", "SITE_URL": f"http://{HOST}", "DEBUG": "off"}
    import django

    django.setup()
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "bench.sqlite3")
    own = connection.settings_dict["NAME"]
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            measure(sizes)
        finally:
            connection.creation.destroy_test_db(own, verbosity=0)
    finally:
        shutil.rmtree(folder)


def measure(sizes: list[int]) -> None:
    from django.conf import settings
    from django.db import connection

    from mesosite.pages.publish import publish

    publish(settings.PUBLISHED_DIR)
    chance = Random(1)
    say(f"The inbox on {connection.display_name}, median ms (aim: 30, with a million 60)")
    for size in sizes:
        began = time.perf_counter()
        load(size, chance)
        seconds = time.perf_counter() - began
        measured = {name: median_ms(step) for name, step in steps().items()}
        if size == sizes[0]:
            print_line("enquiries", *measured, "load s")
        print_line(f"{size:,}", *(f"{ms:.1f}" for ms in measured.values()), f"{seconds:.0f}")


def load(size: int, chance: Random) -> None:
    """Adds enquiries until there are `size`."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from mesosite.enquiries.maintenance.key_rotation import fit_hashes
    from mesosite.enquiries.models import Enquiry
    from mesosite.enquiries.search import index

    execute = connection.cursor().execute
    if connection.vendor == "sqlite":
        execute("PRAGMA synchronous=OFF")  # nothing is measured yet
    if not Enquiry.objects.exists():
        call_command("sample_enquiries", SAMPLES, force=True, seed=1, stdout=StringIO())
        rare = Enquiry.objects.latest("pk")
        rare.contact |= {"name": RARE}
        rare.save(update_fields=["contact"])
        index.index(rare)
    samples = list(Enquiry.objects.order_by("pk")[: SAMPLES - 1])  # not the rare one
    for there in range(Enquiry.objects.count(), size, BATCH):
        with transaction.atomic():
            add_copies(samples, min(BATCH, size - there), chance)
    add_openings(size)
    fit_hashes()
    # PostgreSQL does the second by itself, some minutes later. SQLite never does.
    execute("PRAGMA synchronous=EXTRA" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def add_copies(samples: list, number: int, chance: Random) -> None:
    from mesosite.enquiries.models import Enquiry, Entry, OutgoingMail, SearchTerm

    made = [copy_of(samples[n % len(samples)], chance) for n in range(number)]
    first = Enquiry.objects.bulk_create(made)[0].pk
    places = (samples[0].pk, first, len(samples), first)
    copy_rows(SearchTerm, places)
    copy_rows(Entry, places)
    message_id = "one.message_id || '.' || enquiry.id"
    copy_rows(OutgoingMail, places, message_id=message_id, row_id=ROW_ID)


def copy_of(sample, chance: Random):
    """An Enquiry as `sample` is, but older by less than SPREAD. Not stored yet."""
    from mesosite.enquiries.encryption.keys import lookup_hash
    from mesosite.enquiries.models import Enquiry, new_link

    link, by = new_link(), SPREAD * chance.random()
    values = {name: getattr(sample, name) for name in (*MOVED, *SAME)}
    values |= {name: values[name] - by for name in MOVED if values[name]}
    return Enquiry(link=link, link_hash=lookup_hash("link", link), **values)


def copy_rows(model: type, places: tuple, **changed: str) -> None:
    """Copies the samples' rows of `model` to the enquiries that repeat them, in their order.

    places: key of the first sample, of the first copy, number of samples, key of the first copy.
    """
    from django.db import connection

    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    changed = {"enquiry_id": "enquiry.id"} | changed
    values = [changed.get(column, f"one.{column}") for column in columns]
    connection.cursor().execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
        f"FROM enquiries_enquiry AS enquiry JOIN {table} AS one "
        "ON one.enquiry_id = %s + (enquiry.id - %s) %% %s WHERE enquiry.id >= %s",
        places,
    )


def add_openings(size: int) -> None:
    from django.db import connection

    from mesosite.enquiries.models import AuditEvent

    there = AuditEvent.objects.filter(what="opened").count()
    connection.cursor().execute(
        "INSERT INTO enquiries_auditevent (at, until, what, person_id, code, network, details) "
        "SELECT created_at, '2099-01-01', 'opened', %s, code, 'bench', '{}' "
        "FROM enquiries_enquiry ORDER BY id LIMIT %s OFFSET %s",
        [receptionist().pk, size - there, there],
    )


def receptionist():
    from mesosite.inbox.accounts import make_login

    return make_login("desk@clinic.example", name="Eleni", roles=["receptionist"])


def steps() -> dict[str, Callable[[], object]]:
    """{name: what asks for the page and returns the answer}: a receptionist's and a manager's."""
    from mesosite.enquiries.models import Enquiry
    from mesosite.inbox.accounts import make_login
    from tests.inbox.asking import Browser
    from tests.inbox.lists.test_lists import NEXT

    desk = Browser(SERVER_NAME=HOST)
    person = receptionist()  # each call of it ends the sessions of the one before
    desk.force_login(person)
    manager = Browser(SERVER_NAME=HOST)
    manager.force_login(make_login("manager@clinic.example", roles=["manager"]))
    following = NEXT.search(desk.get("/staff/closed/").content.decode())[1]
    found = {text: desk.post("/staff/find/", {"text": text})["Location"] for text in (RARE, COMMON)}
    pages = {
        "to do": "/staff/",
        "mine": "/staff/?who=mine",
        "progress": "/staff/in-progress/",
        "closed": "/staff/closed/",
        "next page": f"/staff/closed/{following}",
        "slots": "/staff/slots/",
        "rare name": found[RARE],
        "common": found[COMMON],
        "enquiry": f"/staff/e/{Enquiry.objects.latest('pk').code}/",
    }
    records = {
        "record": "/staff/record/",
        "person's": f"/staff/record/person/{person.pk}/",
        "request's": f"/staff/record/request/{Enquiry.objects.latest('pk').code}/",
    }
    asked = {name: partial(desk.get, page) for name, page in pages.items()}
    return asked | {name: partial(manager.get, page) for name, page in records.items()}


def median_ms(step: Callable[[], object]) -> float:
    times = []
    for _time in range(WARM_UP + TIMES):
        began = time.perf_counter()
        answer = step()
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
        assert b"cannot be read" not in answer.content
    return statistics.median(times[WARM_UP:])


def print_line(*cells: object) -> None:
    say("".join(f"{cell:>11}" for cell in cells))


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
