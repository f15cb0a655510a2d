from typing import Any

from django.core.checks.registry import registry
from django.core.management.commands import check

from mesosite.pages.checks.gate import check_content


class Command(check.Command):
    """Django's checks and those of the words under content/ (tag content).

    Only this command runs the latter: they stop publishing, and no other work.
    """

    def handle(self, *app_labels: Any, **options: Any) -> None:
        registry.register(check_content, "content")
        try:
            super().handle(*app_labels, **options)
        finally:
            registry.registered_checks.discard(check_content)
