"""The shades of the table of skills are told apart by whoever does not see every colour."""

import itertools
import re

import pytest
from django.conf import settings

# Lightness (CIE L*, 0 to 100) that two neighbours must lie apart; 10 is plain to see side by side.
APART = 10
# Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009), severity 1.0; on linear RGB.
SEEN_WITH = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def shades(scheme: int) -> list[str]:
    """The four grounds, from Not yet to Fully: of the light (0) or of the dark (1) scheme."""
    css = (settings.BASE_DIR / "static/css/site.css").read_text()
    found = [re.search(rf"--h{n}: light-dark\((#\w+), (#\w+)\)", css) for n in range(1, 5)]
    return [match[scheme + 1] for match in found]


def linear(colour: str) -> list[float]:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def lightness(colour: str, cones: str) -> float:
    rgb = linear(colour)
    seen = [
        min(max(sum(weight * part for weight, part in zip(row, rgb, strict=True)), 0), 1)
        for row in SEEN_WITH[cones]
    ]
    y = 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize("cones", SEEN_WITH)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_neighbouring_shades_differ_in_lightness_and_in_one_direction(cones, scheme):
    steps = [lightness(shade, cones) for shade in shades(scheme)]

    apart = [after - before for before, after in itertools.pairwise(steps)]
    assert all(abs(step) >= APART for step in apart), apart
    assert len({step > 0 for step in apart}) == 1


def test_shades_too_alike_are_found():
    assert abs(lightness("#8abcc4", "protanopia") - lightness("#8fbcc4", "protanopia")) < APART
