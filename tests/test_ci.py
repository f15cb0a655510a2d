"""CI runs what a newcomer types, in a newcomer's environment."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

MAKE = """#!/bin/sh
echo "$* CI=${CI-unset}" >> "$ASKED"
exit ${CODE-0}
"""


@pytest.fixture
def make(tmp_path: Path) -> dict[str, str]:
    """An environment of a CI whose `make` writes down what it is asked, and ends with CODE."""
    program = tmp_path / "make"
    program.write_text(MAKE)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path = f"{tmp_path}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "CI": "true", "ASKED": str(tmp_path / "asked")}


def run(environment: dict[str, str]) -> tuple[int, list[str]]:
    """The exit code of `.ci/run`, and what it asked `make`."""
    done = subprocess.run([settings.BASE_DIR / ".ci/run"], env=environment, check=False)
    return done.returncode, Path(environment["ASKED"]).read_text().splitlines()


def test_ci_runs_the_commands_of_the_readme_as_at_a_terminal(make: dict[str, str]) -> None:
    assert run(make) == (0, ["check CI=unset", "test CI=unset"])


def test_ci_fails_where_a_command_fails(make: dict[str, str]) -> None:
    assert run(make | {"CODE": "2"}) == (2, ["check CI=unset"])
