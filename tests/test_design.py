"""What docs/design.md says of tokens and parts is so in the style sheet and the templates."""

import gzip
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CSS = (ROOT / "static/css/site.css").read_text()
PAGE = (ROOT / "docs/design.md").read_text()
COLOUR = r"#[0-9a-f]{3,8}"


def _colours_in_css() -> dict[str, tuple[str, str]]:
    light = dict(re.findall(rf"--([\w-]+): ({COLOUR});", CSS))
    dark = dict(re.findall(rf"--([\w-]+): light-dark\({COLOUR}, ({COLOUR})\);", CSS))
    return {name: (colour, dark.get(name, colour)) for name, colour in light.items()}


def test_design_names_every_colour_as_it_is():
    rows = re.findall(rf"^\| `([\w-]+)` \| `({COLOUR})` \| `({COLOUR})` \|", PAGE, re.M)

    assert {name: (light, dark) for name, light, dark in rows} == _colours_in_css()


def test_design_says_light_colours_alike_in_both_places():
    again = dict(re.findall(rf"--([\w-]+): light-dark\(({COLOUR}), {COLOUR}\);", CSS))
    light = {name: colours[0] for name, colours in _colours_in_css().items()}

    assert again == {name: light[name] for name in again}


def test_design_lists_every_part():
    listed = set(re.findall(r"^\| `(_\w+\.html)`", PAGE, re.M))

    assert listed == {path.name for path in (ROOT / "templates/parts").glob("*.html")}


def test_style_sheet_is_light():
    assert len(gzip.compress(CSS.encode(), 9)) <= 10 * 1024
