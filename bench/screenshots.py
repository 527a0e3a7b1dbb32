"""The pictures in the README: four pages of a fresh demo, each in light and dark.

`make screenshots`, or `python -m bench.screenshots`. They differ from the ones before only where
the pages do, and in the dates, which the demo counts from the day it is made.
"""

import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bench.audit.pages import Page
from bench.served import ROOT, demo, session_of

PICTURES = {
    "rating": Page("Rating", "priya", "/assessments/20/rate/3/"),
    "both-sides": Page("Comparing both sides", "helen", "/assessments/23/reconcile/"),
    "two-versions": Page("Comparing two versions", "tomas", "/frameworks/versions/2/compare/"),
    "record": Page("A sealed record", "grace", "/records/39/"),
}
SIZE = {"width": 1240, "height": 800}
LARGEST = 150 * 1024


def main() -> int:
    """Take each picture twice; end with 1 where one is too large to be kept."""
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(exist_ok=True)
    taken = []
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--disable-gpu", "--font-render-hinting=none"]
            + (["--no-sandbox"] if os.geteuid() == 0 else []),
        )
        for name, page in PICTURES.items():
            session = session_of(address, page.username)
            for scheme in ("light", "dark"):
                path = folder / f"{name}-{scheme}.png"
                take(browser, f"{address}{page.path}", session, scheme, path)
                taken.append(path)
        browser.close()
    for path in taken:
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1024:.0f} KiB")
    return int(any(path.stat().st_size > LARGEST for path in taken))


def take(browser: Browser, url: str, session: str, scheme: str, path: Path) -> None:
    """Open the page as this person and keep what stands on the screen at first."""
    context = browser.new_context(
        viewport=SIZE, color_scheme=scheme, reduced_motion="reduce", locale="en-US"
    )
    context.add_cookies([{"name": "session", "value": session, "url": url}])
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    page.screenshot(path=path)
    context.close()
    # Flat colours and grey letters: a palette takes a third of the bytes, and nobody sees it.
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256)
    small.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
