"""What must be so before anybody is served; commands work without it."""

import os
import sys

import django


def refuse_unsafe() -> None:
    """Exit with a sentence when serving would be unsafe. Leaves no database connection open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brokerage_skills.settings")
    django.setup()
    reasons = unsafe_reasons()
    if reasons:
        print("Not serving:", *reasons, sep="\n  ", file=sys.stderr)
        sys.exit(1)


def unsafe_reasons() -> list[str]:
    """Give a sentence for each thing that makes serving unsafe."""
    from django.conf import settings
    from django.db import connections
    from django.db.utils import DatabaseError

    from accounts.models import User

    reasons = []
    if settings.SECRET_KEY_MISSING:
        reasons.append("SECRET_KEY is not set. Set it to a long random text and keep it.")
    if not (settings.DEMO or settings.DEBUG):
        if not settings.SEAL_KEY_FILE.exists():
            reasons.append(
                f"The sealing key {settings.SEAL_KEY_FILE} is not there. Set SEAL_KEY_FILE to it;"
                " publishing the first framework from the command line makes one."
            )
        try:
            if User.objects.filter(is_demo=True).exists():
                reasons.append(
                    "The database holds demo people, whose password is known."
                    " Use another database, or set DEMO=1 on a machine that only shows the demo."
                )
        except DatabaseError as error:
            reasons.append(f"The database does not answer as it should: {error}")
        finally:
            connections.close_all()
    return reasons
