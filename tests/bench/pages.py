"""How long the gate and the publishing of many pages take: `make bench`. No test times anything.

    python -m tests.bench.pages 250 500 1000

Each copy of a page lies in a folder of its own, with questions of its own; the points of the
article stay on the site's own pages. Every size runs in a process of its own.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

CONTENT = Path(__file__).parents[2] / "content"
_PAIR = re.compile(r"^/// pair \| \w+\n(.*?)\n///$", re.DOTALL | re.MULTILINE)
_POINTS = re.compile(r"^points: .*\n", re.MULTILINE)
_DESCRIPTION = re.compile(r"^description: .*", re.MULTILINE)
_MEASURED = "description: Copy {} of a page. It says what that page says, and is for measuring."
_HOME = re.compile(r"^layout: home\n", re.MULTILINE)
_ASKED = "questions:\n  - id: copy-{}\n    text: What does this page say?\n"
_QUESTION = re.compile(r"^  - id: ", re.MULTILINE)


def copy_pages(folder, size):
    """Copies the content into `folder` and adds copies of its pages until there are `size`."""
    shutil.copytree(CONTENT, folder)
    own = sorted((folder / "en").glob("*.md"))
    for number in range(size - len(own)):
        page = own[number % len(own)]
        text = _QUESTION.sub(f"  - id: copy-{number}-", page.read_text("utf-8"))
        text = _PAIR.sub(r"\1", _POINTS.sub("", text))
        text = _HOME.sub(_ASKED.format(number), _DESCRIPTION.sub(_MEASURED.format(number), text))
        path = folder / "en" / f"copies-{number // len(own)}" / page.name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def measure(size):
    """Seconds of the gate and of publishing, for `size` pages; run in a process of its own."""
    work = Path(tempfile.mkdtemp(prefix="mesosite-bench-"))
    copy_pages(work / "content", size)
    os.environ |= {"CONTENT_DIR": str(work / "content"), "VAR_DIR": str(work / "var")}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "mesosite.settings", "PUBLISHED": "bench"}
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from mesosite.pages.publish import publish

    started = time.perf_counter()
    call_command("check", stdout=StringIO())
    checked = time.perf_counter()
    pages = publish(settings.PUBLISHED_DIR)
    done = time.perf_counter()
    seconds = (checked - started, done - checked, done - started, time.process_time())
    print(f"{pages:7}" + "".join(f"{said:9.1f}" for said in seconds))  # noqa: T201
    shutil.rmtree(work)


def main(sizes):
    print(f"{'pages':>7}{'gate s':>9}{'publish':>9}{'both':>9}{'CPU':>9}", flush=True)  # noqa: T201
    for size in sizes:
        subprocess.run([sys.executable, "-m", "tests.bench.pages", "--one", size], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
    else:
        main(sys.argv[1:] or ["250", "500", "1000"])
