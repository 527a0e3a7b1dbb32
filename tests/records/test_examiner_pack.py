import re
import zipfile

import pytest
from django.core.management import CommandError, call_command

from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def records_in(path) -> list[int]:
    with zipfile.ZipFile(path) as pack:
        found = (re.search(r"/records/(\d+)\.json$", name) for name in pack.namelist())
        return [int(match[1]) for match in found if match]


def test_examiner_pack_makes_a_file_for_its_owner(tmp_path, capsys):
    sign_off = builders.sign_off()
    builders.sign_off()
    path = tmp_path / "pack.zip"

    call_command("examiner_pack", path, "--person", sign_off.clerk.username)

    assert records_in(path) == [1, sign_off.record_id]
    assert path.stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().out == f"Made {path}, {path.stat().st_size} bytes\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--person", "nobody"], "There is no person nobody."),
        (["--team", "None"], "There is no team None."),
        (["--from", "14 March"], "14 March is no day."),
        (["--to", "2000-02-31"], "2000-02-31 is no day."),
        (["--to", "2000-01-31"], "There is no record of that."),
    ],
)
def test_examiner_pack_refuses_what_there_is_not(tmp_path, arguments, said):
    builders.sign_off()

    with pytest.raises(CommandError, match=said) as refused:
        call_command("examiner_pack", tmp_path / "pack.zip", *arguments)

    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_examiner_pack_writes_over_nothing(tmp_path):
    builders.sign_off()
    path = tmp_path / "pack.zip"
    path.write_text("Something else.")

    with pytest.raises(CommandError, match="cannot be made"):
        call_command("examiner_pack", path)

    assert path.read_text() == "Something else."
