"""`make run`: publish the pages and serve the site, as in production.

    python -m mesosite.serve

Publishes into a new folder, then runs Granian's workers on it until SIGTERM or Ctrl-C.
"""

import os
import socket
import sys
from datetime import UTC, datetime

HOST = "127.0.0.1"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesosite.settings")
    os.environ["PUBLISHED"] = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")

    import django

    django.setup()
    from django.conf import settings

    refuse_taken_port(settings.PORT)
    prepare(settings.PUBLISHED_DIR)
    announce(settings.SITE_URL, settings.PORT)
    serve(settings.PORT, settings.WEB_WORKERS)


def refuse_taken_port(port):
    """Ends with a message where `port` is in use: Granian would share it with its owner."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"Port {port} is in use. Choose another: make run PORT={port + 1}")


def prepare(folder):
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    from mesosite.pages.publish import forget_old, publish

    try:
        call_command("check", fail_level="ERROR")
    except SystemCheckError as error:
        sys.exit(str(error))
    call_command("migrate", interactive=False, verbosity=0)
    publish(folder)
    forget_old()


def announce(site_url, port):
    inbox = f"http://localhost:{port}" if site_url.startswith("http://") else site_url
    print(f"\n  The site    {site_url}/")  # noqa: T201
    print(f"  The inbox   {inbox}/staff/")  # noqa: T201
    print("  A login     make staff EMAIL=you@clinic.example\n", flush=True)  # noqa: T201


def serve(port, workers):
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "mesosite.wsgi:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        backpressure=64,
        workers_kill_timeout=5,
        respawn_failed_workers=True,
        websockets=False,
        log_level="warning",
    ).serve()


if __name__ == "__main__":
    main()
