"""Sessions that were cut off: the daemon is killed at a bad moment, the next one finds what it left."""

import errno
import json
import shutil
import threading
from pathlib import Path

import pytest

from daemon.disk.file_lock import FileLock
from daemon.recording import restoring
from daemon.recording.restoring import restore_sessions
from daemon.recording.session import Session
from protocol.disk import complete_lines
from protocol.link.messages import Bye, Welcome
from protocol.session.compression import unpack_image
from protocol.session.integrity import SetChecksum, Withdrawn, listed_sets, parse_checksum_line
from protocol.session.layout import DAMAGED, SessionFolder
from protocol.session.reader import open_session
from tests.fakes.game import NOW, ODD_REGIONS, Game, greeting
from tests.fakes.recording_daemon import RecordingDaemon

PATIENCE = 600.0


def restore(data: Path, now: int = NOW + 5000, patience: float = PATIENCE) -> tuple[list[Session], list[str]]:
    told: list[str] = []
    return restore_sessions(data, now, patience, told.append), told


def recorded(data: Path, sets: int = 4) -> tuple[RecordingDaemon, Game]:
    """A daemon that was killed after some sets."""
    game, daemon = Game(), RecordingDaemon(data)
    for _ in range(sets):
        daemon.hears(game.frame_set(screenshot=False))
    daemon.is_killed()
    return daemon, game


def checksums(folder: SessionFolder) -> list[int]:
    lines = map(parse_checksum_line, folder.checksums.read_bytes().splitlines())
    return [line.frame_set_id for line in lines if isinstance(line, SetChecksum)]


class TestGoingOn:
    def test_the_session_goes_on_as_if_nothing_had_been(self, tmp_path: Path) -> None:
        (tmp_path / "killed").mkdir()
        (tmp_path / "undisturbed").mkdir()
        _, game = recorded(tmp_path / "killed", sets=7)
        ((restored,), told) = restore(tmp_path / "killed")
        assert told == []
        assert (restored.state, restored.next_set) == ("lost", 7)
        again = RecordingDaemon(tmp_path / "killed", restored)
        assert again.welcome == Welcome("run", "c0ffee", 7)
        again.hears(game.keyframes())

        other, same_game = RecordingDaemon(tmp_path / "undisturbed"), Game()
        for _ in range(7):
            other.hears(same_game.frame_set(screenshot=False))
        for _ in range(5):
            again.hears(game.frame_set(screenshot=False))
            other.hears(same_game.frame_set(screenshot=False))
        for number in range(12):
            assert again.folder.event(number).read_bytes() == other.folder.event(number).read_bytes()
        assert again.session.metadata().total_frame_sets == 12
        again.is_killed()
        other.is_killed()

    @pytest.mark.parametrize(
        ("labels", "as_text"), [('{"tags": "boss, fire"}', True), ('{"tags": ["boss"]}', False), ("{", False)]
    )
    def test_latched_tags_keep_their_form(self, tmp_path: Path, labels: str, *, as_text: bool) -> None:
        daemon, _ = recorded(tmp_path)
        daemon.folder.annotations(3).write_text(labels, "utf-8")
        ((restored,), _) = restore(tmp_path)
        assert restored.tags_as_text is as_text

    def test_a_session_with_chunks_of_other_sizes_goes_on(self, tmp_path: Path) -> None:
        hello = greeting(regions=ODD_REGIONS)
        game, daemon = Game(hello), RecordingDaemon(tmp_path, hello=hello)
        for _ in range(7):
            daemon.hears(game.frame_set(screenshot=False))
        daemon.is_killed()
        ((restored,), told) = restore(tmp_path)
        assert (told, restored.next_set, restored.hello.regions) == ([], 7, ODD_REGIONS)
        again = RecordingDaemon(tmp_path, restored)
        again.hears(game.keyframes())
        for _ in range(5):
            again.hears(game.frame_set(screenshot=False))
        events = [json.loads(again.folder.event(number).read_bytes()) for number in range(12)]
        changes = [change for event in events for change in event["memory_changes"]]
        assert [(row["frame"], row["address"], row["prev_val"], row["curr_val"]) for row in changes] == [
            (row.frame, f"{row.address:08X}", f"{row.previous:08X}", f"{row.current:08X}") for row in game.rows
        ]
        again.is_killed()

    def test_memory_is_doubted_after_a_gap_until_every_chunk_is_sent(self, tmp_path: Path) -> None:
        daemon, game = RecordingDaemon(tmp_path), Game()
        daemon.hears(game.frame_set(screenshot=False))
        for _ in range(20):
            game.frame_set()
        daemon.hears(game.frame_set(screenshot=False))
        daemon.is_killed()
        ((restored,), _) = restore(tmp_path)
        again = RecordingDaemon(tmp_path, restored)
        game.frame_set()
        again.hears(game.again(22))
        again.hears([*game.keyframes(), *game.frame_set(screenshot=False)])
        paths = open_session(again.folder.path).memory_images()
        images = {number: unpack_image(path.read_bytes()) for number, path in paths.items()}
        assert sorted(images) == [0, 23]
        assert images[23] == game.image()
        again.is_killed()

    def test_a_session_without_a_set_goes_on_at_its_first(self, tmp_path: Path) -> None:
        recorded(tmp_path, sets=0)
        ((restored,), _) = restore(tmp_path)
        assert restored.next_set == 0

    def test_what_was_flawed_is_counted_again(self, tmp_path: Path) -> None:
        recorded(tmp_path, sets=3)
        ((restored,), _) = restore(tmp_path)
        metadata = restored.metadata()
        assert (metadata.total_frame_sets, metadata.first_set, metadata.last_set) == (3, 0, 2)
        assert (metadata.lost.flawed, metadata.lost.screenshots) == (3, 3)


