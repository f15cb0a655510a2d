from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "mesosite.inbox"

    def ready(self) -> None:
        # These connect their receivers.
        from mesosite.inbox import changes  # noqa: F401
        from mesosite.inbox.login import events  # noqa: F401
