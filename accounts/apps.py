from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.sessions import begin_session  # The apps must be there first.

        user_logged_in.connect(begin_session, dispatch_uid="begin_session")
