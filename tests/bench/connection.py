"""One connection to a site on this machine. Plain sockets: a client that is no load of its own."""

import socket
from dataclasses import dataclass

PATIENCE = 30
BROWSER = {
    "Accept": "text/html,application/xhtml+xml",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "el,en;q=0.7",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}


@dataclass
class Answer:
    """The names of `headers` are lower case."""

    status: int
    headers: dict
    body: bytes


class Connection:
    """Kept open, and opened again after an error."""

    def __init__(self, site):
        self.address, self.socket = ("127.0.0.1", site.port), None
        self.headers = BROWSER | {"Host": f"127.0.0.1:{site.port}"}
        self.headers |= {"Origin": site.url, "Referer": site.url + site.path}

    def get(self, path, **headers):
        return self.ask(self.bytes_of("GET", path, headers))

    def bytes_of(self, method, path, headers, body=b""):
        """A request as it goes over the wire."""
        sent = self.headers | headers | {"Content-Length": len(body)}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def ask(self, request):
        """The Answer to the bytes of a request. Raises OSError."""
        try:
            if self.socket is None:
                self.socket = socket.create_connection(self.address, timeout=PATIENCE)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(request)
            return self._answer()
        except OSError:
            self.close()
            raise

    def _answer(self):
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        first, *lines = received[:end].decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in lines)
        headers = {name.lower(): value for name, _colon, value in pairs}
        body = received[end + 4 :]
        while len(body) < int(headers["content-length"]):
            body += self._more()
        return Answer(int(first.split()[1]), headers, body)

    def _more(self):
        if data := self.socket.recv(65536):
            return data
        raise ConnectionResetError("The server closed the connection.")

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None
