"""YAML with the line of each key."""

import datetime
import re

import yaml

from mesosite.pages.content.errors import ContentError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, eight times as fast
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def load_yaml(path, text, first_line=1):
    """A YAML mapping as (values, {key: line in the file}). Raises ContentError."""
    node, values = parse_yaml(path, text, first_line)
    if not isinstance(values, dict):
        raise ContentError(path, first_line, "This is no list of “key: value” lines.")
    for key in values:
        if not isinstance(key, str):
            raise ContentError(path, first_line, f"“{key}” is no word: put it in quotes.")
    lines = {key.value: key.start_mark.line + first_line for key, _value in node.value}
    return values, lines


def parse_yaml(path, text, first_line=1):
    """YAML as (its node tree, its values). Raises ContentError with the line."""
    try:
        loader = _LOADER(text)
        node = loader.get_single_node()
        return node, node and loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + first_line if mark else first_line
        raise ContentError(
            path, line, "This line cannot be read as YAML.", "Quote words that hold a colon."
        ) from error
    except ValueError as error:
        rows = enumerate(text.split("\n"), first_line)
        line = next((n for n, row in rows if _holds_wrong_date(row)), first_line)
        raise ContentError(path, line, "This day is not in the calendar.") from error


def _holds_wrong_date(row):
    try:
        return not all(datetime.date.fromisoformat(day) for day in _DATE.findall(row))
    except ValueError:
        return True
