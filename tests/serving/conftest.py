import pytest

from tests.site import Site


@pytest.fixture
def running(tmp_path):
    """A site of its own for a test that kills: nothing of it outlives the test."""
    site = Site(tmp_path / "var")
    yield site
    site.kill()
