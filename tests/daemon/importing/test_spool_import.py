"""Spools of the script, imported: the session that was cut off goes on, and no other is made of it."""

import io
import json
import struct
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from daemon.importing.spool_import import SpoolImport, SpoolReport, import_spool, spool_folder
from daemon.recording import restoring
from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from protocol.errors import LogError, SessionError
from protocol.link.codec import armour, encode, unarmour
from protocol.link.messages import Event, Frame
from protocol.link.spool import read_records
from protocol.packing import pack
from protocol.session.reader import SessionReader, open_session
from tests.fakes.game import Game, greeting
from tests.fakes.recording_daemon import RecordingDaemon
from tests.fakes.screenshots import png
from tests.lua.fake_bizhawk import FakeBizHawk
from tests.lua.fake_daemon import FakeDaemon
from tests.lua.test_event_logger import Scribbler
from tests.protocol.link.test_spool import body, record, text, unpacked_greeting


def imported(folder: Path, data: Path, **options: object) -> SpoolReport:
    return import_spool(SpoolImport(folder=folder, output=data, **options), lambda _more: None)  # type: ignore[arg-type]


def by_hand(tmp_path: Path, frames: int = 53) -> tuple[Path, FakeBizHawk]:
    """Record with a BizHawk without a socket; return the spool's folder and the BizHawk."""
    bizhawk = FakeBizHawk(None, userdata={"spool_folder": str(tmp_path / "spool"), "spool_size": 10})
    bizhawk.play(frames, Scribbler(30))
    for number, path in enumerate(
        sorted((tmp_path / "spool" / "1" / "snapshots").iterdir(), key=lambda p: int(p.stem))
    ):
        path.write_bytes(png(number))
    bizhawk.fire("onexit")
    return tmp_path / "spool" / "1", bizhawk


def only_session(data: Path) -> SessionReader:
    (metadata,) = data.glob("*/session_metadata.json")
    return open_session(metadata.parent)


def spooled(folder: Path, game: Game, first: int, count: int) -> Path:
    """Write the spool of an outage in the session of `RecordingDaemon`."""
    (folder / "snapshots").mkdir(parents=True)
    journal = record(0, text(b"who") + struct.pack("<Q", 0) + text(pack(unpacked_greeting())))
    journal += record(1, text(b"run") + text(b"c0ffee") + struct.pack("<Q", 0))
    for number in range(first, first + count):
        game.frame_set()
        frames = [message for message in game.again(number) if isinstance(message, Frame)]
        head = struct.pack("<QQQBB", number, frames[-1].frame, frames[-1].time, 1, 0)
        journal += record(2, head + b"".join(text(body(frame)) for frame in frames))
        (folder / "snapshots" / f"{number}.png").write_bytes(png(number))
    (folder / "journal.bin").write_bytes(journal)
    return folder