class TestWhatACrashLeaves:
    def test_half_of_a_frame_set_is_cleared_away(self, tmp_path: Path) -> None:
        daemon, _ = recorded(tmp_path)
        daemon.folder.partial(4).mkdir(parents=True)
        (daemon.folder.path / ".partial-4").mkdir()  # as earlier versions left it
        (daemon.folder.partial(4) / "event.json").write_bytes(b"{")
        (daemon.folder.path / "session_metadata.json.partial").write_bytes(b"{")
        daemon.folder.older_memory.mkdir()
        (daemon.folder.older_memory / "720.bin.zst.partial").write_bytes(b"x")
        ((restored,), _) = restore(tmp_path)
        assert restored.next_set == 4
        assert [path for path in daemon.folder.path.rglob("*") if "partial" in path.name] == []
        assert not daemon.folder.staging.exists()

    def test_half_of_a_frame_set_of_a_session_that_is_not_there_or_has_ended_is_cleared_away(
        self, tmp_path: Path
    ) -> None:
        daemon, _ = recorded(tmp_path)
        ended, other = SessionFolder(tmp_path / "ended"), SessionFolder(tmp_path / "renamed since")
        ended.path.mkdir()
        for folder in (ended, other, daemon.folder):
            folder.partial(4).mkdir(parents=True)
        recording = FileLock.take(daemon.folder.lock)
        assert recording is not None
        restore(tmp_path)
        recording.release()
        assert [path.name for path in tmp_path.glob(".writing-*")] == [daemon.folder.staging.name]
        assert sorted(ended.path.iterdir()) == []

    def test_half_a_line_is_taken_away(self, tmp_path: Path) -> None:
        daemon, _ = recorded(tmp_path)
        with daemon.folder.checksums.open("ab") as file:
            file.write(b'{"frame_set_id": 4, "ev')
        restore(tmp_path)
        assert checksums(daemon.folder) == [0, 1, 2, 3]

    def test_checksums_of_a_set_that_never_came_are_taken_away(self, tmp_path: Path) -> None:
        daemon, _ = recorded(tmp_path)
        shutil.rmtree(daemon.folder.frame_set(3))
        ((restored,), _) = restore(tmp_path)
        assert checksums(daemon.folder) == [0, 1, 2]
        assert restored.next_set == 3

    def test_they_are_taken_away_on_a_disk_that_is_full_as_well(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_room(*_arguments: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        daemon, _ = recorded(tmp_path)
        shutil.rmtree(daemon.folder.frame_set(3))
        monkeypatch.setattr("daemon.disk.files.write_all", no_room)
        ((restored,), told) = restore(tmp_path)
        assert told == []
        assert checksums(daemon.folder) == [0, 1, 2]
        assert restored.next_set == 3

    def test_checksums_in_the_midst_of_others_are_taken_away_too(self, tmp_path: Path) -> None:
        daemon, _ = recorded(tmp_path)
        shutil.rmtree(daemon.folder.frame_set(1))
        restore(tmp_path)
        lines = [parse_checksum_line(line) for line in complete_lines(daemon.folder.checksums)]
        assert list(listed_sets(lines)) == [0, 2, 3]
        assert lines[-1] == Withdrawn(1)

    def test_a_set_without_checksums_gets_them(self, tmp_path: Path) -> None:
        daemon, _ = recorded(tmp_path)
        lines = daemon.folder.checksums.read_bytes().splitlines(keepends=True)
        daemon.folder.checksums.write_bytes(b"".join(line for line in lines if b'"frame_set_id":3' not in line))
        restore(tmp_path)
        assert sorted(checksums(daemon.folder)) == [0, 1, 2, 3]

    @pytest.mark.parametrize("left", [b"", b"{", bytes(500)])
    def test_a_last_set_that_a_power_cut_left_unreadable_is_set_aside(self, tmp_path: Path, left: bytes) -> None:
        daemon, _ = recorded(tmp_path)
        daemon.folder.event(3).write_bytes(left)
        ((restored,), _) = restore(tmp_path)
        assert restored.next_set == 3
        assert (daemon.folder.path / f"{DAMAGED}3-event.json").read_bytes() == left
        assert {path.name for path in daemon.folder.path.iterdir() if path.is_dir()} == {"0", "1", "2"}

    def test_a_file_in_the_place_of_the_next_set_is_set_aside(self, tmp_path: Path) -> None:
        daemon, _ = recorded(tmp_path)
        for name in ("4", "0004", "notes"):
            (daemon.folder.path / name).write_bytes(b"mine")
        ((restored,), _) = restore(tmp_path)
        assert restored.next_set == 4
        files = [path for path in daemon.folder.path.iterdir() if path.is_file()]
        assert {path.name for path in files if path.read_bytes() == b"mine"} == {f"{DAMAGED}4", "0004", "notes"}


def test_the_writer_of_a_daemon_that_was_killed_is_waited_for(tmp_path: Path) -> None:
    daemon = RecordingDaemon(tmp_path)
    threading.Timer(0.1, daemon.is_killed).start()
    ((restored,), _) = restore(tmp_path)
    assert restored.state == "lost"


@pytest.mark.parametrize("patience", [PATIENCE, 0.0])
def test_a_session_that_ends_in_order_while_its_lock_is_waited_for_has_ended(tmp_path: Path, patience: float) -> None:
    daemon = RecordingDaemon(tmp_path)
    daemon.hears(Game().frame_set())

    def end() -> None:
        daemon.hears([Bye("enough")])
        daemon.is_killed()

    threading.Timer(0.2, end).start()
    found, told = restore(tmp_path, patience=patience)
    assert [session.state for session in found] == (["ended"] if patience else [])
    assert told == []
    metadata = json.loads(daemon.folder.metadata.read_bytes())
    assert (metadata["ended_by"], metadata["total_frame_sets"]) == ("enough", 1)


class TestWhatIsLeftAlone:
    def test_a_session_that_somebody_records(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(restoring, "LOCK_PATIENCE", 0.0)
        daemon = RecordingDaemon(tmp_path)
        assert restore(tmp_path) == ([], ["run is being recorded by another gbatrace: it is left alone."])
        daemon.is_killed()

    def test_a_session_that_ended_long_ago(self, tmp_path: Path) -> None:
        daemon = RecordingDaemon(tmp_path)
        daemon.hears([*Game().frame_set(), Bye("enough")])
        daemon.is_killed()
        assert restore(tmp_path, now=NOW + 601_000) == ([], [])

    def test_a_session_that_ended_a_moment_ago_can_be_gone_on_with(self, tmp_path: Path) -> None:
        daemon = RecordingDaemon(tmp_path)
        daemon.hears([*Game().frame_set(), Bye("enough")])
        daemon.is_killed()
        ((restored,), _) = restore(tmp_path, now=NOW + 599_000)
        assert restored.state == "ended"

    def test_a_session_of_the_original(self, tmp_path: Path) -> None:
        (tmp_path / "old").mkdir()
        (tmp_path / "old" / "session_metadata.json").write_text(
            json.dumps({"session_id": "old", "created_at": "2025-07-31T21:20:29", "total_frame_sets": 0}),
            encoding="utf-8",
        )
        assert restore(tmp_path) == ([], [])

    @pytest.mark.parametrize("metadata", [b"", b"{", b"[]"])
    def test_a_session_whose_metadata_cannot_be_read(self, tmp_path: Path, metadata: bytes) -> None:
        daemon, _ = recorded(tmp_path)
        daemon.folder.metadata.write_bytes(metadata)
        assert restore(tmp_path) == ([], [])

    def test_folders_and_files_that_are_no_sessions(self, tmp_path: Path) -> None:
        (tmp_path / ".hidden").mkdir()
        (tmp_path / "empty").mkdir()
        (tmp_path / "index.sqlite").write_bytes(b"")
        assert restore(tmp_path) == ([], [])


def test_a_session_that_does_not_tell_enough_is_said_and_the_others_are_restored(tmp_path: Path) -> None:
    daemon, _ = recorded(tmp_path)
    odd = tmp_path / "odd"
    shutil.copytree(daemon.folder.path, odd)
    document = json.loads((odd / "session_metadata.json").read_bytes())
    del document["buttons"]
    (odd / "session_metadata.json").write_bytes(json.dumps(document).encode())
    found, told = restore(tmp_path)
    assert [restored.identity.session_id for restored in found] == ["run"]
    (sentence,) = told
    assert sentence.startswith("odd was cut off and cannot go on. ")


def test_what_was_written_before_is_not_touched(tmp_path: Path) -> None:
    daemon, _ = recorded(tmp_path)
    before = {path: path.read_bytes() for path in daemon.folder.path.rglob("*.json*") if path.is_file()}
    restore(tmp_path)
    assert {path: path.read_bytes() for path in before} == before


def test_nothing_more_is_restored_for_a_daemon_that_is_being_stopped(tmp_path: Path) -> None:
    recorded(tmp_path)
    assert restore_sessions(tmp_path, NOW, PATIENCE, pytest.fail, lambda: True) == []
