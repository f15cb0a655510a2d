"""Workers and mail sender end with the process that started them, also when that is killed."""

import os
import threading
from time import sleep

CHECK = 1  # seconds
SERVER = "MESOSITE_SERVER"  # the variable that names the main process of `make run` to its workers


def follow(parent, end):
    """Calls `end` once the process with the id `parent` is not this one's parent any more."""
    threading.Thread(target=_wait, args=(parent, end), daemon=True).start()


def _wait(parent, end):
    while os.getppid() == parent:
        sleep(CHECK)
    end()
