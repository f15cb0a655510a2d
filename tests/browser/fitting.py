"""How a page fits its window: at the usual size, in text of twice the size, and spaced widely."""

from playwright.sync_api import Page

USUAL = ""
# WCAG 1.4.4. A fallback font may be a tenth wider than that of this machine.
LARGE = "html { font-size: 200% } * { letter-spacing: .05em }"
# WCAG 1.4.12.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important } p { margin-block-end: 2em !important }"""

_SET = """rules => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""
# What stands out of the window, but for what holds something else that does.
_TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const out = element => element.getBoundingClientRect().right > innerWidth + 1;
  return [...document.body.querySelectorAll("*")]
    .filter(element => out(element) && ![...element.children].some(out))
    .map(element => element.outerHTML.slice(0, 90));
}"""
# Words on two lines. An address may be broken; so may a word that was split by an editor's hyphen.
_BROKEN = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  const range = document.createRange();
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest("svg, script, textarea, option")) continue;
    for (const token of text.data.matchAll(/\\S+/g)) {
      if (/[/@]|\\.\\w/.test(token[0])) continue;
      for (const word of token[0].matchAll(/[\\p{L}\\p{N}]{2,}/gu)) {
        range.setStart(text, token.index + word.index);
        range.setEnd(text, token.index + word.index + word[0].length);
        const lines = [...range.getClientRects()].filter(line => line.width > 1.5);
        if (lines.length > 1 && lines.at(-1).top - lines[0].top > 4) found.push(word[0]);
      }
    }
  }
  return found;
}"""
# Where the focus goes, one after the other: what is covered there, or has no line around it.
_LOST = """() => {
  const wanted = "a[href], button, input, select, textarea, summary, [tabindex='0']", lost = [];
  for (const element of document.querySelectorAll(wanted)) {
    element.focus();
    if (document.activeElement !== element) continue;
    const { left, right, top, bottom } = element.getClientRects()[0];
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const there = document.elementFromPoint((left + right) / 2, y);
    const around = [element, element.closest("label, .chapters li, .inbox-row")];
    const lined = around.some(one => one && parseFloat(getComputedStyle(one).outlineWidth)
      && getComputedStyle(one).outlineStyle !== "none");
    const seen = there && [element, ...element.labels ?? []].some(
      one => one.contains(there) || there.contains(one));
    if (!lined || !seen) lost.push([lined, element.outerHTML.slice(0, 80),
      there?.outerHTML.slice(0, 60)].join(" "));
  }
  return lost;
}"""


def open_all(page: Page) -> None:
    """Opens all that opens in the text of a page."""
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")


def too_wide(page: Page, rules: str = USUAL) -> list[str]:
    """What makes a page scroll sideways under some more rules of style."""
    page.evaluate(_SET, rules)
    found: list[str] = page.evaluate(_TOO_WIDE)
    page.evaluate(_SET, USUAL)
    return found


def broken_words(page: Page) -> list[str]:
    """The words that are broken over two lines."""
    found: list[str] = page.evaluate(_BROKEN)
    return found


def lost_focus(page: Page) -> list[str]:
    """What has no line around it while it has the focus, or is covered then."""
    page.keyboard.press("Tab")  # the browser shows the focus to those who use the keyboard
    found: list[str] = page.evaluate(_LOST)
    return found
