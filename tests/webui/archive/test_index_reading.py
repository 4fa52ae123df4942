import os
from pathlib import Path

import pytest

from protocol.session.annotations import Annotations, annotations_json
from protocol.session.event_json import event_json
from protocol.session.layout import SessionFolder
from tests.fakes.bus_daemon import make_frame_set
from webui.archive.index_reading import NO_LABELS, label_stamps, list_frame_sets, read_event, read_facts, read_labels
from webui.archive.index_rows import Facts, facts_of_event


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    folder = SessionFolder(tmp_path / "run")
    for number in (0, 7, 12):
        folder.frame_set(number).mkdir(parents=True)
        folder.event(number).write_bytes(event_json(make_frame_set(number, ("cut short",) if number == 7 else ())))
    return folder


def test_frame_sets_are_folders_with_a_number(folder: SessionFolder) -> None:
    (folder.path / ".partial-13").mkdir()
    folder.older_memory.mkdir()
    (folder.path / "14").write_bytes(b"")
    assert sorted(list_frame_sets(folder)) == [0, 7, 12]


def test_a_stamp_says_when_labels_were_written(folder: SessionFolder) -> None:
    folder.annotations(7).write_bytes(b"{}")
    os.utime(folder.annotations(7), ns=(5_000_000_000, 5_000_000_000))
    assert list(label_stamps(folder, [0, 7, 99])) == [(0, NO_LABELS), (7, 5_000_000_000), (99, NO_LABELS)]


def test_labels_are_read_where_there_are_any(folder: SessionFolder) -> None:
    folder.annotations(0).write_bytes(annotations_json(Annotations(context="battle")))
    folder.annotations(7).write_bytes(b"[]")
    assert read_labels(folder, 0) == (Annotations(context="battle"), "")
    assert read_labels(folder, 7)[1].startswith("annotations.json is not an object. The file is set aside")
    assert read_labels(folder, 12) == (Annotations(), "")


def test_facts_are_those_of_the_file_without_its_changes(folder: SessionFolder) -> None:
    facts = read_facts(folder, 7)
    assert (facts.flaws, facts.change_counts) == (("cut short",), None)
    assert read_event(folder, 7).change_counts == facts_of_event(folder.event(7).read_bytes()).change_counts


def test_a_file_of_the_original_is_read_whole(folder: SessionFolder) -> None:
    head = b'{"timestamp": 5, "pc": "08000000", "current_keys": [], "frames_in_set": [8], '
    folder.event(0).write_bytes(head + b'"memory_changes": [{"region": "iwram"}]}')
    assert read_facts(folder, 0) == Facts(5, (8,), (), {"iwram": 1}, (1, 1, {}))


@pytest.mark.parametrize("data", [None, b"", b"[]", b"{", b'{"memory_changes": 5}', b'{"flaws": 5}', b"\xff" * 3000])
def test_nothing_is_known_of_a_file_that_can_not_be_read(folder: SessionFolder, data: bytes | None) -> None:
    if data is None:
        folder.event(0).unlink()
    else:
        folder.event(0).write_bytes(data)
    assert read_facts(folder, 0) == read_event(folder, 0) == Facts(None, (), (), {}, (0, 0, {}))
