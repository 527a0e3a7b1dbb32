import os

from django.core.wsgi import get_wsgi_application

from brokerage_skills import serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brokerage_skills.settings")

application = get_wsgi_application()
# A worker that comes back while the database restarts must not take the server down with it.
serving.stop_unless_ready(database_must_answer=False)
