"""How many requests a second are accepted, beside a Wagtail form page: `make bench`.

    python -m tests.bench.sending

Both sites run with 2 workers on 2 cores and the same durability, in folders on the real disk. They
are measured in turns, so that whatever else the machine does hits both. No test times anything.
"""

import math
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from itertools import chain
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from tests.bench.connection import Connection
from tests.bench.senders import Result, at, run
from tests.bench.sites import BASE_DIR, Product, Yardstick

CORES, RUNS, FORMS, WARM_UP = 2, 3, 200, 20
COLUMNS = ("requests/s", "p50 ms", "p95 ms", "p99 ms", "max ms", "errors")


def main():
    stay_on_cores()
    say(f"Before the start the machine is busy with {os.getloadavg()[0]:.1f} (0 is a quiet one).")
    (BASE_DIR / "var").mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=BASE_DIR / "var"))
    try:
        safe = measure(folder)
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if safe else "An accepted request was lost.")


def stay_on_cores():
    """This process, and so every server that it starts, on CORES cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def measure(folder):
    """Prints the numbers of both sites. Returns whether every accepted request is stored."""
    product = Product(folder / "mesosite")
    fields, durability = set_up(product)
    with product, Yardstick(folder / "wagtail", fields, durability) as yardstick:
        sites = (product, yardstick)
        results, accepted = alternate(sites)
        print_medians(sites, results)
        safe = [print_stored(site, accepted[site]) for site in sites]
        print_form_pages(product)
    return all(safe)


def set_up(product):
    """Django, with the product's settings. Returns the form's fields and SQLite's options."""
    os.environ |= product.environment
    import django

    django.setup()
    from django.conf import settings

    from tests.bench.answers import fields

    return fields(), settings.DATABASES["default"]["OPTIONS"]


def alternate(sites):
    """({site: [Result]}, {site: how many were accepted}) of RUNS runs, in turns."""
    results, accepted = {site: [] for site in sites}, Counter()
    print_line("", *COLUMNS)
    for number in range(1, RUNS + 1):
        for site in sites:
            begin, sent = run(site, number)
            results[site].append(Result.of(begin, sent))
            accepted[site] += sum(not one.wrong for one in sent)
            print_result(f"{site.name}, run {number}", results[site][-1])
    return results, accepted


def print_medians(sites, results):
    medians = {site: median(results[site]) for site in sites}
    for site in sites:
        print_result(f"{site.name}, median", medians[site])
        if medians[site].errors:
            say(f"  errors: {dict(medians[site].errors)}")
    pairs = zip(*(results[site] for site in sites), strict=True)
    factor = statistics.median(one.per_second / other.per_second for one, other in pairs)
    say(f"{factor:.1f} times as many as the Wagtail form page (aim: 5)")


def median(results):
    """The median of each number; all errors."""
    names = ("per_second", "p50", "p95", "p99", "longest")
    numbers = (statistics.median(getattr(result, name) for result in results) for name in names)
    return Result(*numbers, sum((result.errors for result in results), Counter()))


def print_stored(site, accepted):
    stored = site.stored()
    say(f"{site.name}: {accepted:,} accepted, {stored:,} stored")
    return stored >= accepted


def print_form_pages(product):
    """The empty form, and one that is refused, with its errors."""
    from tests.bench.answers import made_up

    wrong = urlencode(made_up(Random(1)) | {"email": "nobody@", "token": ""}, doseq=True).encode()
    print_page(product, "The form page (aim: p95 under 20 ms, 5 ms of a processor)", 200, "GET")
    print_page(product, "A refused form, with every answer", 422, "POST", wrong)


def print_page(product, name, status, method, body=b""):
    """How long a page takes at the server, one request at a time; the loopback is within it."""
    connection, times = Connection(product), []
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = connection.bytes_of(method, product.path, headers, body)
    for _worker in range(WARM_UP):
        connection.ask(request)
    before = processor_time(product.process.pid)
    for _number in range(FORMS):
        started = time.perf_counter()
        answer = connection.ask(request)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status == status, answer.status
    used = (processor_time(product.process.pid) - before) * 1000 / FORMS
    times.sort()
    said = ", ".join(f"p{percent} {at(times, percent):.1f} ms" for percent in (50, 95, 99))
    say(f"{name}: {said}; of a processor {used:.1f} ms")


def processor_time(pid):
    """Seconds of a processor that a process and its children have used; nan where no /proc says."""
    folder = Path(f"/proc/{pid}")
    if not folder.is_dir():
        return math.nan
    ticks = sum(map(int, (folder / "stat").read_text().rpartition(")")[2].split()[11:13]))
    lists = [file.read_text().split() for file in folder.glob("task/*/children")]
    return ticks / os.sysconf("SC_CLK_TCK") + sum(map(processor_time, chain(*lists)))


def print_result(name, result):
    numbers = (result.per_second, result.p50, result.p95, result.p99, result.longest)
    print_line(name, *(f"{number:.1f}" for number in numbers), sum(result.errors.values()))


def print_line(name, *cells):
    say(f"{name:26}" + "".join(f"{cell:>12}" for cell in cells))


def say(text):
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
