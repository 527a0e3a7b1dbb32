import datetime
from typing import Any

import page
import pypdfium2
import pytest
from django.db import connection, transaction
from django.utils import timezone

from assessments import actions
from records import guards, sealing
from records.actions import append_record
from records.models import Record, RecordKind
from records.printing import as_pdf
from records.queries import payload_of
from tests import builders
from tests.records import tampering

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MARKUP = '#panic("x") ]) [ $ * _ ` @x <y> \\ // /* */ #{ } "q" \''
# The checker takes a carriage return that ends packed data for a part of the line's end behind it.
MISCOUNTED = "PDFA2A-STREAM-LENGTH-001"
HEBREW = "\u05e9\u05dc\u05d5\u05dd"
HOSTILE = f"{MARKUP}\n\n{HEBREW} عربي\n\u202egnp.exe\u202c 漢字 😀\x07"


def pages(pdf: bytes) -> list[str]:
    """The text of each page, as a reader copies it, with one space between words."""
    document = pypdfium2.PdfDocument(pdf)
    found = [" ".join(leaf.get_textpage().get_text_range().split()) for leaf in document]
    document.close()
    return found


def text_of(record: Record) -> str:
    return " ".join(pages(as_pdf(record)))


def sealed(payload: dict[str, Any], kind: str = RecordKind.SIGN_OFF) -> Record:
    with transaction.atomic():
        return append_record(kind=kind, payload=payload, at=timezone.now())


def failures(pdf: bytes) -> list[str]:
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in ("ua1", "2a")]
    found = [failure for report in reports for failure in report.failures]
    return [f"{f.rule_id}: {f.message}" for f in found if f.rule_id != MISCOUNTED]


def every_kind() -> list[Record]:
    tampering.ledger()
    waiting = builders.waiting_sign_off()
    actions.sign_second(
        sign_off=waiting,
        by=builders.above(waiting.assessment),
        revision=waiting.assessment.revision,
    )
    tomas, version = builders.administrator("Tomas Varga"), builders.published_version()
    appointment = actions.appoint(
        person=builders.user("Helen Okafor"),
        up_to_level=version.levels.get(rank=3),
        reason="Ran the desk for ten years.",
        ends_on=timezone.localdate() + datetime.timedelta(days=90),
        by=tomas,
    )
    actions.end_appointment(appointment=appointment, reason="Left.", by=tomas)
    builders.revocation()
    return list(Record.objects.order_by("sequence"))


def test_as_pdf_prints_every_kind_to_the_standard_with_its_seal_on_every_page(caplog):
    records = every_kind()

    for record in records:
        pdf = as_pdf(record)
        leaves = pages(pdf)
        assert failures(pdf) == []
        for number, leaf in enumerate(leaves, start=1):
            foot = f"Record {record.sequence} · {record.digest} Page {number} of {len(leaves)}"
            assert foot in leaf
            assert ("Statements © EBSCOed" in leaf) == ('"attribution"' in record.payload)
        assert "Unchanged since it was sealed." in " ".join(leaves)
        assert record.key_id[:8] in " ".join(leaves)

    assert {record.kind for record in records} == set(RecordKind.values)
    assert caplog.messages == []


def test_as_pdf_of_a_sign_off_holds_what_was_sealed():
    helen = builders.user("Helen Okafor", title="Desk lead", employee_number="10022")
    priya = builders.user("Priya Raman", team=builders.team(helen), employee_number="20417")
    sign_off = builders.sign_off(priya, rank=2)
    priya.first_name = "Renamed"
    priya.save()

    text = text_of(sign_off.record)

    payload = payload_of(sign_off.record)
    assert "Priya Raman" in text
    assert "Renamed" not in text
    assert "employee 20417" in text
    assert "Placed at Developing" in text
    assert "The ratings suggested Advanced." in text
    assert "Seen in the quarterly file checks." in text
    assert "Signed by Helen Okafor · Desk lead · employee 10022" in text
    assert payload["declaration"]["signer"]["text"] in text
    assert payload["declaration"]["clerk"]["text"] in text
    assert f"{sign_off.signed_at.astimezone(datetime.UTC):%B %Y, %H:%M:%S} UTC" in text
    assert text.count("Fully Fully Fully") == 40
    assert all(s["text"] in text for level in payload["levels"] for s in level["statements"])


def test_as_pdf_of_a_sign_off_tells_of_the_rounds_before():
    assessment = builders.returned_assessment(point=0)

    sealed_round = {"round": 1, "returned_reason": "Look again.", "self": [], "supervisor": []}
    payload = payload_of(builders.sign_off().record)
    payload["rounds"] = [sealed_round | {"agreed": [], "reconciled": []}, *payload["rounds"]]
    text = text_of(sealed(payload))

    assert assessment.round == 2
    assert "Round 1, returned" in text
    assert "Look again." in text


def test_as_pdf_gives_the_same_bytes_for_the_same_record():
    record = builders.sign_off().record

    first = as_pdf(record)
    builders.sign_off()

    assert as_pdf(Record.objects.get(pk=record.pk)) == first


