"""Imports run one way: inbox -> enquiries -> pages."""

import ast

import pytest
from django.conf import settings

MAY_IMPORT = {
    "pages": {"pages"},
    "enquiries": {"pages", "enquiries"},
    "inbox": {"pages", "enquiries", "inbox"},
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_imports_run_one_way(app):
    files = list((settings.BASE_DIR / "mesosite" / app).rglob("*.py"))
    parts = [name.split(".") for path in files for name in imported(path)]
    apps = {part[1] for part in parts if part[0] == "mesosite" and len(part) > 1}

    assert files
    assert apps & set(MAY_IMPORT) <= MAY_IMPORT[app]
