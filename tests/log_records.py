"""What the site's own handler prints, by its own formatter and at its own level."""

import io
import logging
from contextlib import contextmanager

from mesosite.logs import CodesOnly


@contextmanager
def logged():
    """Yields a function that returns all that was printed until now."""
    import mesosite.wsgi  # noqa: F401  (sets the logging up when it is first imported)

    handlers = logging.getLogger().handlers
    (handler,) = [one for one in handlers if isinstance(one.formatter, CodesOnly)]
    before, handler.stream = handler.stream, io.StringIO()
    try:
        yield handler.stream.getvalue
    finally:
        handler.stream = before
