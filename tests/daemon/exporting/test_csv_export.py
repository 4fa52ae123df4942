"""Sessions to logs and back."""

import csv
from pathlib import Path

import pytest
from hypothesis import given

from daemon.exporting.csv_export import CsvExporter, log_rows
from daemon.exporting.options import DatasetOptions
from daemon.importing.csv_import import ImportOptions, import_log
from protocol.errors import SessionError
from protocol.link.spool import LOG, SNAPSHOTS
from protocol.session.change_rows import change_rows
from protocol.session.frame_set import FrameRecord, FrameSet
from protocol.session.reader import open_session
from tests.daemon.importing.made import Recording, frame_set, logged, make_session, recordings, scan
from tests.fakes.screenshots import png


def silent(_more: int) -> None:
    pass


@given(recording=recordings())
def test_the_log_is_what_the_csv_module_writes(recording: Recording) -> None:
    for made, _, _ in recording[0]:
        frames = {frame.frame: frame for frame in made.frames}
        expected = [
            (
                frames[each.frame].timestamp,
                each.region,
                each.frame,
                *(f"{column[row]:08X}" for column in (each.addresses, each.previous, each.current)),
                each.freq[row],
                f"{frames[each.frame].pc:08X}",
                " | ".join(frames[each.frame].key_history),
                frames[each.frame].current_keys or "None",
                made.frame_set_id,
                each.chunk,
            )
            for each in made.changes
            for row in range(len(each.addresses))
        ]
        assert list(log_rows(made)) == expected


@given(recording=recordings())
def test_importing_an_export_gives_the_changes_keys_and_screenshots_again(
    tmp_path_factory: pytest.TempPathFactory, recording: Recording
) -> None:
    folder = tmp_path_factory.mktemp("round")
    session = make_session(folder, "evening", recording)
    CsvExporter([session], DatasetOptions()).export(folder / "logs", silent)
    log = folder / "logs" / "evening" / LOG
    if not log.stat().st_size:
        return
    report = import_log(ImportOptions(logs=[log], output=folder, session_name="again"), silent)
    assert report.clean
    again = open_session(folder / "again")
    changed = [each for each in session.frame_sets() if each.change_count]
    assert again.frame_set_ids() == [each.frame_set_id for each in changed]
    for before, after in zip(changed, again.frame_sets(), strict=True):
        assert (change_rows(after.changes), after.png) == (change_rows(before.changes), before.png)
        frames = {scan.frame for scan in before.changes}
        assert after.frames == tuple(frame for frame in before.frames if frame.frame in frames)


def test_a_key_with_a_comma_or_quote_comes_back(tmp_path: Path) -> None:
    frame = FrameRecord(1, 2, 3, 'Comma,"Key"', ("None", 'Comma,"Key"'))
    made = FrameSet(0, (frame,), (scan("iwram", 1, [0x0300_0000]),), (), b"")
    CsvExporter([make_session(tmp_path, "evening", [made])], DatasetOptions()).export(tmp_path / "logs", silent)
    (row,) = logged((tmp_path / "logs" / "evening" / LOG).read_bytes())
    assert (row["key_history"], row["current_keys"]) == ('None | Comma,"Key"', 'Comma,"Key"')


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


def test_an_interrupted_export_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    one, other = (make_session(tmp_path, name, [frame_set(0), frame_set(1)]) for name in ("one", "other"))
    event = other.folder.event(1).read_bytes()
    other.folder.event(1).write_bytes(b"{")
    with pytest.raises(SessionError, match="is damaged"):
        CsvExporter([one, other], DatasetOptions()).export(tmp_path / "logs", silent)
    other.folder.event(1).write_bytes(event)
    done: list[int] = []
    CsvExporter([one, other], DatasetOptions()).export(tmp_path / "logs", done.append)
    assert sum(done) == 4
    assert sorted(path.name for path in (tmp_path / "logs").iterdir()) == ["one", "other"]


def test_a_finished_export_and_one_with_other_options_stand_in_the_way(tmp_path: Path) -> None:
    sessions = [make_session(tmp_path, "one", [frame_set(0)])]
    CsvExporter(sessions, DatasetOptions()).export(tmp_path / "logs", silent)
    with pytest.raises(SessionError, match="has all of these sessions already"):
        CsvExporter(sessions, DatasetOptions()).export(tmp_path / "logs", silent)
    sessions.append(make_session(tmp_path, "other", [frame_set(0)]))
    with pytest.raises(SessionError, match="one is there already"):
        CsvExporter(sessions, DatasetOptions(csv_header=True)).export(tmp_path / "logs", silent)


def test_half_an_export_leaves_nothing(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", [frame_set(0), frame_set(1)])
    session.folder.event(1).write_bytes(b"{")
    with pytest.raises(SessionError, match=r"event\.json is damaged"):
        CsvExporter([session], DatasetOptions()).export(tmp_path / "logs", silent)
    assert list((tmp_path / "logs").iterdir()) == []
