"""A session is examined: whole, flawed, or damaged, and then where and how."""

import errno
import io
import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zstandard
from PIL import Image

from daemon.disk.file_lock import FileLock
from daemon.disk.journals import ChainedJournal
from daemon.recording.restoring import restore_sessions
from daemon.verifying.report import Grade, Report
from daemon.verifying.verify import verify_session
from daemon.writer.session_files import SessionFiles
from protocol.link.messages import Bye, Event, Keyframe, Proof
from protocol.session.events import EventRecord, event_line
from protocol.session.integrity import (
    ChecksumLine,
    ImageChecksum,
    SetChecksum,
    checksum,
    checksum_line,
    parse_checksum_line,
)
from protocol.session.layout import SessionFolder
from tests.fakes.game import NOW, Game
from tests.fakes.original_session import make_converter_session
from tests.fakes.recording_daemon import RecordingDaemon

SETS = 12

Damage = Callable[[SessionFolder], object]


def proof_of(game: Game, region: int, chunk: int) -> Proof:
    (words,) = [told.words for told in game.keyframes() if (told.region, told.chunk) == (region, chunk)]
    return Proof(region, chunk, checksum(words))


def recorded(data: Path) -> tuple[RecordingDaemon, Game]:
    """A session of twelve sets with proofs, that has ended."""
    game, daemon = Game(), RecordingDaemon(data)
    for number in range(SETS):
        daemon.hears(game.frame_set())
        daemon.hears([proof_of(game, number % 2, number % 5)])
    daemon.hears([Bye("the script was stopped")])
    daemon.is_killed()
    return daemon, game


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return recorded(tmp_path)[0].folder


def damages(report: Report) -> list[str]:
    return [str(finding) for finding in report.findings if finding.grade is Grade.DAMAGED]


def edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def retold(folder: SessionFolder) -> None:
    """Make the checksums fit what is there: a forger who knows how."""
    lines: list[ChecksumLine] = []
    for line in map(parse_checksum_line, folder.checksums.read_bytes().splitlines()):
        if isinstance(line, SetChecksum):
            event = checksum(folder.event(line.frame_set_id).read_bytes())
            png = checksum(folder.screenshot(line.frame_set_id).read_bytes())
            lines.append(SetChecksum(line.frame_set_id, event, png, line.flaws, line.rebaselined))
        else:
            lines.append(line)
    rewrite(folder, lines)


def rewrite(folder: SessionFolder, lines: Iterable[ChecksumLine]) -> None:
    """Write other checksums, linked and sealed as those that belong there."""
    folder.checksums.unlink()
    ChainedJournal(folder.checksums).append(*map(checksum_line, lines))
    SessionFiles(folder).write_metadata(folder.metadata.read_bytes(), seals=True)


class TestWhole:
    def test_a_session_that_was_recorded_well_is_whole(self, folder: SessionFolder) -> None:
        report = verify_session(folder.path)
        assert report.findings == []
        assert report.grade is Grade.WHOLE
        assert (report.frame_sets, report.screenshots, report.images) == (SETS, SETS, 1)
        assert (report.proofs, report.unproven) == (SETS, 0)
        assert report.changes > 100

    def test_an_examination_sees_no_seam_where_the_daemon_was_killed(self, tmp_path: Path) -> None:
        game, daemon = Game(), RecordingDaemon(tmp_path)
        for _ in range(4):
            daemon.hears(game.frame_set())
        daemon.hears(game.frame_set()[:3])
        daemon.is_killed()
        (restored,) = restore_sessions(tmp_path, NOW, 600.0, print)
        again = RecordingDaemon(tmp_path, restored)
        again.hears([*game.again(4), *game.keyframes()])
        for _ in range(4):
            again.hears(game.frame_set())
            again.hears([proof_of(game, 1, 2)])
        again.hears([Bye("")])
        again.is_killed()
        report = verify_session(again.folder.path)
        assert (report.findings, report.frame_sets, report.proofs, report.unproven) == ([], 9, 4, 0)
        assert report.images == 2

    def test_a_session_with_the_images_of_older_ones_is_whole(self, folder: SessionFolder) -> None:
        folder.older_memory.mkdir()
        folder.memory_image(0).rename(folder.older_memory / "0.bin.zst")
        assert verify_session(folder.path).grade is Grade.WHOLE
        flip_a_byte(folder.older_memory / "0.bin.zst")
        (folder.older_memory / "odd.txt").write_bytes(b"")
        report = verify_session(folder.path)
        assert [finding.file for finding in report.findings] == ["memory/odd.txt", "memory/0.bin.zst"]

    def test_a_session_of_a_later_converter_of_the_original_is_whole(self, tmp_path: Path) -> None:
        report = verify_session(make_converter_session(tmp_path))
        assert (report.grade, report.frame_sets, report.changes, report.screenshots) == (Grade.WHOLE, 3, 6, 3)

    def test_progress_is_reported(self, folder: SessionFolder) -> None:
        steps: list[int] = []
        verify_session(folder.path, steps.append)
        assert sum(steps) == SETS


