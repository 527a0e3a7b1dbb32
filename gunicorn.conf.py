import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = 2
threads = 4
# Gunicorn's own 2 seconds close idle connections under the autosave of a rating page.
keepalive = 75
graceful_timeout = 30
loglevel = "warning"


def on_starting(server: object) -> None:
    """Refuse to serve unsafely, once, before any worker is started."""
    from brokerage_skills.serving import refuse_unsafe

    refuse_unsafe()
