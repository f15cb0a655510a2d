from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "mesosite.inbox"

    def ready(self) -> None:
        from mesosite.inbox.login import events  # noqa: F401  (connects its receivers)