class TestOfAStartByHand:
    def test_it_becomes_a_session_with_its_game_and_config(self, tmp_path: Path) -> None:
        folder, _ = by_hand(tmp_path)
        (tmp_path / "data" / "game_configs").mkdir(parents=True)
        config = {"game": "Tiny", "keys": {"A": "x"}, "rom_hashes": ["AB" * 20]}
        (tmp_path / "data" / "game_configs" / "tiny.json").write_text(json.dumps(config), encoding="utf-8")
        report = imported(folder, tmp_path / "data")
        assert (report.frame_sets, report.known, report.goes_on) == (11, 0, False)
        session = only_session(tmp_path / "data")
        metadata = session.metadata
        assert (metadata.session_id, metadata.game_name, metadata.game_config) == (
            report.session_id,
            "Tiny",
            "tiny.json",
        )
        assert metadata.recorder["rom_hash"] == "AB" * 20
        assert (metadata.ended_by, metadata.total_frame_sets, metadata.lost.frame_sets) == (
            "its spool was imported",
            11,
            0,
        )
        assert metadata.created // 1000 == 1_753_996_829, "its time is that of the play"
        assert verify_session(session.folder.path).grade is not Grade.DAMAGED
        log = [line.split(",") for line in (folder / "event_log.csv").read_text("utf-8").splitlines()]
        changes = [
            (change["frame"], change["address"], change["prev_val"], change["curr_val"], number)
            for number in range(11)
            for change in json.loads(session.folder.event(number).read_bytes())["memory_changes"]
        ]
        assert changes == [(int(row[2]), row[3], row[4], row[5], int(row[10])) for row in log]
        assert [session.screenshot(number) for number in range(10)] == [png(number) for number in range(10)]

    def test_it_is_not_delivered_or_imported_twice(self, tmp_path: Path) -> None:
        folder, _ = by_hand(tmp_path)
        imported(folder, tmp_path / "data")
        again = imported(folder, tmp_path / "data")
        assert (again.frame_sets, again.known, again.goes_on) == (0, 11, True)
        assert only_session(tmp_path / "data").metadata.total_frame_sets == 11
        daemon = FakeDaemon()
        FakeBizHawk(daemon, userdata={"spool_folder": str(tmp_path / "spool"), "spool_size": 10}).play(5)
        assert daemon.resumes == [""]
        assert folder.is_dir()

    def test_cleanup_deletes_the_folder(self, tmp_path: Path) -> None:
        folder, _ = by_hand(tmp_path)
        imported(folder, tmp_path / "data", cleanup=True)
        assert not folder.exists()
        assert only_session(tmp_path / "data").metadata.total_frame_sets == 11

    def test_a_dry_run_writes_nothing(self, tmp_path: Path) -> None:
        folder, _ = by_hand(tmp_path)
        assert imported(folder, tmp_path / "data", dry_run=True).frame_sets == 11
        assert not (tmp_path / "data").exists()
        assert not (folder / "imported.bin").exists()

    @pytest.mark.parametrize("named", [".", "event_log.csv"])
    def test_the_command_takes_the_folder_or_its_log(self, tmp_path: Path, named: str) -> None:
        folder, _ = by_hand(tmp_path)
        words = [
            "import",
            "--csv",
            str(folder / named),
            "--output",
            str(tmp_path / "data"),
            "--session_name",
            "by-hand",
        ]
        told = CliRunner().invoke(command_line(), words)
        assert told.exit_code == 0, told.output
        assert "Imported 11 frame sets as" in told.output
        assert only_session(tmp_path / "data").metadata.session_id == "by-hand"


