"""Versions made from the seed by a mixture of the six edits, with what was done to each."""

import json
import random
from typing import NamedTuple

from frameworks.changes import Place
from frameworks.documents import Document
from frameworks.validation import read
from tests import builders

RAW = json.loads(builders.SEED.read_bytes())
LEVELS = tuple(RAW["framework"]["levels"])
MOST_EDITS = 5

# New statements that share topics and turns of phrase with those of the seed.
UNHEARD_OF = (
    "Suspicious account activity — recognize and report to the compliance desk the same day.",
    "Automated matching exceptions — review, explain and clear without supervisory help.",
    "Margin call notices — prepare and send accurately under direct supervision in a brokerage"
    " office environment.",
    "Customer complaints about fees — receive and route to appropriate personnel using office"
    " communication protocols.",
    "Dividend postings — verify against custodian statements with minimal oversight.",
    "Client onboarding documents — check for completeness and request what is missing.",
    "Regulatory reporting deadlines — track across teams and raise delays before they occur.",
    "Trade settlement instructions — enter and confirm using accounting systems under direction.",
    "Data retention schedules — apply when archiving transaction records in compliance with office"
    " standards.",
    "Junior staff rosters — plan and adjust to ensure coverage across brokerage operations.",
    "Securities lending records — maintain and reconcile with counterparties on a recurring basis.",
    "Vendor invoices — check against contracts and approve within delegated limits.",
)
_OTHER = (
    "quarterly custody designated reviewer dashboard ticketing timely thorough careful overseas"
    " institutional retail digital internal external weekly approved documented"
)
OTHER_WORDS = _OTHER.split()


class Edited(NamedTuple):
    """One statement of the new version: where it came from, and by which edit."""

    text: str
    came_from: Place | None
    edit: str


class Version(NamedTuple):
    """A new version: what it says, what was done at each place, and what is gone."""

    document: Document
    done: dict[Place, Edited]
    gone: set[Place]


def document(statements: dict[str, list[str]] | None = None) -> Document:
    """The seed as a document, with other statements where they are given."""
    raw = json.loads(json.dumps(RAW))
    for key, texts in (statements or {}).items():
        raw["framework"]["levels"][key]["statements"] = texts
    found, _, problems = read(json.dumps(raw, ensure_ascii=False).encode())
    assert found is not None, problems
    return found


def version(seed: int, hardest: float = 0.4) -> Version:
    """Edit the seed at random; a rewording changes up to `hardest` of the words."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    levels = {
        key: [
            Edited(text, Place(key, number), "unchanged")
            for number, text in enumerate(RAW["framework"]["levels"][key]["statements"], start=1)
        ]
        for key in LEVELS
    }
    every = [one for found in levels.values() for one in found]
    chance.shuffle(every)
    gone = set()
    for edit in ("minor", "reworded", "moved", "retired"):
        for _ in range(chance.randint(0, MOST_EDITS)):
            one = every.pop()
            key = one.came_from.level
            at = levels[key].index(one)
            if edit == "minor":
                levels[key][at] = Edited(minor(chance, one.text), one.came_from, edit)
            elif edit == "reworded":
                words = reworded(chance, one.text, chance.uniform(0.05, hardest))
                levels[key][at] = Edited(words, one.came_from, edit)
            else:
                del levels[key][at]
                gone.add(one.came_from)
            if edit == "moved":
                gone.remove(one.came_from)
                share = chance.choice([0, chance.uniform(0.05, 0.25)])
                words = reworded(chance, one.text, share) if share else one.text
                put(
                    chance, levels[chance.choice([k for k in LEVELS if k != key])], words, one, edit
                )
    for text in chance.sample(UNHEARD_OF, chance.randint(0, MOST_EDITS)):
        put(chance, levels[chance.choice(LEVELS)], text, None, "new")
    for _ in range(chance.randint(0, MOST_EDITS)):
        found = levels[chance.choice(LEVELS)]
        at = chance.randrange(len(found) - 1)
        found[at], found[at + 1] = found[at + 1], found[at]
    done = {
        Place(key, number): one
        for key, found in levels.items()
        for number, one in enumerate(found, start=1)
    }
    texts = {key: [one.text for one in found] for key, found in levels.items()}
    return Version(document(texts), done, gone)


def retitled(seed: int) -> Version:
    """Put the topics of other statements over five of the seed's, their behaviour kept."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    levels = {key: list(RAW["framework"]["levels"][key]["statements"]) for key in LEVELS}
    done = {}
    for key, number in chance.sample([(key, number) for key in LEVELS for number in range(10)], 5):
        topic = chance.choice(UNHEARD_OF).split(" — ")[0]
        behaviour = levels[key][number].split(" — ")[1]
        levels[key][number] = f"{topic} — {behaviour}"
        done[Place(key, number + 1)] = Edited(levels[key][number], None, "retitled")
    return Version(document(levels), done, set())


def put(
    chance: random.Random, level: list[Edited], text: str, one: Edited | None, edit: str
) -> None:
    level.insert(chance.randint(0, len(level)), Edited(text, one and one.came_from, edit))


def minor(chance: random.Random, text: str) -> str:
    """A slip of the pen, another dash, no full stop, or all in small letters."""
    return chance.choice(
        [
            lambda: slip(chance, text),
            lambda: slip(chance, text),
            lambda: text.removesuffix("."),
            lambda: text.replace(" — ", " - "),
            lambda: text.lower(),
        ]
    )()


def slip(chance: random.Random, text: str) -> str:
    """Swap, drop or double a letter inside a longer word."""
    words = text.split(" ")
    at = chance.choice([n for n, word in enumerate(words) if word.isalpha() and len(word) >= 6])
    word = words[at]
    cut = chance.randrange(1, len(word) - 1)
    head, one, two, tail = word[:cut], word[cut], word[cut + 1], word[cut + 2 :]
    words[at] = chance.choice(
        [f"{head}{two}{one}{tail}", f"{head}{two}{tail}", f"{head}{one}{one}{two}{tail}"]
    )
    return " ".join(words) if words[at] != word else slip(chance, text)


def reworded(chance: random.Random, text: str, share: float) -> str:
    """Put other words for a share of them, add some, drop some; the topic is not spared."""
    words = text.split(" ")
    places = [n for n, word in enumerate(words) if word != "—"]
    for at in chance.sample(places, max(1, int(len(places) * share))):
        other = chance.choice(OTHER_WORDS)
        words[at] = chance.choice([other, other, f"{words[at]} {other}", ""])
    found = " ".join(filter(None, words))
    parted = " — " in found and not found.startswith("— ")
    return found if parted else reworded(chance, text, share)
