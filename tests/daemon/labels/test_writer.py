"""The label files of one session."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.labels.history import Entry, SetEdit
from daemon.labels.writer import LabelWriter
from protocol.errors import LabelError, StoreError
from protocol.session.annotations import Annotations, annotations_json, parse_annotations
from protocol.session.integrity import checksum
from protocol.session.layout import SessionFolder
from tests.fakes.links import link

BATTLE = SetEdit(1, {"context": ""}, {"context": "battle"})


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    """A session of three frame sets."""
    folder = SessionFolder(tmp_path / "run")
    for number in (0, 1, 10):
        folder.frame_set(number).mkdir(parents=True)
        folder.event(number).write_bytes(b"{}")
    folder.older_memory.mkdir()
    folder.metadata.write_bytes(b"{}")
    return folder


@pytest.fixture
def writer(folder: SessionFolder) -> LabelWriter:
    return LabelWriter(folder)


def battle(_number: int, now: Annotations) -> Annotations:
    return now.edited({"context": "battle"})


class TestFrameSets:
    def test_they_are_listed(self, writer: LabelWriter, folder: SessionFolder) -> None:
        (folder.path / ".partial-11").mkdir()
        assert sorted(writer.frame_sets()) == [0, 1, 10]

    def test_some_of_them_are_looked_for(self, writer: LabelWriter, folder: SessionFolder) -> None:
        (folder.path / ".partial-11").mkdir()
        assert writer.existing([10, 11, 0, 7, -1]) == [10, 0]

    def test_there_is_no_such_session(self, tmp_path: Path) -> None:
        with pytest.raises(LabelError, match="There is no session none"):
            LabelWriter(SessionFolder(tmp_path / "none")).frame_sets()
        with pytest.raises(LabelError, match="There is no session none"):
            LabelWriter(SessionFolder(tmp_path / "none")).existing([0])


class TestPlanning:
    def test_it_says_what_would_change_and_changes_nothing(self, writer: LabelWriter, folder: SessionFolder) -> None:
        folder.annotations(0).write_bytes(annotations_json(Annotations(context="battle")))
        folder.annotations(10).write_bytes(annotations_json(Annotations(context="dialogue", scene="shop")))
        labelled = checksum(annotations_json(Annotations(context="battle")))
        in_the_shop = checksum(annotations_json(Annotations(context="battle", scene="shop")))
        assert writer.plan([0, 1, 10, 99], battle) == [
            replace(BATTLE, file=labelled),
            SetEdit(10, {"context": "dialogue"}, {"context": "battle"}, in_the_shop),
        ]
        assert not folder.annotations(1).exists()


class TestCarryingOut:
    def test_labels_are_written_and_reported(self, writer: LabelWriter, folder: SessionFolder) -> None:
        assert writer.carry_out([BATTLE]) == [(1, Annotations(context="battle"))]
        assert parse_annotations(folder.annotations(1).read_bytes()) == Annotations(context="battle")

    def test_other_fields_stay_as_somebody_left_them(self, writer: LabelWriter, folder: SessionFolder) -> None:
        folder.annotations(1).write_bytes(b'{"scene": "arena"}')
        writer.carry_out([BATTLE])
        assert parse_annotations(folder.annotations(1).read_bytes()) == Annotations(context="battle", scene="arena")

    def test_other_keys_and_the_form_of_the_tags_stay(self, writer: LabelWriter, folder: SessionFolder) -> None:
        folder.annotations(1).write_bytes(b'\xef\xbb\xbf{"tags": "a, b", "mood": "tense", "outcome": {"a": 1}}')
        writer.carry_out([BATTLE])
        document = json.loads(folder.annotations(1).read_bytes())
        assert (document["context"], document["tags"], document["mood"]) == ("battle", "a, b", "tense")
        assert document["outcome"] == {"a": 1}
        assert not (folder.frame_set(1) / "annotations.json.unreadable").exists()

    def test_the_first_labels_found_decide_the_form_of_new_ones(
        self, writer: LabelWriter, folder: SessionFolder
    ) -> None:
        folder.annotations(0).write_bytes(b"{half")
        assert not writer.find_form([0, 1])
        folder.annotations(10).write_bytes(b'{"tags": "a"}')
        assert writer.find_form([0, 1, 10])
        writer.carry_out([BATTLE])
        assert json.loads(folder.annotations(1).read_bytes())["tags"] == ""
        assert folder.annotations(0).read_bytes() == b"{half"

    def test_labels_that_cannot_be_read_are_set_aside(self, writer: LabelWriter, folder: SessionFolder) -> None:
        folder.annotations(1).write_bytes(b"{half")
        writer.carry_out([BATTLE])
        assert (folder.frame_set(1) / "annotations.json.unreadable").read_bytes() == b"{half"
        assert parse_annotations(folder.annotations(1).read_bytes()) == Annotations(context="battle")


class TestTheHistory:
    def test_a_session_without_labels_has_an_empty_one(self, writer: LabelWriter) -> None:
        assert writer.history().next_number == 1

    def test_what_is_appended_is_there_again(self, writer: LabelWriter, folder: SessionFolder) -> None:
        for n, who in ((1, "ann"), (2, "ben")):
            writer.append(Entry(n, 5, who, "page", "edit", None, (BATTLE,)))
        history = LabelWriter(folder).history()
        assert history.next_number == 3
        first = Entry(1, 5, "ann", "page", "edit", None, (BATTLE,))
        assert history.undoable("ann") == 1
        assert history.remembered(1) == LabelWriter(folder).entry(1) == first
        with pytest.raises(LabelError, match="Entry 3 is not in the annotation history"):
            writer.entry(3)
        assert [json.loads(line)["n"] for line in folder.annotation_history.read_bytes().splitlines()] == [1, 2]

    def test_a_line_that_a_crash_cut_short_is_passed_over(self, writer: LabelWriter, folder: SessionFolder) -> None:
        writer.append(Entry(1, 5, "ann", "page", "edit", None, (BATTLE,)))
        with folder.annotation_history.open("ab") as file:
            file.write(b'{"n": 2, "ti')
        assert LabelWriter(folder).history().next_number == 2


def test_a_session_that_the_system_finds_in_another_case_is_not_another_session(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows and macOS: under two names it would have two histories."""
    monkeypatch.setattr(Path, "is_file", lambda _path: True)
    with pytest.raises(LabelError, match="There is no session RUN; is there one in other letters"):
        LabelWriter(SessionFolder(folder.path.with_name("RUN"))).history()


def test_nothing_outside_of_a_session_is_labelled(writer: LabelWriter, folder: SessionFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "event.json").write_bytes(b"{}")
    link(folder.frame_set(77), outside)
    assert 77 not in list(writer.frame_sets())
    assert writer.existing([77]) == []
    assert writer.plan([77], battle) == []
    folder.annotation_history.unlink(missing_ok=True)
    link(folder.annotation_history, outside / "history")
    with pytest.raises(StoreError, match="not followed"):
        writer.append(Entry(1, 1, "ann", "page", "edit", None, ()))
    assert [path.name for path in outside.iterdir()] == ["event.json"]
