"""The net below all browser tests holds: what conftest.py listens for is heard."""

import pytest


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('something')", "something"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        ("fetch('/no-such-page/')", "404"),
        ("fetch('https://elsewhere.example/').catch(() => {})", "Content Security Policy"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')", "style"),
    ],
)
def test_the_browser_complains(page, live_server, complaints, script, complaint):
    page.goto(f"{live_server.url}/sign-in/")

    page.evaluate(f"() => {{ {script} }}")
    for _ in range(50):  # at most five seconds, on a machine that is busy
        page.wait_for_timeout(100)
        if any(complaint in heard for heard in complaints):
            break

    heard = "\n".join(complaints)
    complaints.clear()
    assert complaint in heard