class TestOfAnOutage:
    def test_the_session_that_was_cut_off_goes_on(self, tmp_path: Path) -> None:
        game, daemon = Game(greeting()), RecordingDaemon(tmp_path)
        for _ in range(4):
            daemon.hears(game.frame_set(screenshot=False))
        daemon.is_killed()
        folder = spooled(tmp_path / "spool" / "1", game, 4, 6)
        report = imported(folder, tmp_path)
        assert (report.session_id, report.frame_sets, report.goes_on) == ("run", 6, True)
        session = only_session(tmp_path)
        events = [json.loads(session.folder.event(number).read_bytes()) for number in range(10)]
        changes = [change for event in events for change in event["memory_changes"]]
        assert [(row["frame"], row["address"], row["curr_val"], row["freq"]) for row in changes] == [
            (row.frame, f"{row.address:08X}", f"{row.current:08X}", game.freq(row)) for row in game.rows
        ]
        assert (session.metadata.total_frame_sets, session.metadata.lost.frame_sets) == (10, 0)
        assert session.screenshot(9) == png(9)

    def test_a_session_that_is_being_recorded_is_left_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(restoring, "LOCK_PATIENCE", 0.1)
        game, daemon = Game(greeting()), RecordingDaemon(tmp_path)
        daemon.hears(game.frame_set(screenshot=False))
        folder = spooled(tmp_path / "spool" / "1", game, 1, 2)
        with pytest.raises(SessionError, match="run is being recorded by another gbatrace: end that first"):
            imported(folder, tmp_path)
        assert not (folder / "imported.bin").exists()
        daemon.is_killed()

    def test_sets_that_it_has_already_are_passed_over(self, tmp_path: Path) -> None:
        game, daemon = Game(greeting()), RecordingDaemon(tmp_path)
        folder = spooled(tmp_path / "spool" / "1", game, 0, 6)
        same = Game(greeting())
        for _ in range(4):
            daemon.hears(same.frame_set(screenshot=False))
        daemon.is_killed()
        report = imported(folder, tmp_path)
        assert (report.session_id, report.frame_sets, report.known) == ("run", 2, 4)

    def test_a_session_that_is_not_there_is_begun_anew(self, tmp_path: Path) -> None:
        game = Game(greeting())
        for _ in range(4):
            game.frame_set()
        report = imported(spooled(tmp_path / "spool" / "1", game, 4, 6), tmp_path / "data")
        assert (report.frame_sets, report.goes_on) == (6, False)
        assert only_session(tmp_path / "data").frame_set_ids() == list(range(6))

    def test_what_was_latched_by_a_hotkey_is_a_label_with_its_history(self, tmp_path: Path) -> None:
        folder = spooled(tmp_path / "spool" / "1", Game(greeting()), 0, 3)
        latch = Event(1001, 5, "latch", {"field": "context", "value": "battle"})
        with (folder / "journal.bin").open("ab") as file:
            file.write(record(3, armour(unarmour(encode(latch, 0))[3:])))
        more = spooled(tmp_path / "more", Game(greeting()), 0, 5)
        first, last = (
            list(read_records(io.BytesIO((path / "journal.bin").read_bytes()).read)) for path in (folder, more)
        )
        with (folder / "journal.bin").open("ab") as file:
            file.write((more / "journal.bin").read_bytes()[last[len(first) - 2][0] :])
        report = imported(folder, tmp_path / "data")
        session = only_session(tmp_path / "data")
        labels = [session.annotations(number) for number in range(5)]
        assert [label.context if label else "" for label in labels] == ["", "", "", "battle", "battle"]
        assert b'"latch"' in session.folder.annotation_history.read_bytes()
        assert report.frame_sets == 5
        judged = verify_session(session.folder.path)
        assert not judged.findings, judged.findings

    def test_another_import_leaves_the_times_of_the_session(self, tmp_path: Path) -> None:
        folder = spooled(tmp_path / "spool" / "1", Game(greeting()), 0, 20)
        imported(folder, tmp_path / "data")
        ended = only_session(tmp_path / "data").metadata.ended
        imported(folder, tmp_path / "data")
        metadata = only_session(tmp_path / "data").metadata
        assert ended is not None
        assert metadata.ended == ended > metadata.created

    def test_a_damaged_journal_is_said_and_nothing_is_made(self, tmp_path: Path) -> None:
        folder = spooled(tmp_path / "spool" / "1", Game(greeting()), 0, 2)
        with (folder / "journal.bin").open("ab") as file:
            file.write(record(9, b""))
        with pytest.raises(LogError, match="cannot be delivered: the journal of the spool is damaged"):
            imported(folder, tmp_path / "data")
        assert not (tmp_path / "data").exists()


def test_of_several_spools_one_must_be_named(tmp_path: Path) -> None:
    for name in ("1", "2"):
        spooled(tmp_path / name, Game(greeting()), 0, 1)
    with pytest.raises(LogError, match="holds 1, 2: import one of them, such as "):
        spool_folder(tmp_path)


def test_a_log_without_a_journal_is_no_spool(tmp_path: Path) -> None:
    (tmp_path / "event_log.csv").write_bytes(b"")
    assert spool_folder(tmp_path / "event_log.csv") is None
    assert spool_folder(tmp_path) is None
    (tmp_path / "journal.bin").write_bytes(record(0, text(b"who") + struct.pack("<Q", 0)))
    assert spool_folder(tmp_path) is None, "an older script's, without a greeting"
