"""Sessions to logs and back: what comes back is what went out."""

import csv
from pathlib import Path

import pytest
from hypothesis import given

from daemon.exporting.csv_export import LOG, SNAPSHOTS, CsvExporter
from daemon.exporting.options import DatasetOptions
from daemon.importing.csv_import import ImportOptions, import_log
from protocol.errors import SessionError
from protocol.session.reader import open_session
from tests.daemon.importing.made import Recording, facts, frame_set, make_session, recordings, scan
from tests.fakes.pictures import png


def silent(_more: int) -> None:
    pass


@given(recording=recordings())
def test_importing_an_export_gives_an_equal_session(
    tmp_path_factory: pytest.TempPathFactory, recording: Recording
) -> None:
    folder = tmp_path_factory.mktemp("round")
    session = make_session(folder, "evening", recording)
    session.folder.proofs.write_bytes(b'{"proof": 1}\n')
    session.folder.annotation_history.write_bytes(b'{"n": 1}\n')
    CsvExporter([session], DatasetOptions()).export(folder / "logs", silent)
    log = folder / "logs" / "evening" / LOG
    if not log.stat().st_size:
        return
    report = import_log(ImportOptions(logs=[log], output=folder, session_name="again"), silent)
    again = open_session(folder / "again")
    assert facts(again) == facts(session)
    assert again.folder.proofs.read_bytes() == session.folder.proofs.read_bytes()
    assert again.folder.annotation_history.read_bytes() == session.folder.annotation_history.read_bytes()
    assert report.clean
    assert report.frame_sets == len(recording[0])


def test_the_originals_tools_find_their_log(tmp_path: Path) -> None:
    made = frame_set(3, [scan("iwram", 15, [0x0300_0000], current=7)], keys="A+Right")
    session = make_session(tmp_path, "evening", [made, frame_set(4)])
    told: list[int] = []
    CsvExporter([session], DatasetOptions()).export(tmp_path / "logs", told.append)
    folder = tmp_path / "logs" / "evening"
    with (folder / LOG).open(encoding="utf-8", newline="") as file:
        (row,) = csv.reader(file)
    assert row[1:6] == ["iwram", "15", "03000000", "00000000", "00000007"]
    assert row[6:] == ["1", "08000100", "A+Right", "A+Right", "3", "0"]
    assert {path.name: path.read_bytes() for path in (folder / SNAPSHOTS).iterdir()} == {
        "3.png": png(3),
        "4.png": png(4),
    }
    assert sum(told) == 2


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", [frame_set(0)])
    (tmp_path / "logs" / "evening").mkdir(parents=True)
    with pytest.raises(SessionError, match="is there already"):
        CsvExporter([session], DatasetOptions()).export(tmp_path / "logs", silent)
    assert list((tmp_path / "logs").rglob("*")) == [tmp_path / "logs" / "evening"]


def test_half_an_export_leaves_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", [frame_set(0), frame_set(1)])
    session.folder.event(1).write_bytes(b"{")
    with pytest.raises(SessionError, match=r"event\.json is damaged"):
        CsvExporter([session], DatasetOptions()).export(tmp_path / "logs", silent)
    assert list((tmp_path / "logs").iterdir()) == []
