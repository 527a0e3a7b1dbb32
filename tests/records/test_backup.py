"""A backup holds what was acknowledged before it, and nothing else is ever restored."""

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from accounts import guards as accounts
from assessments import guards as assessments
from assessments.apps import drop_guards
from brokerage_skills import triggers
from frameworks import guards as frameworks
from records import copies, sealing
from records import guards as records
from records.models import Record, Verification
from tests import builders
from tests.race import broken_records, firm

# BACKUP_ROUNDS=20 is the full setting.
ROUNDS = int(os.environ.get("BACKUP_ROUNDS", "2"))


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Another machine, as far as the database goes: all queries of this thread go to it."""
    if connection.vendor == "sqlite":
        with copies.elsewhere(str(folder / f"{secrets.token_hex(4)}.sqlite3")):
            yield
        return
    name = f"empty_{secrets.token_hex(4)}"
    with copies.elsewhere() as server:
        server.cursor().execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            with copies.elsewhere(name):
                yield
        finally:
            server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(capsys, command: str, *args: object) -> tuple[int, dict[str, Any]]:
    """Give the exit code and what was said, which is JSON and nothing else."""
    capsys.readouterr()
    try:
        call_command(command, *map(str, args), "--format", "json")
    except SystemExit as ended:
        return int(str(ended.code)), json.loads(capsys.readouterr().out)
    return 0, json.loads(capsys.readouterr().out)


def backup(capsys, folder: Path) -> Path:
    code, found = run(capsys, "backup", folder)
    assert (code, found["status"]) == (0, "ok")
    return Path(found["folder"])


def change_manifest(folder: Path, **changed: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def note_anew(folder: Path) -> None:
    """As somebody would who altered a file and the manifest with it."""
    files = {
        name: {
            "size": (folder / name).stat().st_size,
            "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
        }
        for name in json.loads((folder / "manifest.json").read_text())["files"]
    }
    change_manifest(folder, files=files)


def database_file(folder: Path) -> Path:
    (found,) = folder.glob("database.*")
    return found


@pytest.mark.django_db(transaction=True)
def test_backup_writes_a_folder_that_says_what_is_in_it(capsys, tmp_path, settings):
    record = builders.sign_off().record

    code, found = run(capsys, "backup", tmp_path)

    (folder,) = tmp_path.iterdir()
    manifest = json.loads((folder / "manifest.json").read_text())
    head = {"sequence": record.sequence, "digest": record.digest}
    assert (code, found["status"], found["folder"]) == (0, "ok", str(folder))
    assert (found["head"], found["records"]) == (head, record.sequence)
    assert found["not_included"] == {"seal_key_file": str(settings.SEAL_KEY_FILE)}
    assert (manifest["head"], manifest["records"]) == (head, record.sequence)
    assert manifest["database"] == connection.vendor
    assert manifest["rows"]["assessments_signoff"] == 1
    assert "records.0001_initial" in manifest["migrations"]
    assert manifest["made_at"] <= timezone.now().isoformat()
    for name, noted in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert noted == {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    key = sealing.read_key_file(settings.SEAL_KEY_FILE)
    keys = json.loads((folder / "public_keys.json").read_text())
    assert keys[record.key_id] == sealing.public_hex(key)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["manifest.json", *manifest["files"]]
    )
    assert not any(b"PRIVATE KEY" in path.read_bytes() for path in folder.iterdir())


@pytest.mark.django_db(transaction=True)
def test_restore_brings_back_the_ledger_its_guards_and_the_work(capsys, tmp_path):
    record = builders.sign_off().record
    folder = backup(capsys, tmp_path)
    guarded = triggers.installed(connection)

    with empty_database(tmp_path):
        code, found = run(capsys, "restore", folder)

        assert (code, found["status"], found["anchored"]) == (0, "ok", None)
        assert found["head"] == {"sequence": record.sequence, "digest": record.digest}
        assert Verification.objects.get().head_digest == record.digest
        assert triggers.installed(connection) == guarded
        following = builders.sign_off().record
        assert following.previous_digest == Record.objects.get(pk=following.pk - 1).digest
        assert broken_records() == []


@pytest.mark.django_db(transaction=True)
def test_restore_forgets_no_guard(capsys, tmp_path):
    folder = backup(capsys, tmp_path)
    apps = (accounts, records, frameworks, assessments)
    wanted = {
        triggers.trigger_name(guard)
        for app in apps
        for guard in app.GUARDS
        if connection.vendor == "postgresql" or guard.event != "TRUNCATE"
    }

    with empty_database(tmp_path):
        run(capsys, "restore", folder)
        assert triggers.installed(connection) == wanted
        builders.published_version()
        for sql in ("UPDATE records_record SET kind = 'x'", "DELETE FROM records_record"):
            with pytest.raises(DatabaseError, match="sealed record cannot be changed"):
                connection.cursor().execute(sql)


@pytest.mark.django_db(transaction=True)
def test_restore_held_against_an_anchor_refuses_a_backup_from_before_it(capsys, tmp_path):
    anchors = tmp_path / "anchors.jsonl"
    builders.published_version()
    folder = backup(capsys, tmp_path)
    call_command("anchor_records", str(anchors))
    with empty_database(tmp_path):
        assert run(capsys, "restore", folder, "--anchor", anchors)[1]["anchored"] is True

    builders.sign_off()
    call_command("anchor_records", str(anchors))

    with empty_database(tmp_path):
        code, found = run(capsys, "restore", folder, "--anchor", anchors)
        assert (code, found["status"]) == (1, "refused")
        assert found["problems"][0]["kind"] == "truncated"
        assert copies.is_empty()


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_a_broken_ledger_is_kept_but_not_called_good(capsys, tmp_path):
    builders.sign_off()
    drop_guards(using=connection.alias)
    connection.cursor().execute("UPDATE assessments_signoff SET justification = 'x'")

    code, found = run(capsys, "backup", tmp_path)

    folder = Path(found["folder"])
    assert (code, found["status"], folder.suffix) == (1, "broken", ".broken")
    assert found["problems"][0]["kind"] == "mismatch"
    with empty_database(tmp_path):
        code, found = run(capsys, "restore", folder)
        assert (code, found["problems"][0]["kind"]) == (1, "mismatch")
        assert copies.is_empty()


@pytest.mark.django_db(transaction=True)
def test_restore_refuses_a_copy_that_was_altered_together_with_its_manifest(capsys, tmp_path):
    builders.sign_off()
    first = backup(capsys, tmp_path)
    builders.sign_off()
    second = backup(capsys, tmp_path)

    database_file(second).write_bytes(database_file(first).read_bytes())
    note_anew(second)

    with empty_database(tmp_path):
        code, found = run(capsys, "restore", second)
        assert code == 1
        assert "has other records, head" in found["message"]
        assert copies.is_empty()


def cut(folder: Path) -> None:
    os.truncate(database_file(folder), database_file(folder).stat().st_size - 4096)


def alter(folder: Path) -> None:
    data = bytearray(database_file(folder).read_bytes())
    data[len(data) // 2] ^= 1
    database_file(folder).write_bytes(data)


def cut_and_note(folder: Path) -> None:
    cut(folder)
    note_anew(folder)


def of_something_else(folder: Path) -> None:
    database_file(folder).write_bytes(b"nothing of the kind" * 1000)
    note_anew(folder)


def with_a_later_migration(folder: Path) -> None:
    known = json.loads((folder / "manifest.json").read_text())["migrations"]
    change_manifest(folder, migrations=[*known, "records.9999_later"])


def before_a_migration(folder: Path) -> None:
    known = json.loads((folder / "manifest.json").read_text())["migrations"]
    change_manifest(folder, migrations=[m for m in known if m != "records.0001_initial"])


def of_the_other_database(folder: Path) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    manifest = json.loads((folder / "manifest.json").read_text())
    name, path = copies.NAMES[other], database_file(folder)
    files = {**manifest["files"], name: manifest["files"].pop(path.name)}
    del files[path.name]
    path.rename(folder / name)
    change_manifest(folder, database=other, files=files)


def naming_another_file(folder: Path) -> None:
    files = json.loads((folder / "manifest.json").read_text())["files"]
    change_manifest(folder, files={**files, "../elsewhere": files["public_keys.json"]})


REFUSED: list[tuple[Callable[[Path], object], str]] = [
    (cut, "bytes, but"),
    (alter, "was changed since"),
    (lambda folder: (folder / "public_keys.json").write_text("{}"), "public_keys.json"),
    (lambda folder: database_file(folder).unlink(), "is missing in the backup"),
    (lambda folder: (folder / "manifest.json").unlink(), "half of one"),
    (lambda folder: (folder / "manifest.json").write_text('{"format": 1'), "cannot be read"),
    (lambda folder: change_manifest(folder, format=2), "cannot be read: format"),
    (lambda folder: change_manifest(folder, records=1), "has other records than"),
    (lambda folder: change_manifest(folder, guards=[]), "has other guards than"),
    (cut_and_note, ""),
    (of_something_else, ""),
    (with_a_later_migration, "not known here (records.9999_later)"),
    (before_a_migration, "made before some migrations (records.0001_initial)"),
    (of_the_other_database, "and this database is"),
    (naming_another_file, "does not name the files of a backup"),
]


# The ledger of these is empty: nothing of a test that is not transactional is committed.
@pytest.mark.django_db
@pytest.mark.parametrize(("spoil", "why"), REFUSED, ids=[f"{n}" for n in range(len(REFUSED))])
def test_restore_refuses_what_is_not_a_whole_backup_of_this(capsys, tmp_path, spoil, why):
    folder = backup(capsys, tmp_path)
    spoil(folder)

    with empty_database(tmp_path):
        code, found = run(capsys, "restore", folder)

        assert (code, found["status"]) == (1, "refused")
        assert why in found["message"]
        assert copies.is_empty()


@pytest.mark.django_db
def test_restore_refuses_a_database_that_is_not_empty(capsys, tmp_path):
    folder = backup(capsys, tmp_path)

    with empty_database(tmp_path):
        connection.cursor().execute("CREATE TABLE somebodys (id integer)")
        code, found = run(capsys, "restore", folder)

        assert (code, found["status"]) == (1, "refused")
        assert "not empty" in found["message"]
        assert connection.introspection.table_names() == ["somebodys"]


@pytest.mark.django_db
def test_put_back_touches_nothing_that_came_while_the_copy_was_looked_at(capsys, tmp_path):
    folder = backup(capsys, tmp_path)

    with empty_database(tmp_path):
        connection.cursor().execute("CREATE TABLE somebodys (id integer)")
        with pytest.raises(copies.CopyFailed, match="not empty any more"):
            copies.put_back(database_file(folder))

        assert connection.introspection.table_names() == ["somebodys"]


@pytest.mark.django_db
def test_backup_of_a_database_without_a_ledger_leaves_nothing(capsys, tmp_path):
    into = tmp_path / "backups"
    into.mkdir()

    with empty_database(tmp_path):
        code, found = run(capsys, "backup", into)

    assert (code, found["status"]) == (1, "failed")
    assert "has no ledger" in found["message"]
    assert list(into.iterdir()) == []


@pytest.mark.django_db
def test_backup_leaves_no_database_behind_that_it_was_opened_in(capsys, tmp_path):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite opens the file itself.")

    backup(capsys, tmp_path)

    with connection.cursor() as cursor:
        name = f"opened_backup_{connection.settings_dict['NAME']}_"
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name])
        assert cursor.fetchall() == []


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_called_with_what_is_no_folder_it_exits_with_2(tmp_path, command):
    with pytest.raises(CommandError) as refused:
        call_command(command, str(tmp_path / "nothing"))

    assert refused.value.returncode == 2
    assert "is not a folder" in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_what_was_signed_before_a_backup_began_is_in_it(capsys, tmp_path):
    made, restoring = [], []
    with signing() as signed:
        for _ in range(ROUNDS):
            wait_for_more(signed, 2)
            acknowledged, began = list(signed), time.monotonic()
            folder = backup(capsys, tmp_path)
            meanwhile = len(signed) - len(acknowledged)
            made.append((folder, acknowledged, meanwhile, time.monotonic() - began))

    for folder, acknowledged, _, _ in made:
        with empty_database(tmp_path):
            began = time.monotonic()
            code, found = run(capsys, "restore", folder)
            restoring.append(time.monotonic() - began)
            kept = set(Record.objects.values_list("digest", flat=True))
            assert (code, found["status"]) == (0, "ok")
            assert set(acknowledged) - kept == set()
            assert broken_records() == []
    tell(made, restoring)


@contextmanager
def signing() -> Iterator[list[str]]:
    """Two others sign off one after the other; gives the digests as they are acknowledged."""
    place, signed, failed, stop = firm(), list[str](), list[Exception](), threading.Event()

    def keep_signing() -> None:
        with closing(connections["default"]):
            try:
                while not stop.is_set():
                    signed.append(place.signed().record.digest)
            except Exception as error:
                failed.append(error)

    signers = [threading.Thread(target=keep_signing) for _ in range(2)]
    for signer in signers:
        signer.start()
    try:
        yield signed
    finally:
        stop.set()
        for signer in signers:
            signer.join()
    assert failed == []


def wait_for_more(signed: list[str], number: int) -> None:
    wanted, latest = len(signed) + number, time.monotonic() + 60
    while len(signed) < wanted:
        assert time.monotonic() < latest, "Nobody signs."
        time.sleep(0.01)


def tell(made: list[tuple[Path, list[str], int, float]], restoring: list[float]) -> None:
    """For the full setting, with -s: what it took."""
    seconds = sorted(took for *_, took in made)
    sizes = [database_file(folder).stat().st_size for folder, *_ in made]
    print(
        f"{len(made)} backups of {min(sizes)} to {max(sizes)} bytes in {seconds[0]:.2f} to"
        f" {seconds[-1]:.2f} s; signed off before the last one: {len(made[-1][1])}, while they"
        f" were made: {sum(meanwhile for _, _, meanwhile, _ in made)}; restored in"
        f" {min(restoring):.2f} to {max(restoring):.2f} s"
    )
