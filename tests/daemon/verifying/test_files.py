from pathlib import Path

import pytest

from daemon.verifying.files import examine_set, read_set
from protocol.session.integrity import SetChecksum, checksum
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import HEIGHT, WIDTH, frame_sets, record, screenshot

NUMBER = 1


@pytest.fixture
def session(tmp_path: Path) -> SessionReader:
    return record(tmp_path, sets=list(frame_sets(2)))


def listed(session: SessionReader) -> SetChecksum:
    event, png = session.folder.event(NUMBER).read_bytes(), session.folder.screenshot(NUMBER).read_bytes()
    return SetChecksum(NUMBER, checksum(event), checksum(png), (), ())


def damages(session: SessionReader, line: SetChecksum | None, *, listable: bool = True) -> list[tuple[str, str]]:
    return examine_set(read_set(session.folder, NUMBER), line, session.grids, listable=listable).damages


def test_the_files_are_read_and_hashed_and_the_screenshot_unpacked(session: SessionReader) -> None:
    files = read_set(session.folder, NUMBER)
    assert files.names == {"event.json", "1.png"}
    assert (files.number, files.size, files.png_checksum) == (NUMBER, (WIDTH, HEIGHT), checksum(screenshot(0)))
    assert files.event_checksum == checksum(files.event or b"")
    assert files.labels is None


def test_a_sound_set_has_no_damages_and_is_given(session: SessionReader) -> None:
    examined = examine_set(read_set(session.folder, NUMBER), listed(session), session.grids, listable=True)
    assert examined.damages == []
    assert examined.frame_set is not None
    assert examined.frame_set.frame_set_id == NUMBER


def test_what_changed_since_it_was_stored_is_named(session: SessionReader) -> None:
    line = listed(session)
    session.folder.screenshot(NUMBER).write_bytes(screenshot(3))
    assert damages(session, line) == [("1.png", "is not as it was stored: its checksum is another")]


def test_a_set_that_nobody_listed_is_named_only_where_there_is_a_list(session: SessionReader) -> None:
    assert damages(session, None) == [("event.json", "is not in the list of checksums")]
    assert damages(session, None, listable=False) == []


def test_what_is_missing_is_named(session: SessionReader) -> None:
    line = listed(session)
    session.folder.event(NUMBER).unlink()
    session.folder.screenshot(NUMBER).unlink()
    assert damages(session, line) == [("event.json", "is missing"), ("1.png", "is missing")]


def test_what_cannot_be_understood_is_named(session: SessionReader) -> None:
    session.folder.screenshot(NUMBER).write_bytes(screenshot(0)[:-20])
    session.folder.annotations(NUMBER).write_bytes(b"[]")
    session.folder.event(NUMBER).write_bytes(session.folder.event(0).read_bytes())
    found = dict(damages(session, None, listable=False))
    assert found["event.json"] == "cannot be understood: it calls itself frame set 0"
    assert found["1.png"] == "is not a picture that can be unpacked"
    assert found["annotations.json"].startswith("cannot be understood")