def test_as_pdf_of_a_correction_says_what_it_corrects_and_why():
    old = builders.sign_off().record
    payload = payload_of(old)
    corrects = {"record": old.sequence, "digest": old.digest, "placement": "Advanced"}
    corrects |= {"signed_by": "Helen Okafor", "signed_at": "2026-03-14T15:04:12Z"}
    correction = {"reason": "Signed under the wrong level.", "corrects": corrects}

    text = text_of(sealed(payload | {"supersedes": old.sequence, "correction": correction}))

    assert "It supersedes record" in text
    assert "Signed under the wrong level." in text
    assert "Signed by Helen Okafor Saturday 14 March 2026, 15:04:12 UTC" in text
    assert "What was disputed" not in text


def test_as_pdf_asks_the_ledger_alone(django_assert_num_queries):
    record = builders.sign_off().record

    with django_assert_num_queries(2) as asked:
        as_pdf(record)

    assert {query["sql"].split("FROM ")[1].split()[0].strip('"') for query in asked} == {
        "records_record",
        "records_signingkey",
    }


def test_as_pdf_tells_what_the_cycle_asks_of_signers():
    waiting = builders.waiting_sign_off()
    second = builders.above(waiting.assessment)
    signed = actions.sign_second(sign_off=waiting, by=second, revision=waiting.assessment.revision)

    text = text_of(signed.record)

    assert "It asks for a second signature" in text
    assert f"Second signature {second}" in text


def test_as_pdf_takes_text_as_text(caplog):
    payload = payload_of(builders.sign_off().record)
    for told in (payload["clerk"], payload["signer"]):
        told |= {"name": HOSTILE, "title": HOSTILE, "team": HOSTILE, "employee_number": HOSTILE}
    payload |= {"justification": HOSTILE, "justification_category": HOSTILE}
    payload["rounds"][0]["self"][0] |= {"note": HOSTILE, "reference": HOSTILE}
    payload["levels"][0]["statements"][0]["text"] = f"{HOSTILE} — {HOSTILE}"
    payload["framework"] |= {"attribution": HOSTILE, "label": HOSTILE, "title": HOSTILE}

    pdf = as_pdf(sealed(payload))

    text = " ".join(pages(pdf))
    assert caplog.messages == []
    assert failures(pdf) == []
    assert text.count(MARKUP) >= 12
    assert "[U+202E]gnp.exe" in text
    assert "[U+6F22][U+5B57] 😀[U+0007]" in text
    assert "stands as its Unicode number" in text


def test_as_pdf_breaks_what_is_longer_than_a_line_or_a_page():
    payload = payload_of(builders.sign_off().record)
    word = "W" * 300
    payload["clerk"]["name"] = word
    payload["rounds"][0]["self"][0]["note"] = "Seen on every day of the year. " * 160
    payload["rounds"][0]["supervisor"][0]["note"] = "x" * 5000

    pdf = as_pdf(sealed(payload))

    assert word in "".join(pages(pdf)).replace(" ", "")
    assert "".join(pages(pdf)).count("Seen on every day") >= 155
    document = pypdfium2.PdfDocument(pdf)
    for leaf in document:
        left, bottom, right, top = _ink(leaf)
        assert left >= 56
        assert right <= leaf.get_width() - 54
        assert bottom >= 27
        assert top <= leaf.get_height() - 45
    document.close()


def _ink(leaf: pypdfium2.PdfPage) -> tuple[float, float, float, float]:
    """The box in points around all characters of a page."""
    text = leaf.get_textpage()
    boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    boxes = [box for box in boxes if box[2] > box[0]]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def test_as_pdf_of_a_changed_record_prints_the_text_and_warns():
    record = builders.sign_off().record
    guards.drop(connection)
    Record.objects.filter(pk=record.pk).update(
        payload=record.payload.replace("quarterly", "hourly")
    )
    guards.install(connection)

    pdf = as_pdf(Record.objects.get(pk=record.pk))

    text = " ".join(pages(pdf))
    assert failures(pdf) == []
    assert "Do not rely on what stands here." in text
    assert "does not fit the text" in text
    assert "Seen in the hourly file checks." in text
    assert "Unchanged since it was sealed" not in text
    assert "Placed at" not in text


def test_as_pdf_of_what_is_no_record_at_all_still_prints():
    record = Record(
        sequence=1,
        kind="x" * 40,
        payload=f"not JSON {HOSTILE}",
        digest="g" * 64,
        previous_digest=sealing.NO_DIGEST,
        seal=HOSTILE,
        key_id="?",
        sealed_at=timezone.now(),
    )

    assert "not JSON #panic" in text_of(record)


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "something_new", "said": "A text of another kind."},
        {"type": "sign_off", "said": "A text of another kind."},
        {"type": "sign_off", "said": "A text of another kind.", "rounds": [1]},
        {"type": ["sign_off"], "said": "A text of another kind."},
        {"said": "A text of another kind.", "framework": 1},
    ],
)
def test_as_pdf_of_an_unknown_form_prints_its_text(payload):
    text = text_of(sealed(payload))

    assert "The text as it stands" in text
    assert '"said":"A text of another kind."' in text.replace(" : ", ":")
    assert "Unchanged since it was sealed." in text
