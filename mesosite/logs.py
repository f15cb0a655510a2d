"""Logs carry codes only: what patients write, and where they click, has no place in them.

Loggers of this project print their words, which are ours. Of anybody else's record the words are
left out, since they may quote an address, a form or a row of the database. Exceptions are printed
by class, code and place, never by their words: the source has those.
"""

import logging
import logging.config
import sys
import threading
import time
import warnings
from pathlib import Path
from traceback import walk_tb

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError

OWN = Path(__file__).parent
FRAMES = 4  # of this project, the innermost: enough to find the line
CODES = ("sqlstate", "sqlite_errorname", "smtp_code", "errno")
FOR_OPERATORS = (CommandError, ImproperlyConfigured, ImportError)  # nothing of a patient in these
logger = logging.getLogger(__name__)


def logging_for(debug):
    """The LOGGING of Django. debug: words and all, for who develops, and nobody else."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"console": {"()": "logging.Formatter" if debug else CodesOnly}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "console"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # Without handlers of their own: Django's writes mails, the web server's writes words.
            "django": {"handlers": []},
            "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
            # What is asked for and is not there (4xx) is nobody's fault, and there is a lot of it.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
        },
    }


def configure(config):
    """The LOGGING_CONFIG of Django. What Python itself would print goes the same way."""
    logging.config.dictConfig(config)
    logging.raiseExceptions = False  # else a record that cannot be formatted is printed raw
    warnings.showwarning = _log_warning
    sys.excepthook = _log_end
    if threading.excepthook is threading.__excepthook__:  # a test runner has its own, which stay
        threading.excepthook = _log_uncaught
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _log_uncaught


class CodesOnly(logging.Formatter):
    """One line a record: time, level, logger, what the project says, status, route, exception."""

    converter = time.gmtime
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def format(self, record):
        error = record.exc_info[1] if record.exc_info else None
        said = [
            self.formatTime(record),
            record.levelname,
            record.name,
            _words(record),
            str(getattr(record, "status_code", "")),
            _route(getattr(record, "request", None)),
            " from ".join(map(_told, _chain(error))),
        ]
        return " ".join(filter(None, said))


def _words(record):
    """The project's own words; else where in the code the record was made."""
    if record.name.partition(".")[0] == OWN.name:
        return record.getMessage()
    return f"{_place(record.pathname)}:{record.lineno}"


def _route(request):
    """The pattern of the address: the address itself may be a patient's link."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else ""


def _chain(error):
    """An exception and what it came from, each once."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def _told(error):
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    own = [frame for frame in frames if OWN in Path(frame[0]).parents]
    places = [f"{_place(path)}:{line}" for path, line in (own or frames[-1:])[-FRAMES:]]
    return type(error).__name__ + _code(error) + (f" at {' > '.join(places)}" if places else "")


def _code(error):
    """What the database, the mail server or the system calls the error."""
    found = next((str(code) for name in CODES if (code := getattr(error, name, None))), "")
    return f"({found})" if found.replace("_", "").isalnum() else ""


def _place(path):
    return path.rpartition("/site-packages/")[2].removeprefix(f"{OWN.parent}/")


def _log_warning(message, category, filename, lineno, file=None, line=None):
    logger.warning("%s at %s:%s", category.__name__, _place(str(filename)), lineno)


def _log_uncaught(args):
    """What a thread or the end of an object raised."""
    logger.error("uncaught", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def _log_end(kind, error, trace):
    """What ended a command. Words that were written for the operator are said."""
    if isinstance(error, FOR_OPERATORS):
        sys.stderr.write(f"{kind.__name__}: {error}\n")
    elif issubclass(kind, Exception):
        logger.critical("ended by", exc_info=(kind, error, trace))
    else:
        sys.__excepthook__(kind, error, trace)