class TestFlawed:
    def test_flaws_are_counted_and_the_session_is_still_to_be_trusted(self, tmp_path: Path) -> None:
        game, daemon = Game(), RecordingDaemon(tmp_path)
        daemon.hears(game.frame_set())
        daemon.hears(game.frame_set(screenshot=False))
        daemon.hears(game.frame_set(screenshot=False))
        daemon.hears([Bye("")])
        daemon.is_killed()
        report = verify_session(daemon.folder.path)
        assert report.grade is Grade.FLAWED
        assert report.flaws == {
            "it has no screenshot of its own": 2,
            "its screenshot is that of an earlier frame set": 2,
        }
        assert report.findings == []

    def test_a_session_that_was_cut_off_says_so(self, tmp_path: Path) -> None:
        game, daemon = Game(), RecordingDaemon(tmp_path)
        daemon.hears(game.frame_set())
        live = verify_session(daemon.folder.path)
        assert [str(finding) for finding in live.findings] == ["The session is being recorded just now."]
        daemon.is_killed()
        dead = verify_session(daemon.folder.path)
        assert [str(finding) for finding in dead.findings] == ["The session was cut off and has not been closed yet."]
        assert dead.grade is Grade.FLAWED

    def test_a_session_that_was_cut_off_on_a_disk_that_takes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path) -> None:
            raise OSError(errno.EROFS, "Read-only file system", str(path))

        game, daemon = Game(), RecordingDaemon(tmp_path)
        daemon.hears(game.frame_set())
        daemon.is_killed()
        daemon.folder.lock.touch()
        monkeypatch.setattr("daemon.disk.file_lock.FileLock.take", refuse)
        report = verify_session(daemon.folder.path)
        assert "The session was cut off and has not been closed yet." in map(str, report.findings)

    def test_sets_that_the_script_lost_are_a_flaw(self, tmp_path: Path) -> None:
        game, daemon = Game(), RecordingDaemon(tmp_path)
        daemon.hears(game.frame_set())
        game.frame_set()
        keyframes = game.keyframes()
        daemon.hears([*keyframes, *game.frame_set(), Bye("")])
        daemon.is_killed()
        report = verify_session(daemon.folder.path)
        assert [str(finding) for finding in report.findings] == ["1 was lost: the script no longer held it."]

    def test_a_jump_that_an_event_explains_is_no_damage(self, tmp_path: Path) -> None:
        daemon = RecordingDaemon(tmp_path)
        game = Game()
        daemon.hears(game.frame_set())
        daemon.hears([Event(1005, NOW, "savestate_loaded", {})])
        game.frame = 400
        keyframes = [Keyframe(told.region, told.chunk, bytes(len(told.words))) for told in game.keyframes()]
        other = Game(frame=400)
        messages = other.frame_set()
        daemon.hears(keyframes)
        daemon.hears(in_set(messages, 1))
        daemon.hears([Bye("")])
        daemon.is_killed()
        assert damages(verify_session(daemon.folder.path)) == []

    def test_a_half_written_set_is_reported(self, folder: SessionFolder) -> None:
        folder.partial(99).mkdir(parents=True)
        (folder.path / ".partial-98").mkdir()  # as earlier versions left it
        report = verify_session(folder.path)
        assert (report.grade, len(report.findings)) == (Grade.FLAWED, 2)

    def test_a_set_that_is_being_written_is_no_flaw(self, folder: SessionFolder) -> None:
        folder.partial(99).mkdir(parents=True)
        lock = FileLock.take(folder.lock)
        assert lock is not None
        assert verify_session(folder.path).grade is Grade.WHOLE
        lock.release()

    def test_the_rows_that_an_import_could_not_use_belong_there(self, folder: SessionFolder) -> None:
        folder.rejected_rows.write_bytes(b"x")
        assert verify_session(folder.path).grade is Grade.FLAWED
        SessionFiles(folder).write_metadata(folder.metadata.read_bytes(), seals=True)
        assert verify_session(folder.path).grade is Grade.WHOLE

    @pytest.mark.parametrize("name", ["5/notes.txt", "5/6.png", "notes.txt", "5 - Copy", "memory_99.bin.zst"])
    def test_what_is_not_ours_is_reported(self, folder: SessionFolder, name: str) -> None:
        (folder.path / name).write_bytes(b"x")
        report = verify_session(folder.path)
        assert report.grade is Grade.FLAWED
        assert [str(finding) for finding in report.findings] == [
            f"{name} does not belong there: gbatrace did not write it."
        ]


