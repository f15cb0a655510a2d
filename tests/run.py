"""`make test`: everything on SQLite, then what touches the database on PostgreSQL too.

python -m tests.run [arguments for pytest]
"""

import os
import subprocess
import sys

from tests.postgres import postgres

ON_POSTGRES = ("tests/enquiries", "tests/inbox")


def pytest(*arguments, **environment):
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env=os.environ | environment, check=False).returncode


def main(arguments):
    failed = pytest(*arguments)
    with postgres() as url:
        failed |= pytest(*ON_POSTGRES, *arguments, DATABASE_URL=url)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
