"""Patients who send requests, each again with the same answers until it is acknowledged."""

import http.client
import itertools
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit

from mesosite.enquiries.consultation.tokens import read_ticket
from tests.enquiries.filled_in import FORM, answers
from tests.site import PATIENCE, soon

AT_ONCE, PACE = 4, 1  # PACE: seconds; slower than the mails leave


class Patients:
    """AT_ONCE of them, until the end of the context, at a site that knows the tests' SECRET_KEY.

    `codes`: {email: enquiry code} of what was acknowledged.
    """

    def __init__(self, site):
        self.codes = {}
        self._address, self._numbers = site.url + FORM, itertools.count()
        self._browser = urllib.request.build_opener(NoRedirect)
        self._hurry, self._end = threading.Event(), threading.Event()

    def __enter__(self):
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._sending = [self._pool.submit(self._send_on) for _patient in range(AT_ONCE)]
        return self

    def __exit__(self, *_error):
        self._end.set()
        self._hurry.set()
        for sending in self._sending:
            sending.result()

    def crowd(self, job):
        """Do `job` while all of them send one request right after the other."""
        self._hurry.set()
        enough = len(self.codes) + 2 * AT_ONCE
        soon(lambda: len(self.codes) >= enough)
        job()
        self._hurry.clear()

    def _send_on(self):
        while not self._end.is_set():
            given = answers(email=f"patient{next(self._numbers)}@example.com")
            body = urlencode(given, doseq=True).encode()
            self.codes[given["email"]] = soon(lambda body=body: self._code_after(body))
            self._hurry.wait(PACE)

    def _code_after(self, body):
        """The enquiry code that the answer leads to, or None where it was not acknowledged."""
        try:
            self._browser.open(self._address, body, PATIENCE)
        except urllib.error.HTTPError as answer:
            where = urlsplit(answer.headers.get("Location", ""))
            return (read_ticket(parse_qs(where.query).get("e", [""])[0]) or [None])[0]
        except (OSError, http.client.HTTPException):
            return None


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_redirect):
        return None
