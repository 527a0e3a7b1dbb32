"""How gunicorn serves this project. Anything here can be overridden by GUNICORN_CMD_ARGS."""

import os
import subprocess
import sys
from pathlib import Path

wsgi_app = "brokerage_skills.wsgi"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 4
# The default of two seconds closes a connection just as the page saves the next answer over it.
keepalive = 75
graceful_timeout = 30
loglevel = "warning"
# It would be one file for all servers of a person, and nothing here is steered through it.
control_socket_disable = True


def on_starting(server):
    if os.environ.get("SECRET_KEY") and os.environ.get("DEMO") == "1":
        return  # Nothing is left to ask in the demo, and the workers ask again.
    # In a process of its own, so that the master imports none of our code: on HUP the workers
    # then start with what is on disk.
    checked = subprocess.run([sys.executable, "-m", "brokerage_skills.serving"], check=False)
    if checked.returncode:
        sys.exit(checked.returncode)


def when_ready(server):
    for address in server.cfg.address:
        where = address if isinstance(address, str) else f"http://{address[0]}:{address[1]}/"
        print(f"\nServing on {where} (Ctrl-C stops it)\n", flush=True)
    sign_ins = Path(__file__).with_name("var") / "demo_sign_ins"
    if "DATABASE_URL" not in os.environ and sign_ins.exists():
        print(sign_ins.read_text(), flush=True)
