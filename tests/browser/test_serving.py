"""`make run` starts, serves, and ends when it is told to."""

import subprocess

from django.conf import settings

from tests.browser.conftest import Site


def test_make_run_ends_on_sigterm_and_leaves_nothing(tmp_path):
    site = Site(tmp_path / "var").start()

    assert site.stop() == []


def test_make_run_refuses_a_port_in_use(site):
    second = subprocess.run(
        ["make", "run"],
        cwd=settings.BASE_DIR,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode != 0
    assert f"Port {site.port} is in use" in second.stderr


def test_secrets_are_made_once_and_for_the_owner_alone(site):
    from pathlib import Path

    secret = Path(site.environment["VAR_DIR"]) / "secret_key"

    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_text()) >= 50
