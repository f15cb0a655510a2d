import pytest

from tests.enquiries.mail.server import MailServer
from tests.site import Site


@pytest.fixture(scope="session")
def mail_server():
    """What the mails of `site` arrive at."""
    with MailServer() as server:
        yield server


@pytest.fixture(scope="session")
def site(tmp_path_factory, mail_server):
    """The site as `make run` serves it first, for whatever does not end it. SIGTERM leaves nothing.

    Nothing is there before, not even the folder.
    """
    smtp = f"smtp://127.0.0.1:{mail_server.port}"
    site = Site(tmp_path_factory.mktemp("first") / "var", EMAIL_URL=smtp)
    site.HAS_RUN = False
    site.start()
    yield site
    left = site.stop()
    site.kill()
    assert left == []


@pytest.fixture
def running(tmp_path):
    """A site of its own for a test that kills: nothing of it outlives the test."""
    site = Site(tmp_path / "var")
    yield site
    site.kill()
