from django.apps import AppConfig
from django.core.checks import Tags, register


class EnquiriesConfig(AppConfig):
    name = "mesosite.enquiries"

    def ready(self):
        from mesosite.enquiries import reachable  # noqa: F401  (registers its check)
        from mesosite.enquiries.keycheck import check_keys

        register(check_keys, Tags.database)
