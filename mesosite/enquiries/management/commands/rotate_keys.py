from django.core.management.base import BaseCommand

from mesosite.enquiries import erasure
from mesosite.enquiries.encryption.checks import (
    encrypted_columns,
    keys_in_use,
    stop_on_unknown_keys,
)
from mesosite.enquiries.encryption.keys import primary_key
from mesosite.enquiries.maintenance.key_rotation import Progress, reencrypt, renew_hashes


class Command(BaseCommand):
    help = (
        "Encrypts everything anew with the first key of DATA_KEYS, while the site goes on. Put the "
        "new key before the old one, restart the site, then run this; if it stops, run it again."
    )

    def handle(self, **options):
        stop_on_unknown_keys()
        for model, column in encrypted_columns():
            damaged = self._follow(column.bound_to, reencrypt(column))
            for pk in damaged:
                self.stdout.write(
                    f"  {model._meta.object_name} {pk}: cannot be read, left as it is"
                )
        self._follow("what enquiries are found by", renew_hashes())
        erasure.renew_ledger()
        self._conclude(keys_in_use())

    def _follow(self, name, batches):
        """Say how far it is when something was done. Returns the primary keys of damaged rows."""
        said, done = 0, Progress()
        for done in batches:
            if done.renewed > said:
                said = done.renewed
                self.stdout.write(f"{name}: {said} renewed")
                self.stdout.flush()
        self.stdout.write(f"{name}: done")
        return done.damaged

    def _conclude(self, in_use):
        old = {key: columns for key, columns in in_use.items() if key != primary_key().id}
        for key, columns in old.items():
            self.stdout.write(f"Key {key} is still needed by {', '.join(columns)}.")
        if old:
            self.stdout.write(
                "Keep the old keys in DATA_KEYS. Run this again when the site was restarted with "
                "the new key; what cannot be read needs a backup, or its enquiry erased."
            )
        else:
            self.stdout.write(
                f"Everything is encrypted with key {primary_key().id}. "
                "The others can be taken out of DATA_KEYS."
            )
