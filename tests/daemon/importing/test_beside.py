"""What stands beside a log."""

from pathlib import Path

import pytest
from hypothesis import given

from daemon.importing.beside import FRAME_SETS, beside_folder, beside_line, copy_files, find_beside
from protocol.errors import LogError, SessionError
from protocol.session.annotations import annotations_json
from protocol.session.events import EventRecord
from protocol.session.layout import SessionFolder
from protocol.session.metadata import metadata_json
from tests.daemon.importing.made import Recording, frame_set, make_session, metadata, recordings


def write(folder: Path, lines: list[bytes]) -> Path:
    log = folder / "event_log.csv"
    beside = SessionFolder(beside_folder(log))
    beside.path.mkdir(parents=True, exist_ok=True)
    beside.metadata.write_bytes(metadata_json(metadata("evening", [0, 1])))
    (beside.path / FRAME_SETS).write_bytes(b"".join(lines))
    return log


@given(recording=recordings())
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, recording: Recording) -> None:
    sets, _ = recording
    log = write(
        tmp_path_factory.mktemp("log"),
        [beside_line(made, None if labels is None else labels.as_map()) for made, labels, _ in sets],
    )
    beside = find_beside(log)
    assert beside is not None
    assert list(beside.numbers()) == [made.frame_set_id for made, _, _ in sets]
    for made, labels, _ in reversed(sets):
        found = beside.find(made.frame_set_id)
        assert found is not None
        assert (found.frames, found.flaws, found.labels) == (
            made.frames,
            made.flaws,
            b"" if labels is None else annotations_json(labels),
        )
        assert found.alone().changes == ()
        assert found.completed(made).changes is made.changes
    assert beside.find(99_999) is None
    assert beside.session.metadata == metadata("evening", [0, 1])


def test_nothing_may_stand_beside_a_log(tmp_path: Path) -> None:
    assert find_beside(tmp_path / "event_log.csv") is None


@pytest.mark.parametrize(
    "line", [b"{", b"{}\n", b'{"frame_set_id": 1, "frames": [{}], "flaws": [], "annotations": null}\n']
)
def test_damage_is_told(tmp_path: Path, line: bytes) -> None:
    log = write(tmp_path, [beside_line(frame_set(0), {}), line])
    with pytest.raises(LogError, match=r"frame_sets\.jsonl is damaged at byte \d+"):
        find_beside(log)


def test_missing_metadata_is_told(tmp_path: Path) -> None:
    log = write(tmp_path, [])
    (beside_folder(log) / "session_metadata.json").unlink()
    with pytest.raises(SessionError):
        find_beside(log)


def test_files_are_copied_as_they_are(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", ([(frame_set(0), None, ())], [EventRecord(1, "mark", 0)]))
    session.folder.lock.write_bytes(b"")
    target = tmp_path / "target"
    target.mkdir()
    copy_files(session.folder, target, without={session.folder.metadata.name})
    assert sorted(path.name for path in target.iterdir()) == ["checksums.jsonl", "events.jsonl"]
    assert (target / "events.jsonl").read_bytes() == session.folder.events.read_bytes()
