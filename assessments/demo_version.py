"""A second version for the demo: the licensed file, in a few places with wording made up."""

import json

LABEL = "v.26.11"
MADE_UP = "Made-up wording, for demonstration."

# In the published file's places: what is said instead.
OTHER_WORDS = {
    ("emerging", 6): ("an experienced clerk", "a designated reviewer"),
    ("developing", 7): ("planning software", "planning and case management software"),
    ("proficient", 3): ("without supervisory review", "within the one-day settlement cycle"),
    ("proficient", 10): ("apply quickly to maintain", "apply under change control to maintain"),
    # The same meaning: a slip of the pen, and a hyphen less.
    ("emerging", 9): ("correction", "corection"),
    ("advanced", 6): ("Cross-departmental", "Cross departmental"),
}
# Hardly a word of the old ones is left: the same competency or another one?
REPLACED = {
    ("developing", 9): "Stockholder inquiries by chat, telephone and email — answer within the"
    " service standard and record each contact.",
    ("advanced", 10): "Strategic vendor and software partner oversight — assess, monitor and"
    " manage according to firm policy.",
}
MOVED = {("developing", 8): ("emerging", 9)}
RETIRED = [("emerging", 5), ("emerging", 2)]
ADDED = {
    "developing": "Suspicious account activity — recognize and report to compliance staff the same"
    " day, following the firm's escalation steps.",
    "proficient": "Automated transaction matching exceptions — review, explain and clear without"
    " supervisory help.",
}
# Of a level, counted from 1 once all else is done: each goes to the end of it.
TO_THE_END = {"proficient": [2, 5], "advanced": [3]}


def altered(data: bytes) -> bytes:
    """Give the published file as a later version with made-up wording, marked as such in it.

    Raises KeyError or ValueError when it is not the file that the places were read from.
    """
    document = json.loads(data)
    document["exportedAt"] = "2026-11-17T09:30:00.000Z"
    document["sources"]["Wording"] = MADE_UP
    framework = document["framework"]
    framework |= {"version": LABEL, "description": MADE_UP}
    texts = {
        (key, number): text
        for key, level in framework["levels"].items()
        for number, text in enumerate(level["statements"], start=1)
    }
    for place, (before, after) in OTHER_WORDS.items():
        if before not in texts[place]:
            raise ValueError(f"{place} does not say {before!r}.")
        texts[place] = texts[place].replace(before, after)
    texts |= REPLACED
    levels: dict[str, list[str]] = {key: [] for key in framework["levels"]}
    for (key, number), text in texts.items():
        if (key, number) not in MOVED and (key, number) not in RETIRED:
            levels[key].append(text)
    for place, (key, number) in MOVED.items():
        levels[key].insert(number - 1, texts[place])
    for key, text in ADDED.items():
        levels[key].append(text)
    for key, numbers in TO_THE_END.items():
        late = [levels[key][number - 1] for number in numbers]
        levels[key] = [text for text in levels[key] if text not in late] + late
    for key, statements in levels.items():
        framework["levels"][key]["statements"] = statements
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
