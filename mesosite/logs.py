"""Logs carry codes only: no words of patients and no address that they open.

The project's loggers print their messages. Another logger's message may quote an address, a form or
a row of the database: the place in the code is printed instead. Exceptions are printed by class,
code and place; `message_for_operator` names those that are printed in words.
"""

import logging
import logging.config
import os
import sys
import threading
import time
import warnings
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any

from django import db
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.http import HttpRequest

from mesosite.pages.content.errors import ContentError

OWN = Path(__file__).parent
FRAMES = 4  # of this project, the innermost: enough to find the line
CODES = ("sqlstate", "sqlite_errorname", "smtp_code", "errno")
FOR_OPERATORS = (CommandError, ImproperlyConfigured, ImportError)  # no patient's words in these
NOT_WRITABLE = "The database cannot be written. This user must be allowed to write in VAR_DIR."
SQLITE = {
    "SQLITE_CANTOPEN": NOT_WRITABLE,
    "SQLITE_READONLY": NOT_WRITABLE,
    "SQLITE_FULL": "The disk is full.",
    "SQLITE_BUSY": "Another process holds the database. Try again.",
}
UNDEFINED = ("42P01", "42703")  # the SQLSTATEs of an undefined table and column
logger = logging.getLogger(__name__)


def logging_for(debug: bool) -> dict[str, Any]:
    """The LOGGING of Django. debug: with all messages, for development only."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"console": {"()": "logging.Formatter" if debug else CodesOnly}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "console"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # Without handlers of their own: Django's sends mails, the web server's prints messages.
            "django": {"handlers": []},
            "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
            # Answers 4xx are frequent, and no fault of the site.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "mesosite.enquiries.audit": {"level": "INFO"},  # what staff did
        },
    }


def configure(config: dict[str, Any]) -> None:
    """The LOGGING_CONFIG of Django. Warnings and uncaught exceptions of Python are logged too."""
    logging.config.dictConfig(config)
    logging.raiseExceptions = False  # else a record that cannot be formatted is printed raw
    warnings.showwarning = _log_warning
    sys.excepthook = print_end
    if threading.excepthook is threading.__excepthook__:  # a test runner's own hooks stay
        threading.excepthook = _log_uncaught
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _log_uncaught


class CodesOnly(logging.Formatter):
    """One line a record: time, level, logger, message or place, status, route, exception."""

    converter = staticmethod(time.gmtime)
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        said = [self.formatTime(record), record.levelname, record.name, _message(record)]
        said += [str(getattr(record, "status_code", "")), _route(getattr(record, "request", None))]
        said.append(" from ".join(map(_codes, _chain(error))))
        return " ".join(filter(None, said))


def _message(record: logging.LogRecord) -> str:
    """The project's own message; else the place in the code that made the record."""
    if record.name.partition(".")[0] == OWN.name:
        return record.getMessage()
    return f"{_place(record.pathname)}:{record.lineno}"


def _route(request: HttpRequest | None) -> str:
    """The pattern of the address: the address itself may be a patient's link."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else ""


def _chain(error: BaseException | None) -> list[BaseException]:
    """An exception and those that it came from, each once."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def _codes(error: BaseException) -> str:
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    own = [frame for frame in frames if OWN in Path(frame[0]).parents]
    places = [f"{_place(path)}:{line}" for path, line in (own or frames[-1:])[-FRAMES:]]
    return type(error).__name__ + _code(error) + (f" at {' > '.join(places)}" if places else "")


def _code(error: BaseException) -> str:
    """The code that the database, the mail server or the system gives the error."""
    found = next((str(code) for name in CODES if (code := getattr(error, name, None))), "")
    return f"({found})" if found.replace("_", "").isalnum() else ""


def _place(path: str) -> str:
    return path.rpartition("/site-packages/")[2].removeprefix(f"{OWN.parent}/")


def _log_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any
) -> None:
    logger.warning("%s at %s:%s", category.__name__, _place(filename), lineno)


def _log_uncaught(args: Any) -> None:
    """Logs an exception of a thread or of a destructor."""
    logger.error("uncaught", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def print_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The sys.excepthook of every command: prints what is wrong and what to do, or codes."""
    debug = settings.configured and settings.DEBUG
    if (message := message_for_operator(error)) and not debug:
        sys.stderr.write(f"{kind.__name__}: {message}\n")
    elif settings.configured and not debug and issubclass(kind, Exception):
        logger.critical("ended by", exc_info=(kind, error, trace))
    elif kind is not KeyboardInterrupt:
        sys.__excepthook__(kind, error, trace)


def message_for_operator(error: BaseException) -> str:
    """The fault and its remedy; "" where a message could hold a patient's words.

    A message of the database, the system or a library is never quoted: the text is the project's.
    """
    if isinstance(error, ContentError):
        return f"{error} {error.hint}".strip()
    if isinstance(error, FOR_OPERATORS):
        return str(error)
    if isinstance(error, db.Error):
        return _message_for_database(error)
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno) + _file_of(error)
    if isinstance(error, ValueError) and str(error).startswith("Missing staticfiles manifest"):
        return "The site is not published yet. Run: make publish (or make run, which publishes)."
    return ""


def _message_for_database(error: db.Error) -> str:
    cause = error.__cause__
    if getattr(cause, "sqlstate", "") in UNDEFINED or str(error).startswith("no such "):
        return "The database lacks a table or a column. Run: make run (or manage.py migrate)"
    if isinstance(cause, OSError):
        return message_for_operator(cause)
    name = str(getattr(cause, "sqlite_errorname", ""))
    for beginning, message in SQLITE.items():
        if name.startswith(beginning):
            return message
    if isinstance(error, db.OperationalError) and not (_code(cause) if cause else ""):
        return "The database does not answer. Check that it runs, and DATABASE_URL."
    return ""


def _file_of(error: OSError) -> str:
    """The file of the error, where it is one of the site's own."""
    if not settings.configured:
        return ""
    folders, path = (settings.VAR_DIR, settings.BASE_DIR), Path(str(error.filename))
    return f": {path}" if any(folder in path.parents for folder in folders) else ""
