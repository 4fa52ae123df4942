"""A session that is recorded headless is the one that the live way records of the same buttons."""

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

import resources
from daemon.headless.recorder import HeadlessRecorder, RecorderOptions, Start
from daemon.verifying.verify import verify_session
from lua.headless.core import Core
from lua.headless.inputs import read_inputs
from protocol.console import GBA
from protocol.errors import StoreError
from protocol.session.origin import Origin, Parent, parse_origin
from protocol.session.reader import open_session
from tests.fakes.demo_game import demo_console
from tests.integration.test_tape import lines_of, timeless
from tests.integration.test_tape import record as record_live

FRAMES = 403
"""Eighty frame sets, and three frames of one more, during which the play ends."""

TOUR = read_inputs(resources.demo_tour())


@pytest.fixture
def console() -> Iterator[Core]:
    core = demo_console()
    yield core
    core.close()


def record(data_folder: Path, core: Core, frames: int, **options: Any) -> Path:
    with HeadlessRecorder(data_folder, core, RecorderOptions(**options)) as recorder:
        for frame in range(frames):
            recorder.step(TOUR.pressed(frame))
    return recorder.folder


def findings(session: Path) -> list[str]:
    return [str(finding) for finding in verify_session(session).findings]


def metadata_of(session: Path) -> dict[str, Any]:
    document = json.loads((session / "session_metadata.json").read_bytes())
    assert isinstance(document, dict)
    return document


def test_it_records_what_the_live_way_records(tmp_path: Path) -> None:
    live = record_live(tmp_path / "live", resources.demo_tape(), FRAMES)
    core = demo_console()
    headless = record(tmp_path / "headless", core, FRAMES)
    core.close()
    numbers = open_session(live).frame_set_ids()
    assert open_session(headless).frame_set_ids() == numbers == [*range(FRAMES // 5 + 1)]
    for number in map(str, numbers):
        event, other = (json.loads((session / number / "event.json").read_bytes()) for session in (live, headless))
        assert timeless(event) == timeless(other)
        assert sorted(path.name for path in (live / number).iterdir()) == sorted(
            path.name for path in (headless / number).iterdir()
        )
        name = f"{number}.png"
        if number != str(numbers[-1]):
            assert (live / number / name).read_bytes() == (headless / number / name).read_bytes()
    assert lines_of(live / "proofs.jsonl") == lines_of(headless / "proofs.jsonl") != []
    assert {path.name for path in live.iterdir()} == {path.name for path in headless.iterdir()}
    assert (live / "memory_0.bin.zst").read_bytes() == (headless / "memory_0.bin.zst").read_bytes()
    known, other = metadata_of(live), metadata_of(headless)
    same = known.keys() - {"session_id", "uuid", "client", "reader", "ended_by", "resume_sha256", "seal", "check"}
    timed = {"created_at", "created_timestamp", "ended_at"}
    assert {key: known[key] for key in same - timed} == {key: other[key] for key in same - timed}
    assert other["origin"] == {"kind": "headless", "core": other["origin"]["core"], "start": "power_on", "frame": 0}
    assert findings(headless) == []


def test_the_same_play_has_the_same_frame_sets_to_the_byte(tmp_path: Path) -> None:
    events = []
    for name in ("one", "two"):
        core = demo_console()
        session = record(tmp_path, core, 50, session_name=name, began=1_790_000_000_000)
        core.close()
        events.append([(session / str(number) / "event.json").read_bytes() for number in range(10)])
    assert events[0] == events[1]
    frames = json.loads(events[0][-1])["frames"]
    assert frames[-1]["timestamp"] == 1_790_000_000_000 + round(50_000 / GBA.frames_per_second)


def test_a_start_from_a_savestate_is_kept_and_sealed(tmp_path: Path, console: Core) -> None:
    parent = Parent("other", "0000", 7)
    start = Start(b"a state", frame=40, parent=parent)
    session = record(tmp_path, console, 10, start=start)
    frames = json.loads((session / "0" / "event.json").read_bytes())["frames"]
    assert [frame["frame"] for frame in frames] == [41, 42, 43, 44, 45]
    assert parse_origin(metadata_of(session)) == Origin(console.name, has_savestate=True, frame=40, parent=parent)
    assert zstandard.decompress((session / "start_state.zst").read_bytes()) == b"a state"
    assert findings(session) == []
    (session / "start_state.zst").write_bytes(zstandard.compress(b"another"))
    assert findings(session) != []


def test_a_play_that_was_cut_off_is_flawed_and_no_more(tmp_path: Path, console: Core) -> None:
    options = RecorderOptions(start=Start(b"a state"))
    with HeadlessRecorder(tmp_path / "one", console, options) as recorder:
        for _ in range(7):
            recorder.step(0)
        cut = tmp_path / "two" / "cut"
        shutil.copytree(recorder.folder, cut, ignore=shutil.ignore_patterns(".recording"))
    assert findings(cut) == ["The session was cut off and has not been closed yet."]


def test_two_sessions_of_one_name_get_two_folders(tmp_path: Path, console: Core) -> None:
    folders = [record(tmp_path, console, 5, session_name="play") for _ in range(2)]
    assert [folder.name for folder in folders] == ["play", "play-2"]


def test_a_play_without_a_frame_set_leaves_nothing(tmp_path: Path, console: Core) -> None:
    recorder = HeadlessRecorder(tmp_path, console)
    assert recorder.folder.is_dir()
    recorder.close()
    recorder.close()
    assert list(tmp_path.iterdir()) == []


def test_a_mark_stands_in_the_events(tmp_path: Path, console: Core) -> None:
    with HeadlessRecorder(tmp_path, console) as recorder:
        for _ in range(5):
            recorder.step(0)
        recorder.event("mark", {"text": "here"})
    (line,) = lines_of(recorder.folder / "events.jsonl")
    assert (line["name"], line["frame"], line["details"]) == ("mark", 5, {"text": "here"})


def no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_refuses_ends_the_recording(tmp_path: Path, console: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    with HeadlessRecorder(tmp_path, console) as recorder:
        for _ in range(9):
            recorder.step(0)
        with monkeypatch.context() as patched:
            patched.setattr("daemon.writer.session_files.write_file", no_room)
            with pytest.raises(StoreError, match=r"is full: make room\.$"):
                recorder.step(0)
        for _ in range(2):
            with pytest.raises(StoreError, match="is over"):
                recorder.step(0)
    assert list(open_session(recorder.folder).frame_set_ids()) == [0]
