"""Look at one page for what keeps people out: axe, and what axe does not see, in one load."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOKING = Path(__file__).with_name("looking.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}  # 1280 at a zoom of 400 %: WCAG 1.4.10


def faults(page: Page) -> list[str]:
    """Say what is wrong on the page that is open, each with the circumstances it was seen in."""
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="reduce")
    page.evaluate(AXE_SCRIPT)
    page.evaluate(LOOKING)
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)")
    page.evaluate("window.blots = looking.blots()")
    seen = {
        "": [*_axe(page, {"type": "tag", "values": TAGS}), *_look(page, "order()")],
        "light": _colours(page),
    }
    page.emulate_media(color_scheme="dark")
    seen["dark"] = [*_axe(page, {"type": "rule", "values": ["color-contrast"]}), *_colours(page)]
    page.emulate_media(forced_colors="active")
    seen["forced colours"] = [
        found
        for call in ("controls(true)", "lost(blots)", "currents()", "rings()")
        for found in _look(page, call)
    ]
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    seen["text of 200 %"] = [*_look(page, "sideways()"), *_look(page, "cut()")]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE)
    target_size = _axe(page, {"type": "rule", "values": ["target-size"]})
    seen["320 px"] = [*_look(page, "sideways()"), *_look(page, "cut()"), *target_size]
    return [f"{when}: {what}".removeprefix(": ") for when, found in seen.items() for what in found]


def _look(page: Page, call: str) -> list[str]:
    return page.evaluate(f"looking.{call}")


def _colours(page: Page) -> list[str]:
    return [*_look(page, "controls()"), *_look(page, "rings()")]


def _axe(page: Page, run_only: dict[str, object]) -> list[str]:
    """Give axe's violations, and the text it could not decide about if that is too faint."""
    rules = {} if run_only["type"] == "rule" else {"target-size": {"enabled": True}}
    options = {"runOnly": run_only, "rules": rules, "resultTypes": ["violations", "incomplete"]}
    result = page.evaluate("options => axe.run(options)", options)
    undecided = [
        node["target"][0]
        for rule in result["incomplete"]
        if rule["id"] == "color-contrast"
        for node in rule["nodes"]
    ]
    violations = [
        f"{rule['id']} at {node['target'][0]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
    return [*violations, *page.evaluate("all => looking.texts(all)", undecided)]
