from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "mesosite.pages"

    def ready(self):
        from mesosite.pages import checks  # noqa: F401  (registers the content checks)
