import time
from datetime import UTC, datetime

import pytest
from django.utils import timezone


@pytest.fixture
def clock(monkeypatch):
    """Moves the time on, in minutes."""
    now, passed = time.time(), [0]
    monkeypatch.setattr(time, "time", lambda: now + 60 * passed[0])
    at = lambda: datetime.fromtimestamp(time.time(), UTC)  # noqa: E731
    monkeypatch.setattr(timezone, "now", at)
    return lambda minutes: passed.__setitem__(0, passed[0] + minutes)
