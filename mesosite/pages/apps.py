from django.apps import AppConfig
from django.conf import settings
from django.utils.autoreload import BaseReloader, autoreload_started


class PagesConfig(AppConfig):
    name = "mesosite.pages"

    def ready(self) -> None:
        autoreload_started.connect(watch_content)


def watch_content(sender: BaseReloader, **kwargs: object) -> None:
    """`make dev` starts again when a content file, a drawing or a style changes."""
    for folder in (settings.CONTENT_DIR, settings.BASE_DIR / "static"):
        sender.watch_dir(folder, "**/*")
