from contextlib import suppress
from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connection
from django.db.models.signals import post_migrate


class EnquiriesConfig(AppConfig):
    name = "mesosite.enquiries"

    def ready(self) -> None:
        from mesosite.enquiries.audit.checks import check_record
        from mesosite.enquiries.encryption.checks import check_keys
        from mesosite.enquiries.mail import checks  # noqa: F401  (registers its check)

        register(check_keys, Tags.database)
        register(check_record, Tags.database)
        post_migrate.connect(_take_over, sender=self)


def _take_over(**kwargs: Any) -> None:
    """Content that cannot be read stops no migration: the next one takes its values over."""
    from mesosite.enquiries.answer_times import take_over_from_file
    from mesosite.enquiries.models import ClinicValues
    from mesosite.pages.content.errors import ContentError

    if ClinicValues._meta.db_table in connection.introspection.table_names():
        with suppress(ContentError):
            take_over_from_file()
