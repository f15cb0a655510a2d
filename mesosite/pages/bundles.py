"""Static files joined into one for each kind of page: `static/css/*.css` and `static/js/*.js`."""

from collections.abc import Iterable, Iterator
from typing import Any

import rcssmin
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# No block, drawing or wide table.
_PLAIN = ("tokens", "base", "masthead", "page", "components", "print")
_SITE = (*_PLAIN[:-1], "labels", "blocks", "figures", "charts", "print")
_WHOLE = (*_SITE[:-1], "compare", "decision_blocks", "print")
_DECIDING = tuple(part for part in _WHOLE if part != "charts")
_FORM = (*_SITE, "forms", "search")
_HOME = (*_PLAIN[:-1], "labels", "blocks", "figures", "home", "print")
_LEAFLET = (*_WHOLE, "home", "leaflet", "leaflet_print")
BUNDLES = {
    "plain.css": _PLAIN,
    "site.css": _SITE,
    "home.css": _HOME,
    "deciding.css": _DECIDING,
    "whole.css": _WHOLE,
    "form.css": (*_FORM, "patient"),
    "leaflet.css": _LEAFLET,
    "staff.css": (*_FORM, "inbox"),
    "page.js": ("menu", "questions"),
    "form.js": ("menu", "questions", "submitted", "left"),
}


def joined(name: str) -> str:
    """The text of a bundle: its files in order, CSS made small, lines of comment left out of JS."""
    kind = name.rpartition(".")[2]
    folder = settings.BASE_DIR / "static" / kind
    text = "\n".join((folder / f"{part}.{kind}").read_text("utf-8") for part in BUNDLES[name])
    if kind == "css":
        return rcssmin.cssmin(text) + "\n"
    return "".join(row for row in text.splitlines(True) if not row.lstrip().startswith("//"))


class BundleFinder(BaseFinder):
    """Gives the bundles to Django's static files, in development and publishing."""

    folder = settings.VAR_DIR / "bundles"

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in BUNDLES:
            return []
        self._write(path)
        return [str(self.folder / path)] if find_all else str(self.folder / path)

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in BUNDLES:
            self._write(name)
            yield name, FileSystemStorage(self.folder)

    def _write(self, name: str) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_text(joined(name), "utf-8")
