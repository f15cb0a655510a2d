from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from mesosite.enquiries import erasure
from mesosite.enquiries.encryption import checks
from mesosite.enquiries.encryption.keys import primary_key
from mesosite.enquiries.maintenance.key_rotation import Progress, reencrypt, renew_hashes


class Command(BaseCommand):
    help = (
        "Encrypts everything anew with the first key of DATA_KEYS, while the site goes on. Put the "
        "new key before the old one, restart the site, then run this; if it stops, run it again."
    )

    def handle(self, **options: Any) -> None:
        checks.stop_on_unknown_keys()
        for model, column in checks.encrypted_columns():
            name = model._meta.object_name
            for pk in self._follow(column.bound_to, reencrypt(column)):
                self.stdout.write(f"  {name} {pk}: cannot be read, left as it is")
        self._follow("hashes", renew_hashes())
        erasure.renew_ledger()
        self._conclude(checks.keys_in_use())

    def _follow(self, name: str, batches: Iterator[Progress]) -> list[int]:
        """Prints the progress when it has grown. Returns the ids of the damaged rows."""
        printed, progress = 0, Progress()
        for progress in batches:
            if progress.renewed > printed:
                printed = progress.renewed
                self.stdout.write(f"{name}: {printed} renewed")
                self.stdout.flush()
        self.stdout.write(f"{name}: done")
        return progress.damaged

    def _conclude(self, in_use: dict[str, list[str]]) -> None:
        old = {key: columns for key, columns in in_use.items() if key != primary_key().id}
        for key, columns in old.items():
            self.stdout.write(f"Key {key} is still needed by {', '.join(columns)}.")
        if old:
            self.stdout.write(
                "Keep the old keys in DATA_KEYS. Run this again when the site was restarted with "
                "the new key; a value that cannot be read needs a backup, or its enquiry erased."
            )
        else:
            self.stdout.write(
                f"Everything is encrypted with key {primary_key().id}. "
                "The others can be taken out of DATA_KEYS."
            )
