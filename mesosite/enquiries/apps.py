from django.apps import AppConfig
from django.core.checks import Tags, register


class EnquiriesConfig(AppConfig):
    name = "mesosite.enquiries"

    def ready(self) -> None:
        from mesosite.enquiries.audit.checks import check_record
        from mesosite.enquiries.encryption.checks import check_keys
        from mesosite.enquiries.mail import checks  # noqa: F401  (registers its check)

        register(check_keys, Tags.database)
        register(check_record, Tags.database)
