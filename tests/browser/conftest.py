"""Real Chromium against the site as `make run` serves it."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.firefox import Firefox
from tests.browser.fitting import LARGE, SPACED, USUAL, lost_focus, too_wide
from tests.browser.tabs import ChromiumTab, FirefoxTab, Tab
from tests.site import PATIENCE, Site

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
LOOKS = [(320, "light"), (1280, "dark")]
"""Each layout and each scheme once: test_contrast holds that a scheme changes nothing but colours,
and that all of them can be read in both."""
WITHOUT_CONTRAST = {
    "resultTypes": ["violations"],
    "rules": {"color-contrast": {"enabled": False}},  # three quarters of the time that axe takes
}
INSTALL = "apt-get install chromium, or: .venv/bin/playwright install --with-deps chromium"
INSTALL_FIREFOX = "apt-get install firefox-esr"
MOST_STOPS = 300  # of the tab key on one page
LOADED = Axe(axe_script="0")  # axe is in the page, and half a megabyte is not read again
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


@pytest.fixture(scope="session")
def base_url(site):
    return site.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type):
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found and not Path(browser_type.executable_path).exists():
        pytest.exit(f"No Chromium on this machine. {INSTALL}", returncode=1)
    return {"args": list(QUIET)} | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Browser:
    """Chromium, with PATIENCE for a slow machine."""
    new_context = browser.new_context

    def patient_context(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE * 1000)
        return context

    browser.new_context = patient_context
    expect.set_options(timeout=PATIENCE * 1000)
    return browser


def arrive(page: Page, address: str) -> None:
    """Wait until the page is loaded whose address the pattern finds."""
    expect(page).to_have_url(re.compile(address))
    page.wait_for_load_state()


def tab_until(page: Page, reached: Callable[[], bool]) -> None:
    """Press the tab key until that is so."""
    for _press in range(MOST_STOPS):
        if reached():
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{MOST_STOPS} presses of the tab key did not reach it.")


@pytest.fixture(scope="session")
def password_link(site):
    """The link that `make staff` prints for somebody new, who may see every page."""
    roles = "ROLE=clinician,manager"
    printed = site.command("make", "staff", "EMAIL=eleni@clinic.example", roles)
    return re.search(r"http://\S+/password/\S+", printed)[0]


@pytest.fixture
def plain(browser, site):
    """A phone's page without JavaScript."""
    context = browser.new_context(
        java_script_enabled=False, base_url=site.url, viewport={"width": 375, "height": 700}
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        pytest.exit(f"No Firefox on this machine. {INSTALL_FIREFOX}", returncode=1)
    firefox = Firefox(program, tmp_path_factory.mktemp("firefox"))
    yield firefox
    firefox.stop()


@pytest.fixture(params=["chromium", "firefox"])
def tab(request: pytest.FixtureRequest, site: Site) -> Iterator[Tab]:
    if request.param == "firefox":
        tab: Tab = FirefoxTab(request.getfixturevalue("firefox"), site.url)
    else:
        browser: Browser = request.getfixturevalue("browser")
        tab = ChromiumTab(browser.new_context(base_url=site.url).new_page())
    yield tab
    tab.close()


@pytest.fixture
def assert_accessible() -> Callable[..., None]:
    """Asserts that axe finds nothing on a page as it is shown."""

    def check(page: Page, options: dict[str, Any] = DEFAULT_OPTIONS) -> None:
        page.wait_for_load_state()
        found = (LOADED if page.evaluate("'axe' in window") else Axe()).run(page, options=options)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def assert_looks_well(assert_accessible: Callable[..., None]) -> Callable[[Page], None]:
    """Asserts that a page is accessible in each of LOOKS, and no wider than the window.

    Neither with text of twice the size, nor spaced as widely as WCAG asks. What has the focus is
    seen, wherever that goes. axe measures the contrast in the first look.
    """

    def check(page: Page) -> None:
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            assert_accessible(page, DEFAULT_OPTIONS if scheme == "light" else WITHOUT_CONTRAST)
            for rules in (USUAL, LARGE, SPACED):
                assert too_wide(page, rules) == [], (width, scheme, rules)
            assert lost_focus(page) == [], (width, scheme)

    return check
