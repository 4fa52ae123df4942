"""A session folder as values, of ours, of the original, and damaged."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from protocol.errors import SessionError
from protocol.session.annotations import Annotations
from protocol.session.event_json import event_json
from protocol.session.events import EventRecord
from protocol.session.reader import NO_LABELS, SessionReader, open_session, session_names
from tests.daemon.importing.made import frame_set, make_session, metadata, scan
from tests.fakes.links import link
from tests.fakes.screenshots import png
from webui.archive.past_sessions import PastSessions

SETS = [
    frame_set(0, [scan("iwram", 0, [0x0300_0000])]),
    frame_set(2, [scan("ewram", 10, [0x0203_FFFC], chunk=4)]),
    frame_set(10),
]
EVENT = EventRecord(1, "mark", 2, 7, {"name": "boss"})


def test_everything_written_is_read(tmp_path: Path) -> None:
    labels = Annotations(context="battle", tags=("boss",))
    sets = [(SETS[0], None, (("iwram", 0),)), (SETS[1], labels, ()), (SETS[2], None, ())]
    made = make_session(tmp_path, "evening", (sets, [EVENT]))
    session = open_session(made.folder.path)
    assert session.session_id == "evening"
    assert session.metadata == metadata("evening", [0, 2, 10])
    assert session.frame_set_ids() == [0, 2, 10]
    assert [event_json(each) for each in session.frame_sets()] == [event_json(each) for each in SETS]
    assert [each.png for each in session.frame_sets()] == [png(0), png(2), png(10)]
    assert session.frame_set(2, with_png=False).png == b""
    assert session.frame_set(2).changes[0].chunk == 4
    assert [session.annotations(number) for number in (0, 2)] == [None, labels]
    assert session.events() == [EVENT]
    assert session.rebaselined() == {0: (("iwram", 0),)}
    assert session.memory_images() == {0: session.folder.memory_image(0)}


def test_images_of_an_older_session_are_in_a_folder(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", ([(SETS[0], None, ())], []))
    session.folder.older_memory.mkdir()
    older = session.folder.memory_image(0).rename(session.folder.older_memory / "0.bin.zst")
    newer = session.folder.memory_image(720)
    newer.write_bytes(b"")
    (session.folder.path / "memory_x.bin.zst").write_bytes(b"")
    assert session.memory_images() == {0: older, 720: newer}


def test_a_session_of_the_original_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "0b5c"
    (folder / "1").mkdir(parents=True)
    (folder / "session_metadata.json").write_text(json.dumps({"session_id": "0b5c", "created_timestamp": 1.5}))
    row = {
        "region": "iwram",
        "frame": 8,
        "address": "03007FFD",
        "prev_val": "00000000",
        "curr_val": "00000003",
        "freq": 1,
    }
    document = {"timestamp": 7, "pc": "000001F8", "current_keys": [], "frame_set_id": 1, "frames_in_set": [8, 13]}
    (folder / "1" / "event.json").write_text(json.dumps(document | {"memory_changes": [row]}, indent=4))
    session = open_session(folder)
    assert session.metadata.created == 1500
    assert session.frame_set(1).changes[0].chunk == 5
    assert session.screenshot(1) == b""
    assert (session.events(), session.rebaselined(), session.memory_images()) == ([], {}, {})


def test_half_a_line_of_events_is_left_out(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", ([(SETS[0], None, ())], [EVENT]))
    with session.folder.events.open("ab") as file:
        file.write(b'{"time": 7, "na')
    assert session.events() == [EVENT]


def test_only_session_folders_are_listed(tmp_path: Path) -> None:
    make_session(tmp_path, "b", [SETS[0]])
    make_session(tmp_path, "a", [SETS[0]])
    shutil.copytree(tmp_path / "a", tmp_path / ".making-c")
    (tmp_path / "notes").mkdir()
    (tmp_path / "index.sqlite").write_bytes(b"")
    assert session_names(tmp_path) == ["a", "b"]
    assert open_session(tmp_path / "a").frame_set_ids() == [0]


def test_what_is_wrong_names_its_file(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", SETS)
    with pytest.raises(SessionError, match=r"frame_set|event\.json cannot be read"):
        session.frame_set(5)
    session.folder.event(2).write_bytes(b"{")
    with pytest.raises(SessionError, match=r"event\.json is damaged: it is not JSON"):
        session.frame_set(2)
    session.folder.annotations(0).write_bytes(b"[]")
    with pytest.raises(SessionError, match=r"annotations\.json is damaged"):
        session.annotations(0)
    session.folder.metadata.write_bytes(b"{}")
    with pytest.raises(SessionError, match=r"session_metadata\.json is damaged: the key `session_id` is missing"):
        open_session(session.folder.path)
    with pytest.raises(SessionError, match="is not a session: there is no session_metadata"):
        open_session(tmp_path)
    with pytest.raises(SessionError, match="cannot be read"):
        session_names(tmp_path / "nowhere")


def test_nothing_outside_of_a_session_is_read(tmp_path: Path) -> None:
    inside, outside = (make_session(tmp_path / name, "run", [frame_set(0), frame_set(1)]) for name in ("in", "out"))
    (tmp_path / "secret").write_bytes(b'{"secret": true}\n')
    folder = inside.folder
    link(folder.screenshot(0), tmp_path / "secret")
    link(folder.annotations(0), tmp_path / "secret")
    link(folder.frame_set(7), outside.folder.frame_set(1))
    link(folder.memory_image(7), tmp_path / "secret")
    for path in (folder.events, folder.checksums):
        path.unlink(missing_ok=True)
        link(path, tmp_path / "secret")
    assert inside.frame_set_ids() == [0, 1]
    assert (inside.screenshot(0), inside.annotations_file(0), inside.events(), inside.rebaselined()) == (
        b"",
        b"",
        [],
        {},
    )
    assert list(inside.memory_images()) == [0]
    with pytest.raises(SessionError, match="not followed"):
        inside.frame_set(7)
    folder.metadata.rename(tmp_path / "metadata")
    link(folder.metadata, tmp_path / "metadata")
    with pytest.raises(SessionError, match="not followed"):
        open_session(folder.path)


def test_frame_sets_are_folders_with_a_number(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", SETS)
    (session.folder.path / ".partial-13").mkdir()
    session.folder.older_memory.mkdir()
    (session.folder.path / "14").write_bytes(b"")
    assert session.frame_set_ids() == [0, 2, 10]


def test_a_stamp_says_when_labels_were_written(tmp_path: Path) -> None:
    session = make_session(tmp_path, "evening", SETS)
    session.folder.annotations(2).write_bytes(b"{}")
    os.utime(session.folder.annotations(2), ns=(5_000_000_000, 5_000_000_000))
    assert list(session.label_stamps([0, 2, 99])) == [(0, NO_LABELS), (2, 5_000_000_000), (99, NO_LABELS)]


def test_a_session_with_damaged_metadata_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    folder = make_session(tmp_path, "evening", SETS).folder
    folder.metadata.write_bytes(b"{}")
    reader = SessionReader(folder)
    assert (reader.frame_set_ids(), reader.metadata_document(), reader.has_screenshot(2)) == ([0, 2, 10], {}, True)
    assert reader.event_document(2)["frame_set_id"] == 2
    with pytest.raises(SessionError, match=r"session_metadata\.json is damaged"):
        reader.frame_set(2)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's zone cannot be changed by a program")
@pytest.mark.parametrize(("zone", "hours"), [("America/New_York", 4), ("Asia/Tokyo", -9), ("UTC", 0)])
def test_times_without_a_zone_are_this_machines_for_daemon_and_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, hours: int
) -> None:
    (tmp_path / "old").mkdir()
    document = {"session_id": "old", "created_at": "2025-07-31T21:20:29.500000", "ended_at": "2025-07-31T21:30:00"}
    (tmp_path / "old" / "session_metadata.json").write_text(json.dumps(document), "utf-8")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        metadata = open_session(tmp_path / "old").metadata
        (summary,) = PastSessions(tmp_path).read() or []
    finally:
        monkeypatch.undo()
        time.tzset()
    assert metadata.created == 1_753_996_829_500 + hours * 3_600_000
    assert (summary["created"], summary["since"]) == (metadata.created, metadata.ended)
