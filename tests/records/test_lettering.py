import pytest

from records.lettering import in_letters, letters_of
from records.printing import PRINT

LATIN = [frozenset(range(0x20, 0x180))]


@pytest.mark.parametrize(
    ("name", "has", "has_not"),
    [
        ("Inter-Regular.otf", "Aąßж→", "שم漢😀"),
        ("Inter-SemiBold.otf", "Aąßж→", "שم漢😀"),
        ("DejaVuSans.ttf", "Aąßж→שم😀", "漢ไ"),
    ],
)
def test_letters_of_a_font_are_those_it_can_draw(name, has, has_not):
    letters = letters_of((PRINT / "fonts" / name).read_bytes())

    assert {c for c in has if ord(c) not in letters} == set()
    assert {c for c in has_not if ord(c) in letters} == set()


def test_letters_of_refuses_what_has_no_character_map():
    with pytest.raises(ValueError, match="no character map"):
        letters_of(b"OTTO\x00\x00" + bytes(60))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Zoë\nŁódź\tx\r\ny", "Zoë\nŁódź x\ny"),
        ("漢字", "[U+6F22][U+5B57]"),
        ("\x00\x07\r", "[U+0000][U+0007][U+000D]"),
        ("a\u202egnp.exe\u2066", "a[U+202E]gnp.exe[U+2066]"),
        ("\ufeff\ue000\ufffe\U000e0041", "[U+FEFF][U+E000][U+FFFE][U+E0041]"),
        ("re\u00adcord\u200b", "re\u00adcord\u200b"),
    ],
)
def test_in_letters_numbers_what_cannot_be_drawn_or_turns_the_order(text, printed):
    assert in_letters(text, LATIN) == printed


def test_in_letters_reaches_every_text_and_leaves_the_rest():
    data = {"a": ["漢", 1, None, True], "b": ({"c": "字"}, "plain")}

    assert in_letters(data, LATIN) == {
        "a": ["[U+6F22]", 1, None, True],
        "b": [{"c": "[U+5B57]"}, "plain"],
    }


def test_in_letters_draws_a_letter_and_its_accents_from_one_font():
    fonts = [frozenset({0x61, 0x301}), frozenset({0x61, 0x1DF4, 0x2F0})]

    assert in_letters("a\u0301", fonts) == "a\u0301"
    assert in_letters("a\u1df4", fonts) == "a\u1df4"
    assert in_letters("a\u0301\u1df4", fonts) == "a\u0301[U+1DF4]"
    assert in_letters("\u02f0\u0301", fonts) == "\u02f0[U+0301]"
