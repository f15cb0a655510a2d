"""A desk full of attacks, in a real browser: nothing runs, nothing breaks the page of a phone."""

import json
import sys

import pytest

from tests.browser.fitting import open_all, too_wide
from tests.site import Site

FILL = """
import json
from django.conf import settings
from tests import attacks
desk = attacks.fill()
pages = attacks.staff_pages(desk, 2) + attacks.patient_pages(2)
session = desk.cookies[settings.SESSION_COOKIE_NAME]
shown = [page for page in pages if desk.get(page).status_code == 200 and "download" not in page]
print("\\n" + json.dumps([session.key, session.value, shown]))
"""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """(site, name and value of the cookie of a login, the pages)."""
    site = Site(tmp_path_factory.mktemp("attacked"), SECOND_FACTOR="off").start()
    printed = site.command(sys.executable, "manage.py", "shell", "--no-imports", "-c", FILL)
    yield site, *json.loads(printed.splitlines()[-1])
    site.kill()


def test_nothing_runs_and_nothing_scrolls_sideways(browser, attacked):
    site, name, value, pages = attacked
    context = browser.new_context(base_url=site.url, viewport={"width": 375, "height": 700})
    context.add_cookies([{"name": name, "value": value, "url": site.url}])
    page, said = context.new_page(), []
    page.on("dialog", lambda dialog: said.append(dialog.message) or dialog.dismiss())
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda one: one.url.startswith(site.url) or said.append(one.url))
    wide = {}
    for path in pages:
        assert page.goto(path).status == 200, path
        open_all(page)
        if found := too_wide(page):
            wide[path] = found
    assert said == []
    assert wide == {}
    context.close()
