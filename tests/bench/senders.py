"""Senders: how many requests a second a site accepts, and how long each takes."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from random import Random
from urllib.parse import urlencode

from tests.bench.connection import Connection

SENDERS, WARM_UP, SECONDS = 8, 2, 10
PREPARED = 600  # requests of one sender that are written before the run


@dataclass
class Sent:
    """One request: when it left, how many seconds it took, "" or what went wrong."""

    at: float
    took: float
    wrong: str


class Sender:
    """Sends one request after the other, over one connection."""

    def __init__(self, site, random):
        self.site, self.connection = site, Connection(site)
        self.opened = site.open_form(self.connection)
        written = self._requests(random)
        self.requests = chain(list(islice(written, PREPARED)), written)

    def _requests(self, random):
        while True:
            body = urlencode(self.site.body(self.opened, random), doseq=True).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded"} | some_address(random)
            if cookie := self.opened.get("cookie"):
                headers["Cookie"] = cookie
            yield self.connection.bytes_of("POST", self.site.path, headers, body)

    def send_until(self, ends):
        """A list of Sent."""
        sent = []
        while (begun := time.perf_counter()) < ends:
            wrong = self._outcome(next(self.requests))
            sent.append(Sent(begun, time.perf_counter() - begun, wrong))
        self.connection.close()
        return sent

    def _outcome(self, request):
        """What went wrong: a status or an error. Empty where the request was accepted."""
        try:
            answer = self.connection.ask(request)
        except OSError as error:
            return type(error).__name__
        return "" if self.site.accepted(answer) else str(answer.status)


def some_address(random):
    """As a proxy passes on who sent the request: somebody else each time."""
    parts = (str(random.randrange(1, 255)) for _part in range(3))
    return {"X-Forwarded-For": ".".join(["10", *parts])}


def run(site, seed):
    """(when it began, [Sent]) of SENDERS at once in one run, the warm-up too."""
    senders = [Sender(site, Random(f"{seed} {number}")) for number in range(SENDERS)]
    begin = time.perf_counter()
    ends = begin + WARM_UP + SECONDS
    with ThreadPoolExecutor(SENDERS) as pool:
        lots = pool.map(lambda sender: sender.send_until(ends), senders)
        return begin, [sent for lot in lots for sent in lot]


@dataclass
class Result:
    """One run in numbers: times in milliseconds, without the warm-up; errors with it."""

    per_second: float
    p50: float
    p95: float
    p99: float
    longest: float
    errors: Counter

    @classmethod
    def of(cls, begin, sent):
        counted = [one for one in sent if one.at >= begin + WARM_UP]
        times = sorted(one.took * 1000 for one in counted)
        seconds = max(one.at + one.took for one in counted) - begin - WARM_UP
        accepted = sum(not one.wrong for one in counted)
        errors = Counter(one.wrong for one in sent if one.wrong)
        return cls(accepted / seconds, *(at(times, p) for p in (50, 95, 99, 100)), errors)


def at(times, percent):
    """The time within which `percent` of the sorted `times` lie (nearest rank)."""
    return times[-(-len(times) * percent // 100) - 1]
