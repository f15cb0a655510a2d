"""A tab of Chromium or of Firefox, with what a person does there, the same in both."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Page

from tests.browser.firefox import BiDiError, Firefox
from tests.site import soon

END = "\ue010"  # the key, as WebDriver names it
# Another page than the one that was left, whole; on the way Firefox may show an empty about:blank.
THERE = """left => performance.timeOrigin !== left && location.protocol !== 'about:'
    && document.readyState === 'complete'"""


class Tab:
    def call(self, function: str, *arguments: Any) -> Any:
        """Calls a JavaScript function in the page. Takes and returns text, numbers and booleans."""
        raise NotImplementedError

    def goto(self, path: str) -> None:
        raise NotImplementedError

    def type(self, selector: str, text: str) -> None:
        """Presses the keys of `text` at the end of a field."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def until(self, function: str, *arguments: Any) -> None:
        """Waits until the function returns true, whatever pages come and go meanwhile."""
        soon(lambda: self._holds(function, *arguments))

    def _holds(self, function: str, *arguments: Any) -> bool:
        try:
            return bool(self.call(function, *arguments))
        except (BiDiError, Error):  # the page is just being left
            return False

    def leave(self, action: Callable[[], object]) -> None:
        """Does what leads to another page, and waits until that is loaded."""
        left = self.call("() => performance.timeOrigin")
        action()
        self.until(THERE, left)

    def click(self, selector: str) -> None:
        self.call("selector => { document.querySelector(selector).click() }", selector)

    def go_back(self) -> None:
        self.leave(lambda: self.call("() => { setTimeout(() => history.back()) }"))


class ChromiumTab(Tab):
    def __init__(self, page: Page) -> None:
        self._page = page

    def call(self, function: str, *arguments: Any) -> Any:
        return self._page.evaluate(f"given => ({function})(...given)", list(arguments))

    def goto(self, path: str) -> None:
        self._page.goto(path)

    def type(self, selector: str, text: str) -> None:
        field = self._page.locator(selector)
        field.press("End")
        field.press_sequentially(text)

    def close(self) -> None:
        self._page.context.close()


class FirefoxTab(Tab):
    """A tab in a context of its own (cookies, storage)."""

    def __init__(self, browser: Firefox, base_url: str) -> None:
        self._browser, self._base_url = browser, base_url
        self._user_context = browser.send("browser.createUserContext")["userContext"]
        tab = browser.send("browsingContext.create", type="tab", userContext=self._user_context)
        self._context = tab["context"]

    def call(self, function: str, *arguments: Any) -> Any:
        return self._browser.call(self._context, function, *arguments)

    def goto(self, path: str) -> None:
        url = self._base_url + path
        self._browser.send(
            "browsingContext.navigate", context=self._context, url=url, wait="complete"
        )

    def type(self, selector: str, text: str) -> None:
        self.call("selector => { document.querySelector(selector).focus() }", selector)
        strokes = [{"type": t, "value": key} for key in END + text for t in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": strokes}
        self._browser.send("input.performActions", context=self._context, actions=[keyboard])

    def close(self) -> None:
        self._browser.send("browser.removeUserContext", userContext=self._user_context)