def in_set(messages: Iterable[Any], number: int) -> list[Any]:
    return [replace(message, set=number) if hasattr(message, "set") else message for message in messages]


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def another_screenshot(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), (1, 2, 3)).save(data, "PNG")
    return data.getvalue()


def change_a_value(data: bytes) -> bytes:
    return re.sub(rb'"curr_val":"........"', b'"curr_val":"DEADBEEF"', data, count=1)


def change_a_value_before(data: bytes) -> bytes:
    return re.sub(rb'"prev_val":"........"', b'"prev_val":"DEADBEEF"', data, count=1)


def turn_frames_around(data: bytes) -> bytes:
    document = json.loads(data)
    document["frames"].reverse()
    return json.dumps(document).encode()


def shift_frames(data: bytes) -> bytes:
    document = json.loads(data)
    for frame in document["frames"]:
        frame["frame"] -= 900
    for change in document["memory_changes"]:
        change["frame"] -= 900
    return json.dumps(document).encode()


def swap(one: Path, other: Path) -> None:
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def edited_line(number: int) -> Callable[[bytes], bytes]:
    return lambda data: re.sub(
        f'("frame_set_id":{number},"event":")\\w{{8}}'.encode(), rb"\g<1>DEADBEEF", data, count=1
    )


def without_line(number: int) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(
        line for line in data.splitlines(keepends=True) if f'"frame_set_id":{number},"event"'.encode() not in line
    )


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a flipped byte": (lambda f: flip_a_byte(f.event(5)), r"^5/event.json is not as it was stored"),
    "an edited value": (lambda f: edit(f.event(5), change_a_value), r"^5/event.json is not as it was stored"),
    "no JSON": (lambda f: edit(f.event(5), lambda _: b"{"), r"^5/event.json cannot be understood: it is not JSON"),
    "an empty file": (lambda f: edit(f.event(5), lambda _: b""), r"^5/event.json cannot be understood"),
    "a key missing": (
        lambda f: edit(f.event(5), lambda data: data.replace(b'"frame_set_id"', b'"set"')),
        r"^5/event.json cannot be understood: the key `frame_set_id` is missing",
    ),
    "no event.json": (lambda f: f.event(5).unlink(), r"^5/event.json is missing"),
    "no set": (lambda f: shutil.rmtree(f.frame_set(5)), r"^5 is missing"),
    "not the last set": (lambda f: shutil.rmtree(f.frame_set(SETS - 1)), r"^11 is in the list of checksums and not"),
    "another set in its place": (
        lambda f: edit(f.event(5), lambda _: f.event(6).read_bytes()),
        r"^5/event.json cannot be understood: it calls itself frame set 6",
    ),
    "two sets that changed places": (
        lambda f: swap(f.frame_set(5), f.frame_set(6)),
        r"^6/event.json cannot be understood: it calls itself frame set 5",
    ),
    "a set twice": (
        lambda f: shutil.copytree(f.frame_set(5), f.frame_set(SETS)),
        r"^12/event.json is not in the list of checksums",
    ),
    "a set that is an empty folder": (lambda f: empty(f.frame_set(5)), r"^5/event.json is missing"),
    "a screenshot that is empty": (
        lambda f: edit(f.screenshot(5), lambda _: b""),
        r"^5/5.png is not a picture that can be unpacked",
    ),
    "a flipped byte of a screenshot": (lambda f: flip_a_byte(f.screenshot(5)), r"^5/5.png is not as it was stored"),
    "an edited line of checksums": (
        lambda f: edit(f.checksums, edited_line(5)),
        r"^5/event.json is not as it was stored: its checksum is another",
    ),
    "a flipped byte of the log of changes": (
        lambda f: flip_a_byte(f.change_log),
        r"^changes.log is damaged, so that .* nothing is lost",
    ),
    "no log of changes": (lambda f: f.change_log.unlink(), r"^changes.log is missing; nothing is lost"),
    "a log of changes without its end": (
        lambda f: edit(f.change_log, lambda _: b""),
        r"^changes.log has not all of its blocks",
    ),
    "an edited proof": (
        lambda f: edit(f.proofs, lambda data: re.sub(rb'"sha256":"\w{8}', b'"sha256":"DEADBEEF', data, count=1)),
        r"^0/event.json does not lead to what the emulator proved",
    ),
    "an image of memory cut off": (
        lambda f: edit(f.memory_image(0), lambda data: data[:-5]),
        r"^memory_0.bin.zst is not as it was",
    ),
    "a truncated screenshot": (
        lambda f: edit(f.screenshot(5), lambda data: data[:-20]),
        r"^5/5.png is not a picture that can be unpacked",
    ),
    "a screenshot of another size": (
        lambda f: edit(f.screenshot(5), lambda _: another_screenshot(64, 64)),
        r"^5/5.png has 64x64 pixels, the screenshots before it \d+x\d+",
    ),
    "another screenshot": (
        lambda f: edit(f.screenshot(5), lambda _: f.screenshot(6).read_bytes()),
        r"^5/5.png is not as it was stored",
    ),
    "no screenshot": (lambda f: f.screenshot(5).unlink(), r"^5/5.png is missing"),
    "no metadata": (lambda f: f.metadata.unlink(), r"^session_metadata.json is missing"),
    "metadata cut off": (
        lambda f: edit(f.metadata, lambda data: data[:100]),
        r"^session_metadata.json cannot be understood: it is not JSON",
    ),
    "metadata that count wrongly": (
        lambda f: edit(f.metadata, lambda data: data.replace(b'"total_frame_sets": 12', b'"total_frame_sets": 11')),
        r"^session_metadata.json counts 11 frame sets from 0 to 11, there are 12 from 0 to 11",
    ),
    "no checksums": (lambda f: f.checksums.unlink(), r"^checksums.jsonl is missing"),
    "a line of checksums missing": (
        lambda f: edit(f.checksums, without_line(5)),
        r"^5/event.json is not in the list of checksums",
    ),
    "a line of checksums ruined": (
        lambda f: edit(f.checksums, lambda data: data.replace(b'"event"', b'"evnt"', 1)),
        r"^checksums.jsonl has a line 1 that cannot be understood",
    ),
    "an image of memory flipped": (lambda f: flip_a_byte(f.memory_image(0)), r"^memory_0.bin.zst is not as it was"),
    "no image of memory": (lambda f: f.memory_image(0).unlink(), r"^memory_0.bin.zst is missing"),
    "a proof ruined": (
        lambda f: edit(f.proofs, lambda data: data.replace(b"frame_set_id", b"frame", 1)),
        r"^proofs.jsonl has a line 1 that cannot be understood",
    ),
    "an event ruined": (
        lambda f: f.events.write_bytes(b"{}\n" + event_line(EventRecord(1, "mark", 0))),
        r"^events.jsonl has a line 1 that cannot be understood",
    ),
    "labels ruined": (
        lambda f: f.annotations(5).write_bytes(b"[]"),
        r"^5/annotations.json cannot be understood",
    ),
    "the history of labels ruined": (
        lambda f: f.annotation_history.write_bytes(b"{}\n"),
        r"^annotation_history.jsonl has a line 1",
    ),
}


