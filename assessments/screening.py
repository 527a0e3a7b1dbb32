"""Finds in free text what must never be stored: card numbers, account numbers, security numbers."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from stdnum import iban, luhn
from stdnum.us import ssn


class Issuer(NamedTuple):
    """A range of first digits, and how long numbers of this issuer are."""

    first: str
    last: str
    lengths: range


# ISO/IEC 7812 ranges as the schemes publish them: Visa, Mastercard, American Express, Discover,
# JCB, Diners Club, UnionPay, Maestro; its 12 digits are left out, order numbers look the same.
ISSUERS = (
    Issuer("4", "4", range(13, 14)),
    Issuer("4", "4", range(16, 17)),
    Issuer("4", "4", range(19, 20)),
    Issuer("51", "55", range(16, 17)),
    Issuer("2221", "2720", range(16, 17)),
    Issuer("34", "34", range(15, 16)),
    Issuer("37", "37", range(15, 16)),
    Issuer("6011", "6011", range(16, 20)),
    Issuer("644", "659", range(16, 20)),
    Issuer("3528", "3589", range(16, 20)),
    Issuer("300", "305", range(14, 20)),
    Issuer("3095", "3095", range(14, 20)),
    Issuer("36", "36", range(14, 20)),
    Issuer("38", "39", range(14, 20)),
    Issuer("62", "62", range(16, 20)),
    Issuer("8100", "8171", range(16, 20)),
    *(
        Issuer(first, first, range(13, 20))
        for first in ("5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763")
    ),
)
CARD_LENGTHS = range(13, 20)
IBAN_LENGTHS = range(15, 35)
LONGEST_PHONE = 15  # ITU-T E.164
# Beside groups of four: as they are embossed on American Express, Diners Club, UnionPay, old Visa.
CARD_GROUPS = {(4, 6, 5), (4, 6, 4), (6, 13), (4, 3, 3, 3), (8, 8)}

BETWEEN = r"[\s.·_-]{1,3}"
DIGIT_GROUPS = re.compile(rf"[0-9]+(?:{BETWEEN}[0-9]+)*")
IBAN_START = re.compile(r"(?:(?<![^\W_])|(?<=iban))[a-z]{2}[\s.·_-]{0,3}[0-9]{2}", re.IGNORECASE)
IBAN_MORE = re.compile(r"[\s.·_-]{0,3}([a-z0-9])", re.IGNORECASE)
SECURITY_NUMBER = re.compile(
    r"(?<![0-9])(?<![0-9]-)([0-9]{3})(?: ?- ?|\s)([0-9]{2})(?: ?- ?|\s)([0-9]{4})(?![0-9]|-[0-9])"
)
COUNTRY_CODE_BEFORE = re.compile(r"\+[0-9]{1,3}[\s-]$")
# Letters by their category, but nothing is to be seen of them.
HANGUL_FILLERS = "\u115f\u1160"

CARD = (
    "This looks like a payment card number. Leave it out: a ticket or trade number is enough to"
    " find the work. Nothing of this was stored."
)
ACCOUNT = (
    "This looks like a bank account number (IBAN). Leave it out: a ticket or trade number is enough"
    " to find the work. Nothing of this was stored."
)
SECURITY = (
    "This looks like a US Social Security number. Leave it out: whose it is does not matter here."
    " Nothing of this was stored."
)


def find_forbidden(text: str) -> str | None:
    """Say in a sentence what the text holds that must not be stored, or None.

    The sentence never repeats what was found.
    """
    plain = _plain(text)
    if any(_is_card(digits) for digits in _card_candidates(plain)):
        return CARD
    if any(iban.is_valid(found, check_country=False) for found in _iban_candidates(plain)):
        return ACCOUNT
    if any(ssn.is_valid(found) for found in _security_candidates(plain)):
        return SECURITY
    return None


def _plain(text: str) -> str:
    """Write every digit as ASCII, every dash as a hyphen, and drop what is not to be seen."""
    return "".join(_plain_character(each) for each in unicodedata.normalize("NFKC", text))


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    invisible = category in ("Cf", "Mn", "Me") or character in HANGUL_FILLERS
    if invisible or (category == "Cc" and not character.isspace()):
        return ""
    return character


def _card_candidates(text: str) -> Iterator[str]:
    """Give runs of 13 to 19 digits, unbroken or in groups as cards show them."""
    for found in DIGIT_GROUPS.finditer(text):
        groups = re.findall("[0-9]+", found[0])
        phone = text[found.start() - 1 : found.start()] == "+"
        for start in range(len(groups)):
            for end in range(start + 1, min(len(groups), start + CARD_LENGTHS[-1]) + 1):
                window = groups[start:end]
                digits = "".join(window)
                if len(digits) > CARD_LENGTHS[-1]:
                    break
                if phone and start == 0 and len(digits) <= LONGEST_PHONE:
                    continue
                if len(digits) in CARD_LENGTHS and _grouped(window, alone=window == groups):
                    yield digits


def _grouped(groups: list[str], *, alone: bool) -> bool:
    sizes = tuple(len(group) for group in groups)
    if len(sizes) == 1 or sizes in CARD_GROUPS:
        return True
    even = len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0]
    # Smaller groups are as likely telephone numbers, unless nothing else stands beside them.
    return even and (sizes[0] == 4 or (alone and sizes[0] < 4))


def _is_card(digits: str) -> bool:
    issued = any(
        issuer.first <= digits[: len(issuer.first)] <= issuer.last and len(digits) in issuer.lengths
        for issuer in ISSUERS
    )
    return issued and luhn.is_valid(digits)


def _iban_candidates(text: str) -> Iterator[str]:
    """Give what follows each country code and check digits, up to every end of a word."""
    for found in IBAN_START.finditer(text):
        letters = re.sub("[^A-Za-z0-9]", "", found[0])
        place = found.end()
        while len(letters) < IBAN_LENGTHS[-1] and (more := IBAN_MORE.match(text, place)):
            letters += more[1]
            place = more.end()
            ends = not text[place : place + 1].isalnum()
            if ends and len(letters) in IBAN_LENGTHS:
                yield letters


def _security_candidates(text: str) -> Iterator[str]:
    for found in SECURITY_NUMBER.finditer(text):
        if not COUNTRY_CODE_BEFORE.search(text, 0, found.start()):
            yield "-".join(found.groups())
