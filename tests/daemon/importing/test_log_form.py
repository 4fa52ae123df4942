"""Logs that another program saved in its own way."""

import csv
import gzip
import io
from pathlib import Path

import pytest

from daemon.importing.csv_import import ImportOptions, import_log
from daemon.importing.csv_log import COLUMNS
from daemon.importing.log_form import plain_logs
from protocol.errors import LogError
from protocol.session.event_json import event_json
from protocol.session.reader import open_session
from tests.daemon.importing.made import log_row

ROWS = [log_row(number, 5 * number, current_keys="A+Up", key_history='"None | A, B"') for number in range(3)]
PLAIN = "".join(f"{row}\n" for row in (",".join(COLUMNS), *ROWS))


def separated(separator: str) -> str:
    table = io.StringIO()
    csv.writer(table, delimiter=separator).writerows(csv.reader(io.StringIO(PLAIN)))
    return table.getvalue()


FORMS = {
    "": PLAIN.encode(),
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
def test_what_can_be_told_is_read(tmp_path: Path, form: str) -> None:
    log = tmp_path / "event_log.csv"
    log.write_bytes(FORMS[form])
    report = import_log(ImportOptions(logs=[log], output=tmp_path / "data", session_name="run"), lambda _more: None)
    assert (report.rows, report.clean) == (3, True)
    notes = " ".join(map(str, report.as_map()["notes"])) if form else ""
    assert form.strip() in notes
    plain = tmp_path / "plain.csv"
    plain.write_text(PLAIN, encoding="utf-8")
    import_log(ImportOptions(logs=[plain], output=tmp_path / "data", session_name="plain"), lambda _more: None)
    one, other = (open_session(tmp_path / "data" / name) for name in ("run", "plain"))
    assert [event_json(each) for each in one.frame_sets()] == [event_json(each) for each in other.frame_sets()]
    assert one.metadata.source_csv == "event_log.csv"


def test_a_plain_log_is_not_copied(tmp_path: Path) -> None:
    log = tmp_path / "event_log.csv"
    log.write_text(PLAIN, encoding="utf-8")
    with plain_logs([log]) as plain:
        assert (plain[log].path, plain[log].form) == (log, "")


def test_a_copy_is_gone_afterwards(tmp_path: Path) -> None:
    log = tmp_path / "event_log.csv"
    log.write_bytes(FORMS["gzip"])
    with plain_logs([log]) as plain:
        copy = plain[log].path
        assert copy.read_text(encoding="utf-8") == PLAIN
        assert copy.name == log.name
    assert not copy.exists()


def test_bytes_that_are_no_text_pass_unchanged(tmp_path: Path) -> None:
    log = tmp_path / "event_log.csv"
    data = ROWS[0].encode() + b"\n\xff\xfe\x80\n"
    log.write_bytes(gzip.compress(data))
    with plain_logs([log]) as plain:
        assert plain[log].path.read_bytes() == data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04rest", "is not a log: it is a ZIP archive or a spreadsheet"),
        (b"\x28\xb5\x2f\xfdrest", "compressed with zstandard"),
        (gzip.compress(PLAIN.encode() * 9)[:60], "gzip file that is damaged or cut off"),
        (b";" * 11 + b"\n" + b'"' + b"x" * 200_000, "is not a log: field larger than field limit"),
        (b"\x1f\x8bnonsense", "gzip file that is damaged or cut off"),
    ],
)
def test_what_is_no_log_is_named(tmp_path: Path, data: bytes, says: str) -> None:
    log = tmp_path / "event_log.csv"
    log.write_bytes(data)
    with pytest.raises(LogError, match=says), plain_logs([log]):
        pass


def test_a_log_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="cannot be read"), plain_logs([tmp_path / "none.csv"]):
        pass
