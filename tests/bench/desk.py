"""How long the pages of the inbox take, with few enquiries and with many: `make bench`.

    python -m tests.bench.desk 1000 20000+200000
    python -m tests.bench.desk 20000+1000000

Enquiries, and tombstones of erased ones. Milliseconds at the server: a request through every
middleware, the view and the template, in this process. The web server and the network are not
within them. Beside them the processor's time of this process, which a busy machine lengthens less:
SQLite works within it, PostgreSQL outside. No test times anything.

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
from typing import NamedTuple

VAR = Path(__file__).parents[2] / "var"
SIZES, TIMES, WARM_UP = ("1000", "20000+200000"), 20, 3
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
# Time, code and row id of tombstone number n. The time is one within SPREAD, and the code another
# for each n: the factor is odd, and so has no divisor in common with 2 ** 40.
OF_NUMBER = {
    "sqlite": (
        f"datetime(erased_at, -(n * 7919 %% {SPREAD.days * 86400}) || ' seconds')",
        "printf('%%010X', n * 618970019643 %% 1099511627776)",
        "'t' || n",
    ),
    "postgresql": (
        f"erased_at - (n * 7919 %% {SPREAD.days * 86400}) * interval '1 second'",
        "lpad(upper(to_hex(n::bigint * 618970019643 %% 1099511627776)), 10, '0')",
        "'t' || n",
    ),
}


class Medians(NamedTuple):
    """Milliseconds by the clock, and of the processor."""

    ms: float
    processor_ms: float


def main(sizes: list[str]) -> None:
    """Prints a table for each of `sizes`, such as "20000+200000"; they grow from SAMPLES."""
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


def measure(sizes: list[str]) -> None:
    from django.conf import settings
    from django.db import connection

    from mesosite.pages.publish import publish

    publish(settings.PUBLISHED_DIR)
    chance = Random(1)
    say(f"The inbox on {connection.display_name} (aim: 30 ms, with a million rows 60)")
    for size in sizes:
        live, _plus, erased = size.partition("+")
        began = time.perf_counter()
        load(int(live), int(erased or 0), chance)
        loaded = time.perf_counter() - began
        say(f"{int(live):,} enquiries, {int(erased or 0):,} tombstones, made in {loaded:.0f} s")
        print_line("", "median ms", "processor")
        for name, step in steps().items():
            print_line(name, *(f"{ms:.1f}" for ms in medians(step)))


def load(size: int, erased: int, chance: Random) -> None:
    """Adds enquiries until there are `size`, and tombstones until there are `erased`."""
    from django.core.management import call_command
    from django.db import connection, transaction

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
    live = Enquiry.objects.exclude(state="erased")
    for there in range(live.count(), size, BATCH):
        with transaction.atomic():
            add_copies(samples, min(BATCH, size - there), chance)
    with transaction.atomic():
        add_tombstones(Enquiry.objects.filter(state="erased").count(), erased)
        add_openings(size)
        hash_anew(index.bits_for(size))
    # PostgreSQL does the second by itself, some minutes later. SQLite never does.
    execute("PRAGMA synchronous=EXTRA" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def add_copies(samples: list, number: int, chance: Random) -> None:
    from mesosite.enquiries.models import Enquiry, Entry, OutgoingMail

    made = [copy_of(samples[n % len(samples)], chance) for n in range(number)]
    first = Enquiry.objects.bulk_create(made)[0].pk
    places = (samples[0].pk, first, len(samples), first)
    copy_rows(Entry, places, at="enquiry.state_since")
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


def add_tombstones(there: int, wanted: int) -> None:
    """What erasures leave of enquiries of days within SPREAD: the first one, repeated."""
    from django.db import connection
    from django.utils import timezone

    from mesosite.enquiries.models import Enquiry

    now = timezone.now()
    if not there and wanted:
        Enquiry.objects.create(state="erased", link="", erased_at=now)
        there = 1
    times = ("created_at", "asked_at", "touched_at", "state_since", "erased_at")
    at, code, row_id = OF_NUMBER[connection.vendor]
    changed = dict.fromkeys(times, at) | {"code": code, "row_id": row_id}
    columns = [field.column for field in Enquiry._meta.concrete_fields if not field.primary_key]
    values = [changed.get(column, column) for column in columns]
    connection.cursor().execute(
        "WITH RECURSIVE numbers(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
        f"INSERT INTO enquiries_enquiry ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM numbers, (SELECT * FROM enquiries_enquiry WHERE "
        "state = 'erased' ORDER BY id LIMIT 1) AS one WHERE n <= %s",
        [there + 1, wanted, wanted],
    )


def hash_anew(bits: int) -> None:
    """The search hashes of all enquiries: they change their length as the enquiries grow."""
    from mesosite.enquiries.models import Enquiry, SearchTerm
    from mesosite.enquiries.search import index

    SearchTerm.objects.all().delete()
    live = Enquiry.objects.exclude(state="erased").only("found_by", "row_id")
    for there in range(0, live.count(), BATCH):
        rows = live.order_by("pk")[there : there + BATCH]
        terms = (term for enquiry in rows for term in index.search_terms(enquiry, bits))
        SearchTerm.objects.bulk_create(terms, batch_size=BATCH * 10)


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
        "FROM enquiries_enquiry WHERE state <> 'erased' ORDER BY id LIMIT %s OFFSET %s",
        [receptionist().pk, size - there, there],
    )


def receptionist():
    from mesosite.inbox.accounts import make_login

    return make_login("desk@clinic.example", name="Eleni", roles=["receptionist"])


def steps() -> dict[str, Callable[[], object]]:
    """{name: what asks for the page and returns the answer}: a receptionist's and a manager's."""
    from django.utils import timezone

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
    latest, late = (Enquiry.objects.filter(state=one).latest("pk") for one in ("new", "closed"))
    pages = {
        "to do": "/staff/",
        "mine": "/staff/?who=mine",
        "for a clinician": "/staff/?who=clinician",
        "in progress": "/staff/in-progress/",
        "waiting": "/staff/waiting/",
        "closed": "/staff/closed/",
        "next page of it": f"/staff/closed/{following}",
        "spam": "/staff/spam/",
        "slots": "/staff/slots/",
        "visits": "/staff/visits/",
        "visits of a day": f"/staff/visits/{timezone.localdate() + timedelta(days=1)}/",
        "one request": f"/staff/e/{latest.code}/",
        "a closed one": f"/staff/e/{late.code}/",
        "a tombstone": f"/staff/e/{Enquiry.objects.filter(state='erased').first().code}/",
    }
    typed = {"a rare name": RARE, "a common name": COMMON, "a code": latest.shown_code}
    typed |= {"a phone": reached("phone"), "an email": reached("email"), "nobody": "Xqzv Wuk"}
    for name, text in typed.items():
        pages[f"find {name}"] = desk.post("/staff/find/", {"text": text})["Location"]
    records = {
        "record": "/staff/record/",
        "of a person": f"/staff/record/person/{person.pk}/",
        "of a request": f"/staff/record/request/{latest.code}/",
        "figures": "/staff/figures/",
        "people": "/staff/people/",
        "a person": f"/staff/people/{person.pk}/",
        "clinic": "/staff/clinic/",
        "ready": "/staff/ready/",
    }
    asked = {name: partial(desk.get, page) for name, page in pages.items()}
    return asked | {name: partial(manager.get, page) for name, page in records.items()}


def reached(by: str) -> str:
    """An address or number of one of the samples that has one."""
    from mesosite.enquiries.models import Enquiry

    samples = Enquiry.objects.order_by("pk")[:SAMPLES]
    return next(enquiry.contact[by] for enquiry in samples if enquiry.contact.get(by))


def medians(step: Callable[[], object]) -> Medians:
    times = []
    for _time in range(WARM_UP + TIMES):
        began, worked = time.perf_counter(), time.process_time()
        answer = step()
        times.append((time.perf_counter() - began, time.process_time() - worked))
        assert answer.status_code in (200, 302), answer.status_code
        assert b"cannot be read" not in answer.content
    return Medians(*(statistics.median(each) * 1000 for each in zip(*times[WARM_UP:], strict=True)))


def print_line(name: str, *cells: str) -> None:
    say(f"{name:<20}" + "".join(f"{cell:>11}" for cell in cells))


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:] or list(SIZES))
