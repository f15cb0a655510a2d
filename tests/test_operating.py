"""What nginx must not write down, as `docs/operating.md` configures it."""

import re
from pathlib import Path

import pytest

OPERATING = Path(__file__).resolve().parents[1] / "docs/operating.md"


@pytest.mark.parametrize("location", ["/consultation/", "/staff/"])
def test_nginx_writes_no_address_that_is_a_secret(location):
    """The patient's link, the mark that opens its page, and the links of staff."""
    (block,) = re.findall(rf"location {location} {{\n(.*?)\n    }}", OPERATING.read_text(), re.S)

    assert "access_log off;" in block
    assert "error_log /dev/null crit;" in block
