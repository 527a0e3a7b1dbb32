"""What looks like a formula or a link stays a text, whatever opens the file."""

import csv
import io
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from assessments.insight.exports import Table, as_csv, as_xlsx

SOFFICE = shutil.which("soffice")
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
SHEET = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# As what opens a file of quoted fields with commas, in UTF-8, from its first line on.
AS_CSV = "CSV:44,34,76,1"

SKIPPED = "\t\r\n \u00a0\ufeff\u200b"
BEGIN_A_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")

PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "=SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-cmd|' /C calc'!A0",
    "@cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","Click")',
    '=WEBSERVICE("https://evil.example")',
    '=IMPORTXML("https://evil.example","//a")',
    '=DDE("cmd","/C calc","A0")',
    "=2+5+cmd|' /C calc'!A0",
    '=IF(TRUE,"yes","no")',
    "={1,2}",
    "=A1",
    "==1",
    "=+1",
    "=-1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "   +1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    '"=1+1"',
    "'=1+1",
    '","=1+1',
    ";=1+1",
    "|=1+1",
    "%=1+1",
    "https://evil.example",
    "mailto:somebody@evil.example",
    "file:///etc/passwd",
    "1e99",
    "TRUE",
    "0001",
]


@pytest.fixture(scope="module")
def table():
    """Each payload in each column of a row, as a heading, and in what stands above the table."""
    columns = ["Level", "Statement", "Ana", "Ben"]
    rows = [[f"row {number}", *[word] * 4, number] for number, word in enumerate(PAYLOADS)]
    return Table("=Skills", PAYLOADS, [*PAYLOADS, *columns], rows)


def texts_of(table):
    """The texts by place, as both kinds of file are to show them."""
    above = {(number, 0): word for number, word in enumerate(table.about)}
    first = len(table.about) + 1
    rows = enumerate([table.headings, *table.rows], start=first)
    cells = {(y, x): v for y, row in rows for x, v in enumerate(row) if isinstance(v, str)}
    return above | cells


def plain(word):
    """Without what files and programs may add or drop at the edges, and breaks."""
    return "".join(word.replace("_x000D_", "").split()).strip("'\u200b\ufeff")


def csv_of(table):
    return b"".join(as_csv(table).streaming_content)


def test_there_are_forty_payloads_or_more():
    assert len(set(PAYLOADS)) >= 40


def test_no_field_of_the_csv_begins_as_a_formula(table):
    rows = list(csv.reader(io.StringIO(csv_of(table).decode("utf-8-sig"), newline="")))

    begins = [field.lstrip(SKIPPED) for row in rows for field in row]
    assert [field for field in begins if field.startswith(BEGIN_A_FORMULA)] == []


def test_every_cell_of_the_workbook_is_a_text(table):
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(table).content)).active

    for (row, column), word in texts_of(table).items():
        cell = sheet.cell(row + 1, column + 1)
        assert (cell.data_type, cell.hyperlink) == ("s", None), word
        assert plain(str(cell.value)) == plain(word)


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_libreoffice_reads_every_cell_as_a_text(table, kind, tmp_path):
    file = tmp_path / f"skills.{kind}"
    file.write_bytes(csv_of(table) if kind == "csv" else as_xlsx(table).content)

    cells = cells_of(opened(file, tmp_path))

    assert [found for found in cells if found.get(f"{SHEET}formula")] == []
    assert [found for found in cells if found.find(f".//{TEXT}a") is not None] == []
    numbers = [found for found in cells if found.get(f"{OFFICE}value-type") not in (None, "string")]
    if kind == "xlsx":
        assert len(numbers) == len(PAYLOADS)  # the column of numbers
    shown = {plain("".join(found.itertext())) for found in cells}
    assert {plain(word) for word in PAYLOADS} - {"1e99", "TRUE", "0001"} <= shown


def opened(file: Path, folder: Path) -> Path:
    """The file as LibreOffice has understood it, in its own format."""
    command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    command += [f"--infilter={AS_CSV}"] if file.suffix == ".csv" else []
    command += ["--convert-to", "fods", "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return file.with_suffix(".fods")


def cells_of(file: Path) -> list[ElementTree.Element]:
    return list(ElementTree.parse(file).iter(f"{SHEET}table-cell"))  # noqa: S314  # our own file
