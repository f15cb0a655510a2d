from pathlib import Path

from django.conf import settings

MAX_COLUMNS = 140
TEMPLATES = Path(settings.BASE_DIR, "templates")


def test_no_line_of_a_template_is_longer_than_140_characters():
    texts = {path: path.read_text("utf-8") for path in TEMPLATES.rglob("*") if path.is_file()}
    assert TEMPLATES / "base.html" in texts
    long = [
        f"{path.relative_to(TEMPLATES)}:{number}: {len(line)}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > MAX_COLUMNS
    ]
    assert long == []
