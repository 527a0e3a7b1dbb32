"""What Lighthouse says of ten pages, on a phone and on a desk, written to docs/audit.md.

`make audit`, or `python -m bench.audit`. Ends with 1 where a score is below 100 or a first paint
on a phone is slower than wanted.
"""

import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from bench.audit.pages import PAGES, Page
from bench.served import ROOT, demo, session_of

LIGHTHOUSE = Path(__file__).parent / "node_modules" / "lighthouse"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CATEGORIES = ["performance", "accessibility", "best-practices"]
FIRST_PAINT_MS = 1200
TRIES = 3

REPORT = """\
# What Lighthouse says

Written by `make audit`. It needs Node.js 18.16 or newer with npm, Chromium (`CHROMIUM=path` names
another one) and, the first time, the network: Lighthouse is installed into
`bench/audit/node_modules`. Neither serving nor testing the product needs any of it.

The demo is made anew and served by gunicorn as `make run` serves it; each page is opened signed in,
with a cold cache. *Phone* is Lighthouse's mobile preset: slow 4G (150 ms, 1.6 Mbit/s) and a
processor four times slower, worked out from a real load. *Desk* is its desktop preset. Wanted: 100
everywhere, nothing that moves while loading, a first paint on a phone below {wanted} s. A page that
misses is measured three times, and the middle one is kept.

Measured on {date}: Lighthouse {lighthouse}, {chromium}, Node.js {node},
{machine}, with a load of {load:.1f} at the end: what else runs on the machine costs points for
performance. Sizes are compressed and count headers.

| page | form | performance | accessibility | best practices | first paint | layout shift \
| requests | KiB |
|---|---|---|---|---|---|---|---|---|
{rows}
"""


class Outcome(NamedTuple):
    """What was measured of one page in one form."""

    page: Page
    form: str
    scores: list[int]
    first_paint_ms: int
    shift: float
    requests: int
    kib: float
    lost: list[str]

    @property
    def is_good(self) -> bool:
        slow = self.form == "phone" and self.first_paint_ms >= FIRST_PAINT_MS
        return min(self.scores) == 100 and self.shift == 0 and not slow


def main() -> int:
    """Measure every page, write the table, and give the exit status."""
    outcomes = []
    with demo() as address, tempfile.TemporaryDirectory() as folder:
        for page in PAGES:
            headers = Path(folder) / "headers.json"
            headers.write_text(
                json.dumps({"Cookie": f"session={session_of(address, page.username)}"})
            )
            for form in ("phone", "desk"):
                outcome = middle_of_three(page, form, address, headers)
                print(_line(outcome), *outcome.lost, sep="\n    ", flush=True)
                outcomes.append(outcome)
    (ROOT / "docs" / "audit.md").write_text(document(outcomes))
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def middle_of_three(page: Page, form: str, address: str, headers: Path) -> Outcome:
    """Measure a page once; where it misses, twice more, and give the one in the middle."""
    outcomes = [measure(page, form, address, headers)]
    if not outcomes[0].is_good:
        outcomes += [measure(page, form, address, headers) for _ in range(2)]
    return sorted(outcomes, key=lambda o: (sum(o.scores), -o.first_paint_ms))[len(outcomes) // 2]


def measure(page: Page, form: str, address: str, headers: Path) -> Outcome:
    """Open the page cold in a browser of its own and read Lighthouse's report."""
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    command = [
        "node",
        str(LIGHTHOUSE / "cli" / "index.js"),
        f"{address}{page.path}",
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--extra-headers={headers}",
        f"--chrome-flags={' '.join(flags)}",
        "--no-enable-error-reporting",
        *(["--preset=desktop"] if form == "desk" else []),
    ]
    # Now and then Chromium hands out a trace without its beginning (NO_NAVSTART).
    for _ in range(TRIES):
        told = subprocess.run(  # noqa: S603  # the one pinned beside this file
            command, env={**os.environ, "CHROME_PATH": CHROMIUM}, stdout=subprocess.PIPE
        )
        if told.returncode == 0:
            break
    told.check_returncode()
    return outcome_of(json.loads(told.stdout), page, form)


def outcome_of(report: dict[str, Any], page: Page, form: str) -> Outcome:
    """Read the figures out of a report; an audit that could not run counts as nothing."""
    audits = report["audits"]
    requests = audits["network-requests"]["details"]["items"]
    return Outcome(
        page=page,
        form=form,
        scores=[round(100 * (report["categories"][c]["score"] or 0)) for c in CATEGORIES],
        first_paint_ms=round(audits["first-contentful-paint"]["numericValue"]),
        shift=round(audits["cumulative-layout-shift"]["numericValue"], 3),
        requests=len(requests),
        kib=sum(request["transferSize"] for request in requests) / 1024,
        lost=list(_lost(report)),
    )


def _lost(report: dict[str, Any]) -> list[str]:
    weighed = {
        ref["id"]
        for category in report["categories"].values()
        for ref in category["auditRefs"]
        if ref["weight"]
    }
    return [
        f"{audit['id']}: {audit.get('displayValue', '') or audit['title']}"
        for audit in report["audits"].values()
        if audit["id"] in weighed and audit["score"] is not None and audit["score"] < 0.9
    ]


def document(outcomes: list[Outcome]) -> str:
    """Give docs/audit.md: where and when it was measured, then a table."""
    return REPORT.format(
        date=datetime.datetime.now(datetime.UTC).strftime("%-d %B %Y"),
        lighthouse=json.loads((LIGHTHOUSE / "package.json").read_text())["version"],
        chromium=_said_by(CHROMIUM, "--version").partition(" built on")[0],
        node=_said_by("node", "--version"),
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        load=os.getloadavg()[1],
        wanted=FIRST_PAINT_MS / 1000,
        rows="\n".join(_line(outcome) for outcome in outcomes),
    )


def _line(outcome: Outcome) -> str:
    scores = " | ".join(str(score) for score in outcome.scores)
    return (
        f"| {outcome.page.name} | {outcome.form} | {scores} | {outcome.first_paint_ms / 1000:.2f} s"
        f" | {outcome.shift:g} | {outcome.requests} | {outcome.kib:.1f} |"
    )


def _said_by(*command: str) -> str:
    told = subprocess.run(  # noqa: S603  # asks two programs for their version
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    )
    return told.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
