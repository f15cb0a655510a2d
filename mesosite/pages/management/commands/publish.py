import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mesosite.pages.publish import publish
from mesosite.pages.published_folders import new_name


class Command(BaseCommand):
    help = (
        "Render every page into a new folder VAR_DIR/published/<time>, or into "
        "VAR_DIR/published/$PUBLISHED, for nginx or a CDN."
    )

    requires_system_checks = []  # `check` makes them, and those of the words

    def handle(self, **options: Any) -> None:
        call_command("check")
        folder = settings.VAR_DIR / "published" / (os.environ.get("PUBLISHED") or new_name())
        try:
            pages = publish(folder)
        except FileExistsError as error:
            raise CommandError(
                f"{folder} is there already, and a published file is never changed. Give another "
                "name, such as PUBLISHED=v2, or none: a name is the time then."
            ) from error
        self.stdout.write(f"{pages} pages in {folder}")
