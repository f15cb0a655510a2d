"""Publishing: every page rendered once into a folder of files, compressed beside them.

The folder is served by `mesosite.wsgi`, and can be given to nginx or a CDN as it is.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from whitenoise.compress import Compressor

from mesosite.pages import rendering
from mesosite.pages.catalogue import all_pages
from mesosite.pages.views.generated import GENERATED


def publish(folder: Path) -> int:
    """Writes the whole public site into `folder`, which must be new and be PUBLISHED_DIR.

    Returns the number of pages. Raises FileExistsError where the folder is there already: a file
    in use is never changed.
    """
    folder.mkdir(parents=True, exist_ok=False)
    call_command("collectstatic", interactive=False, verbosity=0)
    compressor = Compressor(quiet=True)
    with ThreadPoolExecutor() as pool:  # brotli lets go of Python's lock: the next page is made
        compressed = []
        for name, text in published_files():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            compressed.append(pool.submit(compressor.compress, str(path)))
        for done in compressed:
            done.result()
    return len(all_pages())


def published_files() -> Iterator[tuple[str, str]]:
    """Each file of the public site but the static ones, as (path in the folder, text)."""
    for page in all_pages().values():
        yield f"{page.url.strip('/')}/index.html".lstrip("/"), rendering.render_page(page)
    for made in GENERATED:
        yield made.file, made.render()


def forget_old(keep: int = 3) -> None:
    """Removes published folders but the newest `keep`; those in use are among them."""
    folders = sorted((settings.VAR_DIR / "published").iterdir())
    for folder in folders[:-keep]:
        shutil.rmtree(folder, ignore_errors=True)
