"""Draws static/img/og.png, the picture that shared links show, from our own drawing of the skin.

    .venv/bin/uv run --no-project --with playwright --with pillow docs/og.py

Needs Chromium. To be run again when the drawing, the colours or the words change.
"""

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
DRAWING = (ROOT / "static/img/skin-section.svg").read_text("utf-8")
TOKENS = (ROOT / "static/css/tokens.css").read_text("utf-8")
PAGE = f"""<!doctype html><meta charset="utf-8"><style>{TOKENS}
:root {{ color-scheme: light; }}
body {{ margin: 0; width: 1200px; height: 630px; box-sizing: border-box; padding: 0 52px 0 64px;
  display: grid; grid-template-columns: 470px 1fr; gap: 36px; align-items: center;
  background: var(--paper); color: var(--ink); }}
h1 {{ font: 600 70px/1.08 var(--serif); margin: 0 0 30px; letter-spacing: -.01em; }}
p {{ font: 400 30px/1.4 var(--sans); color: var(--soft); margin: 0;
  border-top: 5px solid var(--accent); padding-top: 24px; }}
svg {{ width: 100%; }}
#narrow {{ display: none; }}
</style><body><div><h1>Mesotherapy for acne scars</h1>
<p>What clinics say, what studies found, and how sure one can be</p></div>{DRAWING}"""


def main():
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    with sync_playwright() as playwright:
        options = {"executable_path": found} if found else {}
        browser = playwright.chromium.launch(args=["--no-sandbox", "--disable-gpu"], **options)
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(PAGE)
        picture = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    # Ink on paper needs few colours: a quarter of the size.
    picture.convert("RGB").quantize(24).save(ROOT / "static/img/og.png", optimize=True)


if __name__ == "__main__":
    main()