FORGERIES: dict[str, tuple[Damage, str]] = {
    "a value": (
        lambda f: edit(f.event(5), change_a_value),
        r"^(5/event.json does not lead to what the emulator proved|\d+/event.json does not follow from)",
    ),
    "a value before": (
        lambda f: edit(f.event(5), change_a_value_before),
        r"^5/event.json does not follow from the frame sets before: (iwram|ewram) [0-9A-F]{8} is DEADBEEF there",
    ),
    "the order of frames": (
        lambda f: edit(f.event(5), turn_frames_around),
        r"^5/event.json cannot be understood: its frames are not in ascending order",
    ),
    "frames of another time": (
        lambda f: edit(f.event(5), shift_frames),
        r"^5/event.json begins at frame 125, after frame 1024: nothing explains that",
    ),
    "a frame left out": (
        lambda f: edit(f.event(5), without_the_last_frame),
        r"^5/event.json calls itself whole with the frames",
    ),
}


def without_the_last_frame(data: bytes) -> bytes:
    document = json.loads(data)
    last = document["frames"].pop()["frame"]
    document["memory_changes"] = [change for change in document["memory_changes"] if change["frame"] != last]
    return json.dumps(document).encode()


class TestDamaged:
    @pytest.mark.parametrize("name", DAMAGES)
    def test_it_is_named(self, folder: SessionFolder, name: str) -> None:
        damage, sentence = DAMAGES[name]
        damage(folder)
        report = verify_session(folder.path)
        assert report.grade is Grade.DAMAGED
        found = damages(report)
        assert any(re.search(sentence, one) for one in found), found
        assert len(set(found)) == len(found), "each is reported once"

    @pytest.mark.parametrize("name", FORGERIES)
    def test_it_is_named_even_where_the_checksums_fit(self, folder: SessionFolder, name: str) -> None:
        damage, sentence = FORGERIES[name]
        damage(folder)
        retold(folder)
        found = damages(verify_session(folder.path))
        assert any(re.search(sentence, one) for one in found), found

    def test_an_image_of_memory_that_changes_do_not_come_to_is_named(self, tmp_path: Path) -> None:
        folder = recorded(tmp_path)[0].folder
        image = bytearray(zstandard.decompress(folder.memory_image(0).read_bytes()))
        image[3] ^= 1
        folder.memory_image(0).write_bytes(zstandard.compress(bytes(image)))
        lines = map(parse_checksum_line, folder.checksums.read_bytes().splitlines())
        told = checksum(folder.memory_image(0).read_bytes())
        rewrite(
            folder, [replace(line, memory=told) if isinstance(line, ImageChecksum) else line for line in list(lines)]
        )
        found = damages(verify_session(folder.path))
        assert found
        assert all("event.json does not" in one or one.startswith("changes.log has frame set 0") for one in found)

    def test_one_damage_is_reported_of_one_set(self, folder: SessionFolder) -> None:
        flip_a_byte(folder.event(5))
        report = verify_session(folder.path)
        assert {finding.frame_set_id for finding in report.findings} == {5}
