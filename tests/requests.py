"""Asks the whole WSGI application, guard and published files included, without a network."""

import io
from dataclasses import dataclass
from wsgiref.util import setup_testing_defaults


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes


def ask(path, method="GET", app=None, body=b"", **environ):
    """One request as a server would pass it on. Header names of the answer are lower case."""
    from mesosite.wsgi import application

    path, _mark, query = path.partition("?")
    asked = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    asked |= {"HTTP_HOST": "127.0.0.1", "wsgi.input": io.BytesIO(body)}
    setup_testing_defaults(asked)
    said = []
    chunks = (app or application)(asked | environ, lambda *start: said.append(start))
    answer = b"".join(chunks)
    getattr(chunks, "close", lambda: None)()
    status, headers = said[-1][:2]
    return Answer(int(status.split()[0]), {k.lower(): v for k, v in headers}, answer)
