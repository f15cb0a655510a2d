"""A mail server that does as it is told, in a thread of its own."""

import asyncio
import socket
import threading
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult


class MailServer:
    """`at_rcpt`: its answer to a recipient. `at_data`: a coroutine of `server` that answers a mail.

    `arrived`: each mail whose text came in whole, as an EmailMessage. `talks`: how many connections
    there were.
    """

    def __init__(self):
        self.at_rcpt, self.at_data = "250 OK", answering("250 OK")
        self.arrived, self.talks = [], 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self):
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_error):
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def message_ids(self):
        return [mail["Message-ID"] for mail in self.arrived]

    async def _serve(self):
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        await self._loop.create_server(self._talk, sock=self._socket)
        self._ready.set()
        await self._ended.wait()

    def _talk(self):
        self.talks += 1
        options = {"auth_require_tls": False, "authenticator": refuse_login}
        return SMTP(self, hostname="mail.example", loop=self._loop, **options)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.at_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server, session, envelope):
        self.arrived.append(message_from_bytes(envelope.content, policy=default))
        return await self.at_data(server)


def refuse_login(*_login):
    return AuthResult(success=False, handled=False)


def answering(line):
    async def answer(server):
        return line

    return answer


async def hanging(server):
    """No answer, until the sender or the test ends."""
    await asyncio.Event().wait()


async def dripping(server):
    """An answer that never comes to its end, each piece of it in time."""
    while True:
        await server.push("250-one moment")
        await asyncio.sleep(0.01)


async def dropping(server):
    """The mail was taken in and the line is cut before anything is said."""
    server.transport.abort()
    await asyncio.Event().wait()


async def dropping_after_250(server):
    await server.push("250 OK")
    server.transport.close()
    await asyncio.Event().wait()


def answering_after(job):
    """Holds the mail until `job` is done, in another thread."""

    async def answer(server):
        await asyncio.get_running_loop().run_in_executor(None, job)
        return "250 OK"

    return answer
