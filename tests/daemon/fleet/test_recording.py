from dataclasses import replace
from pathlib import Path

import pytest

from daemon.fleet.catalogue import CatalogueRow
from daemon.fleet.plan import PlannedSession
from daemon.fleet.policies import GameView, PolicyChoice, choose_policy
from daemon.fleet.recording import record_session
from daemon.fleet.target import FolderTarget
from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from protocol.errors import FleetError
from protocol.session.reader import SessionReader, session_names, stored_session
from tests.daemon.fleet.jobs import job_of, plan_of


def recorded(
    folder: Path, session: PlannedSession, core: Path | None = None, policy: PolicyChoice | None = None
) -> CatalogueRow:
    job = job_of(FolderTarget(folder), core, policy)
    row = list(record_session(job, session, "recorder-1", 1))[-1]
    assert isinstance(row, CatalogueRow)
    return row


def content(reader: SessionReader) -> dict[str, bytes]:
    """Return all of a session's files but its metadata, which has an id of its own."""
    paths = [path for path in reader.folder.path.rglob("*") if path.is_file() and path != reader.folder.metadata]
    return {path.relative_to(reader.folder.path).as_posix(): path.read_bytes() for path in paths}


def test_a_session_is_recorded_whole_and_told_in_its_row(tmp_path: Path) -> None:
    (session,) = plan_of(1).sessions()
    row = recorded(tmp_path, session)
    reader = stored_session(tmp_path, session.name)
    sets = list(reader.frame_sets(with_png=False))
    assert row.frame_sets == len(sets) == 10
    assert row.frames == session.frames == sum(len(each.frames) for each in sets)
    assert row.changes == sum(each.change_count for each in sets)
    files = [path for path in reader.folder.path.rglob("*") if path.is_file()]
    assert (row.files, row.bytes) == (len(files), sum(path.stat().st_size for path in files))
    assert verify_session(reader.folder.path).grade is Grade.WHOLE


def test_the_same_seed_makes_the_same_session(tmp_path: Path, mgba: Path) -> None:
    first, second = plan_of(2).sessions()
    ones, same, other = (
        recorded(tmp_path / name, session, mgba, choose_policy("random"))
        for name, session in (("1", first), ("2", first), ("3", second))
    )
    assert ones.memory_sha256 == same.memory_sha256
    assert content(stored_session(tmp_path / "1", first.name)) == content(stored_session(tmp_path / "2", first.name))
    assert other.seed != ones.seed


def test_a_session_that_is_there_is_not_recorded_again(tmp_path: Path) -> None:
    (session,) = plan_of(1).sessions()
    row = recorded(tmp_path, session)
    assert list(record_session(job_of(FolderTarget(tmp_path)), session, "recorder-2", 2)) == [row]


class Quitter:
    """Policy that fails after a while."""

    def reset(self, seed: int) -> None: ...

    def buttons(self, frame: int, game: GameView) -> int:
        if frame == 20:
            raise LookupError("no idea")
        return 0


def test_half_a_session_is_never_handed_over(tmp_path: Path) -> None:
    (session,) = plan_of(1).sessions()
    with pytest.raises(FleetError, match="failed at frame 20"):
        recorded(tmp_path, session, policy=PolicyChoice("test:Quitter", kind=Quitter))
    assert session_names(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_the_first_frame_is_reported_however_short_the_session_is(tmp_path: Path) -> None:
    (session,) = plan_of(1).sessions()
    reports = list(record_session(job_of(FolderTarget(tmp_path)), replace(session, frames=5), "recorder-1", 1))
    assert reports[0] == 1


def test_progress_is_reported_while_it_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.fleet.recording._REPORT_EVERY", -1.0)
    (session,) = plan_of(1).sessions()
    reports = list(record_session(job_of(FolderTarget(tmp_path)), replace(session, frames=10), "recorder-1", 1))
    assert reports[:-1] == list(range(1, 11))
