"""Logs that another program saved in its own way, and files that are no logs."""

import csv
import gzip
import io
from pathlib import Path

import pytest

from daemon.importing.csv_import import ImportOptions, import_log
from daemon.importing.log_file import open_log
from daemon.importing.log_rows import COLUMNS, Fault
from protocol.errors import LogError
from protocol.session.event_json import event_json
from protocol.session.reader import open_session
from tests.daemon.importing.made import log_row, write_log

ROWS = [log_row(number, 5 * number, current_keys="A+Up", key_history='"None | A, B"') for number in range(3)]
PLAIN = "".join(f"{row}\n" for row in (",".join(COLUMNS), *ROWS))


def separated(separator: str) -> str:
    table = io.StringIO()
    csv.writer(table, delimiter=separator).writerows(csv.reader(io.StringIO(PLAIN)))
    return table.getvalue()


FORMS = {
    "": PLAIN.encode(),
    " ": PLAIN.encode("utf-8-sig"),
    "gzip": gzip.compress(PLAIN.encode()),
    "UTF-16": PLAIN.replace("\n", "\r\n").encode("utf-16"),
    "UTF-16 ": PLAIN.encode("utf-16-le"),
    "UTF-16  ": PLAIN.encode("utf-16-be"),
    "semicolons": separated(";").encode(),
    "tabs": separated("\t").encode(),
    "a `sep=` line": b"sep=,\r\n" + PLAIN.encode(),
    "semicolons, a `sep=` line": b"sep=;\r\n" + separated(";").encode(),
    "gzip, UTF-16, tabs": gzip.compress(separated("\t").encode("utf-16")),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_alike(tmp_path: Path, form: str) -> None:
    log = tmp_path / "event_log.csv"
    log.write_bytes(FORMS[form])
    read: list[int] = []
    report = import_log(ImportOptions(logs=[log], output=tmp_path / "data", session_name="run"), read.append)
    assert (report.rows, report.clean, sum(read)) == (3, True, log.stat().st_size)
    notes = " ".join(map(str, report.as_map()["notes"]))
    assert form.strip() in notes
    assert ("not saved as the original saves it" in notes) == bool(form.strip())
    plain = tmp_path / "plain.csv"
    plain.write_text(PLAIN, encoding="utf-8")
    import_log(ImportOptions(logs=[plain], output=tmp_path / "data", session_name="plain"), lambda _more: None)
    one, other = (open_session(tmp_path / "data" / name) for name in ("run", "plain"))
    assert [event_json(each) for each in one.frame_sets()] == [event_json(each) for each in other.frame_sets()]
    assert one.metadata.source_csv == "event_log.csv"


def test_bytes_that_are_no_text_are_a_fault_of_their_line(tmp_path: Path) -> None:
    log = tmp_path / "event_log.csv"
    log.write_bytes(ROWS[0].encode() + b"\n\xff\xfe\x80\n" + ROWS[1].encode())
    faults: list[Fault] = []
    assert len(list(open_log(log).rows(faults.append))) == 2
    assert [(fault.line, fault.text) for fault in faults] == [(2, r"\xff\xfe\x80")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04rest", "is not a log: it is a ZIP archive or a spreadsheet"),
        (b"\x28\xb5\x2f\xfdrest", "compressed with zstandard"),
        (gzip.compress(PLAIN.encode() * 9, mtime=0)[:60], "gzip file that is damaged or cut off"),
        (b"\x1f\x8bnonsense", "gzip file that is damaged or cut off"),
        (b"a\nb\n" + b"x" * 70_000, "line 3: a line of more than 65,536 characters"),
        (b";" * 11 + b"\n" + b'"' + b"x" * 700_000, "line 2: a line of more than 65,536 characters"),
        (gzip.compress(b"x" * 70_000_000, mtime=0), "line 1: a line of more than 65,536 characters"),
    ],
)
def test_what_is_no_log_is_named(tmp_path: Path, data: bytes, says: str) -> None:
    log = tmp_path / "event_log.csv"
    log.write_bytes(data)
    with pytest.raises(LogError, match=says):
        list(open_log(log).batches())


def test_a_long_line_far_behind_is_named(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", [*[ROWS[0]] * 999, "x" * 70_000])
    with pytest.raises(LogError, match="line 1000: a line of more than"):
        list(open_log(log).batches())


def test_a_log_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="cannot be read"):
        open_log(tmp_path / "none.csv")
