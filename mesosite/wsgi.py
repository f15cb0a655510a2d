"""The WSGI application: the guard in front, then published files, then Django."""

import gc
import os
import re
from wsgiref.types import WSGIApplication

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesosite.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from mesosite.http.codings import PublishedFiles
from mesosite.http.guard import guard
from mesosite.pages.published_folders import hold
from mesosite.parent_process import SERVER, follow

HASHED = re.compile(r"^/static/.+\.[0-9a-f]{12}\.\w+$")
SECRETS = ("SECRET_KEY", "DATA_KEYS", "DATABASE_URL", "EMAIL_URL")


def published(app: WSGIApplication) -> PublishedFiles:
    """The published pages and static files, before Django. They stay while this process lives."""
    if settings.PUBLISHED_DIR.exists():
        hold(settings.PUBLISHED_DIR)
    return PublishedFiles(
        app,
        root=settings.PUBLISHED_DIR,
        index_file=True,
        allow_all_origins=False,
        max_age=60,
        immutable_file_test=lambda path, url: bool(HASHED.match(url)),
        mimetypes={".svg": "image/svg+xml"},
    )


django = get_wsgi_application()
application = guard(django if settings.DEBUG else published(django))

gc.freeze()  # pages and code live as long as the process: the collector need not scan them
if server := os.environ.get(SERVER):
    follow(int(server), lambda: os._exit(1))

# The server copies the environment into every request, so secrets must not be in it.
for name in SECRETS:
    os.environ.pop(name, None)
