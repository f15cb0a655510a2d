"""Debian's Firefox without a window, driven over WebDriver BiDi, its own protocol.

https://w3c.github.io/webdriver-bidi/ names the commands and the shapes of what they take.
"""

import itertools
import json
import re
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.site import PATIENCE

LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
KINDS = {bool: "boolean", str: "string", int: "number", float: "number"}


class BiDiError(Exception):
    """Firefox refused a command: its own words."""


class Firefox:
    """A process with a profile of its own."""

    def __init__(self, program: str, profile: Path) -> None:
        command = [program, "--headless", "--remote-debugging-port=0", "--profile", str(profile)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self._ids = itertools.count(1)
        address = self._address() + "/session"
        self._stack = ExitStack()
        connection = connect(address, max_size=None, proxy=None, open_timeout=PATIENCE)
        self._socket: ClientConnection = self._stack.enter_context(connection)
        self.send("session.new", capabilities={})

    def _address(self) -> str:
        assert self._process.stderr
        for line in self._process.stderr:
            if found := LISTENS.search(line):
                return found[1]
        raise AssertionError("Firefox ended before it listened.")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Sends a command. Returns its result. Raises BiDiError."""
        id_ = next(self._ids)
        self._socket.send(json.dumps({"id": id_, "method": method, "params": params}))
        while True:
            answer: dict[str, Any] = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("id") != id_:
                continue
            if answer["type"] != "success":
                raise BiDiError(answer["message"])
            return answer["result"]

    def call(self, context: str, function: str, *arguments: Any) -> Any:
        """Calls a JavaScript function in the page of a tab, as a person's click would.

        Takes and returns text, numbers and booleans. Raises BiDiError.
        """
        answer = self.send(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=True,
            arguments=[{"type": KINDS[type(value)], "value": value} for value in arguments],
            target={"context": context},
            userActivation=True,
        )
        if answer["type"] != "success":
            raise BiDiError(str(answer["exceptionDetails"]["text"]))
        return answer["result"].get("value")

    def stop(self) -> None:
        self._stack.close()
        self._process.terminate()
        self._process.communicate()
