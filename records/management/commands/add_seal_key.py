from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.management import arguments
from records import sealing


class Command(BaseCommand):
    help = "Add a new key to SEAL_KEY_FILE: it seals from now on, what older ones sealed stands."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            public_key = sealing.add_key_to_file(settings.SEAL_KEY_FILE)
        except OSError as error:
            arguments.usage(f"{settings.SEAL_KEY_FILE} cannot be written: {error}")
        self.stdout.write(
            f"Added key {sealing.key_id(public_key)} to {settings.SEAL_KEY_FILE}."
            " Keep a copy of the file, and anchor the ledger."
        )
