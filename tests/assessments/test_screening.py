import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn

from assessments.screening import ACCOUNT, CARD, ISSUERS, SECURITY, find_forbidden

WORDS = st.lists(
    st.sampled_from(["Fixed", "the break", "with", "Tomas,", "see SET-4402", "in May 2026", "ok."]),
    max_size=4,
).map(" ".join)
INVISIBLE = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u034f", "\x07"]
COUNTRIES = {
    "DE": "18!n",
    "GB": "4!a14!n",
    "FR": "10!n11!c2!n",
    "NL": "4!a10!n",
    "NO": "11!n",
    "CH": "5!n12!c",
    "MT": "4!a5!n18!c",
    "BR": "23!n1!a1!c",
    "SA": "2!n18!c",
    "PL": "24!n",
}


def drawn(draw, alphabet, size):
    return "".join(draw(st.lists(st.sampled_from(alphabet), min_size=size, max_size=size)))


@st.composite
def cards(draw):
    issuer = draw(st.sampled_from(ISSUERS))
    first = str(draw(st.integers(int(issuer.first), int(issuer.last))))
    length = draw(st.sampled_from(list(issuer.lengths)))
    body = first + drawn(draw, string.digits, length - len(first) - 1)
    return body + luhn.calc_check_digit(body)


@st.composite
def ibans(draw):
    country = draw(st.sampled_from(list(COUNTRIES)))
    kinds = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + "ABCXYZ"}
    body, size = "", ""
    for character in COUNTRIES[country].replace("!", ""):
        if character.isdigit():
            size += character
        else:
            body, size = body + drawn(draw, kinds[character], int(size)), ""
    return country + iban.calc_check_digits(f"{country}00{body}") + body


@st.composite
def security_numbers(draw):
    area = draw(st.integers(1, 899).filter(lambda number: number != 666))
    group, serial = draw(st.integers(1, 99)), draw(st.integers(1, 9999))
    between = draw(st.sampled_from(["-", " ", "\u2013", "\u00a0"]))
    return f"{area:03}{between}{group:02}{between}{serial:04}"


def in_fours(number, between):
    return between.join(number[place : place + 4] for place in range(0, len(number), 4))


@given(cards(), WORDS, WORDS, st.sampled_from(["", " ", "-", "\u2011", "\u00a0", " - ", "."]))
def test_find_forbidden_finds_a_card_in_words(card, before, after, between):
    found = find_forbidden(f"{before} {in_fours(card, between)} {after}")

    assert found == CARD
    assert card[:6] not in found


@given(cards(), st.lists(st.sampled_from(INVISIBLE), min_size=1, max_size=3))
def test_find_forbidden_sees_through_other_digits_and_hidden_characters(card, hidden):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in card)
    arabic = "".join(chr(ord(digit) - ord("0") + 0x0660) for digit in card)
    mixed = "".join(hidden).join(card)

    assert [find_forbidden(each) for each in (wide, arabic, mixed)] == [CARD] * 3


@pytest.mark.parametrize(
    "written",
    [
        "4111111111111111",
        "4222222222222",
        "5555 5555 5555 4444",
        "2223-0031-2200-3222",
        "3782 822463 10005",
        "3782-822463-10005",
        "371449635398431",
        "3056 930902 5904",
        "6011 1111 1111 1117",
        "3530111333300000",
        "6200000000000005",
        "6759 6498 2643 8453",
        "Card4111111111111111.",
        "4111 1111 1111 1111 12/27",
        "SET-4402 4111 1111 1111 1111 123",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4111 1111\n1111 1111",
    ],
)
def test_find_forbidden_finds_cards_as_people_write_them(written):
    assert find_forbidden(written) == CARD


@given(ibans(), WORDS, WORDS, st.sampled_from(["", " ", "-", "\u00a0"]), st.booleans())
def test_find_forbidden_finds_an_account_in_words(number, before, after, between, lower):
    written = in_fours(number, between)

    found = find_forbidden(f"{before} {written.lower() if lower else written} {after}")

    assert found in (ACCOUNT, CARD)  # some accounts hold a card's number


@pytest.mark.parametrize(
    "written",
    [
        "DE89370400440532013000",
        "IBAN:DE89 3704 0044 0532 0130 00",
        "ibande89370400440532013000",
        "gb82 west 1234 5698 7654 32, to be sure",
        "NO93 8601 1117 947 was credited",
        "\uff24\uff25\uff18\uff19370400440532013000",
        "DE89\u200b370400440532013000",
        "ES91 2100 0418 4502 0005 1332",
    ],
)
def test_find_forbidden_finds_accounts_as_people_write_them(written):
    assert find_forbidden(written) == ACCOUNT


@given(security_numbers(), WORDS, WORDS)
def test_find_forbidden_finds_a_security_number_in_words(number, before, after):
    assert find_forbidden(f"{before} {number} {after}") == SECURITY


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Matched SET-4402, SET-4403 and SET-4404 by myself.",
        "2026-11-001234",
        "TRD0001234567 and TRD0001234568",
        "ISIN US0378331005, DE0007164600 and GB0002634946",
        "CUSIP 037833100, 594918104",
        "+1 212 555 0123, (212) 555-0199, +49 151 12345678, +44 20 7946 0958",
        "+4915112345678",
        "01 42 68 53 00",
        "2026-11-18 10:42, 18.11.2026, 11/18/2026, 20261118 20261119",
        "USD 1,250,000.00 against EUR 1 250 000,00",
        "Order 123456789012 of 410000000009",
        "4111111111111112",
        "1234567890123452",
        "9999999999999995",
        "123456789",
        "000-12-3456, 666-12-3456, 912-12-3456",
        "123-45-67890",
        "1123-45-6789",
        "2026-123-45-6789-1",
        "DE88370400440532013000",
        "GB12 is the desk, DE34 the other",
        "LEI 529900T8BM49AURSDO55, UTI 529900T8BM49AURSDO55TRD000123",
        "https://tickets.example/browse/SET-4402?focused=880012",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
    ],
)
def test_find_forbidden_lets_the_numbers_of_the_work_pass(written):
    assert find_forbidden(written) is None


@given(WORDS, WORDS, st.integers(0, 10**12 - 1), st.integers(0, 10**6 - 1))
def test_find_forbidden_lets_orders_and_tickets_pass(before, after, order, ticket):
    text = f"{before} {order:012} for SET-{ticket} and TRD{order:010}, 2026-11-{ticket:06} {after}"

    assert find_forbidden(text) is None


@given(cards(), st.integers(1, 9))
def test_find_forbidden_lets_pass_what_fails_the_check_digit(card, by):
    wrong = card[:-1] + str((int(card[-1]) + by) % 10)

    assert find_forbidden(wrong) is None


def test_find_forbidden_is_quick_on_the_longest_notes():
    long = [" ".join(map(str, range(400))), "DE89 " * 400, "1" * 2000, "1 " * 1000, "1-22-" * 400]
    started = time.perf_counter()

    found = [find_forbidden(text) for text in long]

    assert found == [None] * 5
    assert time.perf_counter() - started < 1
