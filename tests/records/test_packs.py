"""An examiner pack is checked by itself: what came with it, and nothing else of ours."""

import csv
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import User
from assessments.apps import drop_guards
from assessments.packs import examiner_pack
from records import sealing
from records.actions import anchor_head, ensure_key
from records.models import Record
from records.pack import summary
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def pack_bytes(reader: User | None = None) -> bytes:
    everything = Record.objects.all()
    with examiner_pack(everything, everything, about="All of it.", reader=reader) as file:
        return file.read()


def unpacked(folder: Path) -> Path:
    """Everything the ledger holds as a pack, laid out as on another machine."""
    (folder / "pack.zip").write_bytes(pack_bytes())
    with zipfile.ZipFile(folder / "pack.zip") as pack:
        pack.extractall(folder)
    (found,) = (path for path in folder.iterdir() if path.is_dir())
    return found


def verified(pack: Path, *arguments: object) -> tuple[int, str]:
    """Run the pack's own program without anything of ours on its path."""
    command = [sys.executable, "-I", str(pack / "verify.py"), *map(str, arguments)]
    ended = subprocess.run(command, cwd=pack.parent, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def fingerprint() -> str:
    return sealing.fingerprint(sealing.public_hex(ensure_key()))


def test_examiner_pack_verifies_by_itself(tmp_path):
    builders.superseding_sign_off()
    (tmp_path / "anchors").write_text(anchor_head()[1])

    code, said = verified(
        unpacked(tmp_path), "--key-fingerprint", fingerprint(), "--anchor", tmp_path / "anchors"
    )

    assert code == 0, said
    assert "All is as it was sealed: 3 of the 3 records" in said
    assert fingerprint() in said


def test_examiner_pack_holds_what_was_sealed(tmp_path):
    sign_off = builders.superseding_sign_off()

    pack = unpacked(tmp_path)

    names = sorted(path.relative_to(pack).as_posix() for path in pack.rglob("*.*"))
    records = [f"records/{n}.{kind}" for n in (1, 2, 3) for kind in ("json", "pdf")]
    version = sign_off.assessment.version
    framework = f"frameworks/{version.pk}-43-4011.00-v.26.05.json"
    rest = ["chain.jsonl", "events.jsonl", "manifest.seal", "manifest.sha256"]
    rest += ["public-keys.json", "summary.csv", "verify.py"]
    assert names == ["README.txt", *rest[:2], framework, *rest[2:5], *records, *rest[5:]]
    assert (pack / "records/3.json").read_text() == sign_off.record.payload
    assert (pack / framework).read_bytes() == builders.SEED.read_bytes()


def test_examiner_pack_is_the_same_for_the_same_ledger():
    builders.sign_off()

    assert pack_bytes() == pack_bytes()


def test_one_changed_byte_in_any_file_is_found(tmp_path):
    builders.sign_off()
    pack, chance = unpacked(tmp_path), random.Random(7)  # noqa: S311  # the same ones each time

    unnoticed = []
    for path in sorted(path for path in pack.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        if verified(pack)[0] != 1:
            unnoticed.append((path.name, place))
        path.write_bytes(whole)

    assert unnoticed == []
    assert verified(pack)[0] == 0


def test_a_file_that_is_missing_or_too_much_is_found(tmp_path):
    builders.sign_off()
    pack = unpacked(tmp_path)
    (pack / "records/2.pdf").rename(pack / "records/4.pdf")

    code, said = verified(pack)

    assert (code, said.splitlines()[1:]) == (
        1,
        ["records/2.pdf is missing.", "records/4.pdf does not belong to it."],
    )


def test_a_pack_sealed_by_another_key_is_found_by_what_is_known_elsewhere(tmp_path, settings):
    anchors, known = tmp_path / "anchors", fingerprint()
    anchors.write_text(anchor_head()[1])
    settings.SEAL_KEY_FILE = tmp_path / "another.key"
    builders.sign_off()
    (tmp_path / "there").mkdir()
    pack = unpacked(tmp_path / "there")

    assert verified(pack)[0] == 0
    code, said = verified(pack, "--key-fingerprint", known)
    assert (code, "by another key" in said) == (1, True)
    code, said = verified(pack, "--anchor", anchors)
    assert (code, "a key that the anchors do not know" in said) == (1, True)


def test_a_pack_of_a_ledger_whose_key_was_exchanged_verifies(tmp_path, settings):
    settings.SEAL_KEY_FILE = tmp_path / "own.key"
    builders.sign_off()
    sealing.add_key_to_file(settings.SEAL_KEY_FILE)
    (tmp_path / "anchors").write_text(anchor_head()[1])
    builders.sign_off()
    (tmp_path / "there").mkdir()

    pack = unpacked(tmp_path / "there")

    assert len(json.loads((pack / "public-keys.json").read_text())) == 2
    code, said = verified(pack, "--anchor", tmp_path / "anchors")
    assert code == 0, said


def test_a_ledger_with_its_end_cut_off_is_found_by_an_anchor(tmp_path):
    builders.sign_off()
    anchors = tmp_path / "anchors"
    pack = unpacked(tmp_path)
    builders.superseding_sign_off()
    anchors.write_text(anchor_head()[1])

    code, said = verified(pack, "--anchor", anchors)

    assert (code, "was anchored and is not here" in said) == (1, True)


def test_a_ledger_that_was_altered_makes_a_pack_that_says_so(tmp_path):
    builders.sign_off()
    drop_guards(using=connection.alias)
    Record.objects.filter(pk=2).update(payload='{"other":"text"}')

    code, said = verified(unpacked(tmp_path))

    assert (code, said.splitlines()[1:]) == (1, ["Record 2 is not what was sealed."])


def history(reader: User | None) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(pack_bytes(reader))) as pack:
        name = next(name for name in pack.namelist() if name.endswith("events.jsonl"))
        return [json.loads(line) for line in pack.read(name).splitlines()]


def test_history_in_a_pack_is_in_order():
    builders.superseding_sign_off()

    steps = [line["step"] for line in history(None) if line["what"] == "step"]
    moments = [line["at"] for line in history(None)]

    assert steps[:2] == ["start", "submit"]
    assert steps[-1] == "supersede"
    assert moments == sorted(moments)


def test_answers_on_the_way_are_for_auditors_and_who_entered_them():
    sign_off = builders.sign_off()

    def sides(reader):
        return {line["side"] for line in history(reader) if line["what"] == "answer"}

    assert sides(builders.auditor()) == {"self", "supervisor"}
    assert sides(sign_off.clerk) == {"self"}
    assert sides(sign_off.signed_by) == {"supervisor"}
    assert sides(builders.user()) == set()


def test_summary_of_a_pack_has_a_line_for_each_record():
    sign_off = builders.superseding_sign_off()
    with zipfile.ZipFile(io.BytesIO(pack_bytes())) as pack:
        name = next(name for name in pack.namelist() if name.endswith("summary.csv"))
        rows = list(csv.DictReader(pack.read(name).decode("utf-8-sig").splitlines()))

    assert [row["record"] for row in rows] == ["1", "2", "3"]
    assert [row["its place taken by record"] for row in rows] == ["", "3", ""]
    assert rows[2]["about"] == str(sign_off.clerk)
    assert rows[2]["by"] == str(sign_off.signed_by)
    assert rows[2]["level"] == sign_off.level.label
    assert rows[2]["digest"] == sign_off.record.digest


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])  # noqa: RUF001
def test_no_cell_of_the_summary_is_a_formula(text):
    assert summary.line([text]).decode() == f'"\'{text}"\r\n'
