"""Tables as CSV and as spreadsheets. A cell that a spreadsheet would take for a formula is written as a text, and read back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.exchange.problems import ExchangeProblem

MOST_ROWS, MOST_COLUMNS = 150_000, 20
# Of a spreadsheet, unpacked: a file of some kilobytes can hold gigabytes.
LARGEST_UNPACKED = 200 * 1024 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ZIP = b"PK\x03\x04"
# openpyxl's own limit of what a cell can hold.
_LONGEST_CELL = 32_767


@dataclass(frozen=True)
class Sheet:
    """A table: what the columns are called, in small letters, and the rows as texts."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def columns(self, names: Sequence[str]) -> list[list[str]]:
        """Return rows of these columns only; a column that is not there is empty."""
        places = [self.head.index(name.lower()) if name.lower() in self.head else None for name in names]
        return [["" if at is None or at >= len(row) else row[at] for at in places] for row in self.rows]


def write_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV that spreadsheets read as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(head: Sequence[str], rows: Iterable[Sequence[str]], *, title: str) -> bytes:
    """Return a table as a spreadsheet of Excel's kind."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(list(head))
    for row in rows:
        sheet.append([_guarded(cell)[:_LONGEST_CELL] for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_sheet(file: bytes) -> Sheet:
    """Return a table from a spreadsheet or a CSV, whichever it is. Raises ExchangeProblem."""
    found = _from_xlsx(file) if file.startswith(_ZIP) else _from_csv(file)
    rows = [tuple(_plain(cell) for cell in row) for row in found if any(cell.strip() for cell in row)]
    if not rows:
        raise ExchangeProblem("empty", "There is no row in this file.")
    if len(rows) > MOST_ROWS:
        raise ExchangeProblem("many", f"More than {MOST_ROWS} rows. Bring them in parts.", limit=MOST_ROWS)
    return Sheet(tuple(cell.strip().lower() for cell in rows[0]), tuple(rows[1:]))


def _from_csv(file: bytes) -> list[list[str]]:
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ExchangeProblem("encoding", "Not UTF-8. Save it as “CSV UTF-8” or as a spreadsheet.") from None
    first = text.partition("\n")[0]
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True))
    except csv.Error as error:
        raise ExchangeProblem("unreadable", f"This is no table: {error}.") from None


def _from_xlsx(file: bytes) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise ExchangeProblem("many", f"More than {MOST_ROWS} rows. Bring them in parts.", limit=MOST_ROWS)
        sheet = load_workbook(io.BytesIO(file), read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, values_only=True)
        return [["" if cell is None else str(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, SyntaxError, OSError) as error:
        raise ExchangeProblem("unreadable", f"This spreadsheet cannot be read: {type(error).__name__}.") from None


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
