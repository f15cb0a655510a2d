"""Workers and mail sender end with the process that started them, even if it is killed."""

import os
import threading
from collections.abc import Callable
from time import sleep

CHECK = 1  # seconds
SERVER = "MESOSITE_SERVER"  # the variable that names the main process of `make run` to its workers


def follow(parent: int, end: Callable[[], object]) -> None:
    """Calls `end` once the process with the id `parent` is not this one's parent any more."""

    def wait() -> None:
        while os.getppid() == parent:
            sleep(CHECK)
        end()

    threading.Thread(target=wait, daemon=True).start()
