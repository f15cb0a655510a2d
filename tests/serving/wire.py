"""The site's own server, asked byte by byte, with all that it prints kept."""

import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlencode

from tests.site import PATIENCE, Site

ANSWERS = {
    "name": "Ana",
    "email": "ana@example.com",
    "contact_by": "email",
    "language": "en",
    "adult": "yes",
    "problem": "no",
    "consent": "on",
}


class WatchedSite(Site):
    """With what it prints in `said()`."""

    COMMAND = (sys.executable, "-m", "mesosite.serve")

    def __init__(self, folder, **environment):
        super().__init__(folder / "var", **environment)
        self.log = folder / "printed"

    def start(self):
        with open(self.log, "wb") as log:
            return super().start(stdout=log, stderr=subprocess.STDOUT)

    def said(self):
        return self.log.read_text("latin-1")

    def ask(self, *lines, body=b"", hang_up=False):
        """Send lines as they are, and read the whole answer. hang_up: send no more than that."""
        raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(b"\r\n".join([*raw, b"", b""]) + body)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode("latin-1")

    def send(self, *headers, **changes):
        """Ask for a consultation, with headers of one's own. Returns the whole answer."""
        always = ("Host: 127.0.0.1", "Connection: close", *headers)
        page = self.ask("GET /consultation/ HTTP/1.1", *always)
        token = page.partition('name="token" value="')[2].partition('"')[0]
        body = urlencode(ANSWERS | {"token": token} | changes).encode()
        return self.ask(
            "POST /consultation/ HTTP/1.1",
            *always,
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            body=body,
        )

    def enquiries(self, column):
        """What stands in a column of all enquiries, in their order."""
        rows = self.sql(f"SELECT {column} FROM enquiries_enquiry ORDER BY id")
        return [value for (value,) in rows]


@contextmanager
def watched(folder, **environment):
    site = WatchedSite(folder, **environment).start()
    try:
        yield site
    finally:
        site.stop()
