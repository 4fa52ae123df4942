from pathlib import Path

import pytest

from protocol.session.annotations import Annotations, annotations_json
from protocol.session.event_json import event_json
from protocol.session.layout import SessionFolder
from protocol.session.reader import SessionReader
from tests.fakes.bus_daemon import make_frame_set
from webui.archive.index_reading import read_event, read_facts, read_labels
from webui.archive.index_rows import Facts


@pytest.fixture
def reader(tmp_path: Path) -> SessionReader:
    folder = SessionFolder(tmp_path / "run")
    for number in (0, 7, 12):
        folder.frame_set(number).mkdir(parents=True)
        folder.event(number).write_bytes(event_json(make_frame_set(number, ("cut short",) if number == 7 else ())))
    return SessionReader(folder)


def test_labels_are_read_where_there_are_any(reader: SessionReader) -> None:
    reader.folder.annotations(0).write_bytes(annotations_json(Annotations(context="battle")))
    reader.folder.annotations(7).write_bytes(b"[]")
    assert read_labels(reader, 0) == (Annotations(context="battle"), "")
    assert read_labels(reader, 7)[1].startswith("annotations.json is not an object. The file is set aside")
    assert read_labels(reader, 12) == (Annotations(), "")


def test_facts_are_those_of_the_file_without_its_changes(reader: SessionReader) -> None:
    facts = read_facts(reader, 7)
    assert (facts.flaws, facts.change_counts) == (("cut short",), None)
    assert read_event(reader, 7).change_counts == make_frame_set(7).change_counts()


def test_a_file_of_the_original_is_read_whole(reader: SessionReader) -> None:
    head = b'{"timestamp": 5, "pc": "08000000", "current_keys": [], "frames_in_set": [8], '
    reader.folder.event(0).write_bytes(head + b'"memory_changes": [{"region": "iwram"}]}')
    assert read_facts(reader, 0) == Facts(5, (8,), (), {"iwram": 1}, (1, 1, {}))


@pytest.mark.parametrize("data", [None, b"", b"[]", b"{", b'{"memory_changes": 5}', b'{"flaws": 5}', b"\xff" * 3000])
def test_nothing_is_known_of_a_file_that_cannot_be_read(reader: SessionReader, data: bytes | None) -> None:
    if data is None:
        reader.folder.event(0).unlink()
    else:
        reader.folder.event(0).write_bytes(data)
    assert read_facts(reader, 0) == read_event(reader, 0) == Facts(None, (), (), {}, (0, 0, {}))
