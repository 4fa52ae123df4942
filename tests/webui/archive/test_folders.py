import json
from pathlib import Path

import pytest

from protocol.errors import LayoutError
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord, event_line
from protocol.session.reader import SessionReader
from tests.fakes.bus_daemon import FakeDaemon, FakeSession, make_frame_set
from tests.fakes.links import link
from tests.fakes.original_session import converter_event, make_converter_session
from webui.archive.folders import Archive
from webui.archive.index_reading import read_facts, read_labels
from webui.archive.index_rows import Facts
from webui.archive.past_sessions import PastSessions
from webui.errors import MissingError


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    session = FakeSession(FakeDaemon(tmp_path), "meadow", "Meadow Quest")
    for number in (0, 1, 2, 10, 11, 100):
        session.record(make_frame_set(number, png=b"" if number == 2 else None))
    return session


def test_reads_a_frame_set(session: FakeSession, tmp_path: Path) -> None:
    document = Archive(tmp_path).frame_set("meadow", 10)
    assert document["frame_set_id"] == 10
    assert len(document["frames_in_set"]) == 5
    assert document["screenshot"] is True
    assert Archive(tmp_path).frame_set("meadow", 2)["screenshot"] is False


def test_reads_a_frame_set_of_a_later_converter_of_the_original(tmp_path: Path) -> None:
    folder = make_converter_session(tmp_path)
    document = Archive(tmp_path).frame_set("evening", 0)
    assert (document["pc"], document["current_keys"], document["buttons"][0]) == (None, ["A+Right"], "Start")
    assert document["annotations"]["tags"] == ["alpha", "beta"]
    event = {**converter_event(1), "program_counters": ["080001F8"] * 4}
    (folder / "1" / "event.json").write_text(json.dumps(event))
    assert Archive(tmp_path).frame_set("evening", 1)["pc"] == "080001F8"
    (folder / "1" / "event.json").write_text("{}")
    assert Archive(tmp_path).frame_set("evening", 1)["current_keys"] == []


def test_reads_program_counters_of_the_sets_that_are_there(session: FakeSession, tmp_path: Path) -> None:
    session.folder.event(11).write_text("{}", encoding="utf-8")
    assert Archive(tmp_path).program_counters("meadow", [0, 10, 11, 99]) == {0: "08000208", 10: "08000208"}
    with pytest.raises(MissingError):
        Archive(tmp_path).program_counters("nowhere", [0])


def test_reads_a_screenshot(session: FakeSession, tmp_path: Path) -> None:
    assert Archive(tmp_path).screenshot("meadow", 1).startswith(b"\x89PNG")


def test_reads_events_and_leaves_out_a_line_that_was_cut_short(session: FakeSession, tmp_path: Path) -> None:
    assert Archive(tmp_path).events("meadow") == []
    session.folder.events.write_bytes(event_line(EventRecord(5, "reset", 1)) + b'[]\n{"name":"ma')
    assert Archive(tmp_path).events("meadow") == [EventRecord(5, "reset", 1).as_map()]


@pytest.mark.parametrize("name", ["", "..", "../meadow", "a/b", "C:", "con", ".hidden", "x" * 200])
def test_no_name_leaves_the_data_folder(tmp_path: Path, name: str) -> None:
    archive = Archive(tmp_path)
    with pytest.raises(LayoutError):
        archive.events(name)
    with pytest.raises(LayoutError):
        archive.frame_set(name, 0)


def test_what_is_missing_is_named(session: FakeSession, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with pytest.raises(MissingError, match="no session gone"):
        archive.events("gone")
    with pytest.raises(MissingError, match="meadow has no frame set 5"):
        archive.frame_set("meadow", 5)
    with pytest.raises(MissingError, match="2 of session meadow has no screenshot"):
        archive.screenshot("meadow", 2)


@pytest.mark.parametrize("damage", [b"", b'{"timestamp":', b"[]"])
def test_a_damaged_document_is_named(session: FakeSession, tmp_path: Path, damage: bytes) -> None:
    session.folder.event(1).write_bytes(damage)
    with pytest.raises(MissingError, match=r"event\.json of frame set 1 in session meadow is damaged"):
        Archive(tmp_path).frame_set("meadow", 1)


def test_nothing_outside_of_a_session_is_read(session: FakeSession, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b'{"secret": 1, "game_name": "secret"}\n')
    archive, folder = Archive(tmp_path), session.folder
    for path in (folder.screenshot(0), folder.annotations(0), folder.events, folder.metadata):
        path.unlink(missing_ok=True)
        link(path, tmp_path / "secret")
    folder.frame_set(9).mkdir()
    link(folder.event(9), tmp_path / "secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "event.json").write_bytes(b'{"secret": 1}')
    link(folder.frame_set(8), tmp_path / "outside")
    for number in (8, 9):
        with pytest.raises(MissingError):
            archive.frame_set("meadow", number)
    with pytest.raises(MissingError):
        archive.screenshot("meadow", 0)
    shown = archive.frame_set("meadow", 0)
    assert (shown["screenshot"], shown["annotations"]) == (False, Annotations().as_map())
    assert archive.events("meadow") == []
    assert archive.metadata("meadow") == {}
    reader = SessionReader(folder)
    assert 8 not in reader.frame_set_ids()
    assert read_labels(reader, 0) == (Annotations(), "")
    assert read_facts(reader, 9) == read_facts(reader, 8) == Facts(None, (), (), {}, (0, 0, {}))
    assert PastSessions(tmp_path).read() == []
