import io
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.demo import DEMO_PASSWORD, DEMO_SIGN_INS
from accounts.models import User
from assessments import demo
from frameworks.models import Framework


class Command(BaseCommand):
    help = "Fill an empty database with the demo: the framework, two teams and a cycle."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is for trying things out: set DEMO=1.")
        if not User.objects.filter(is_demo=True).exists():
            if User.objects.exists() or Framework.objects.exists():
                raise CommandError("The database is not empty. Nothing was changed.")
            demo.build()
            call_command("verify_records", stdout=io.StringIO())
        self.stdout.write(f"Sign in with the password {DEMO_PASSWORD} as")
        for username, what in DEMO_SIGN_INS.items():
            self.stdout.write(f"  {username:8} {what}")
