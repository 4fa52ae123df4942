"""Whole sessions renamed, deleted, merged."""

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.disk.file_lock import FileLock
from daemon.managing.sessions import delete_session, merge_sessions, rename_session
from daemon.probing.savestates import SavestateCache
from protocol.errors import LayoutError, SessionError
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord
from protocol.session.flaws import NO_SCREENSHOT, borrowed_flaw
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import GapCount, metadata_json
from protocol.session.reader import SessionReader, open_session
from tests.daemon.importing.made import START, frame_set, make_session, scan
from tests.daemon.writer.test_change_log import assert_as_folders
from tests.fakes.links import link

LABELS = Annotations(context="battle")


def silent(_more: int) -> None:
    pass


def session(data: Path, name: str = "evening") -> SessionReader:
    return make_session(data, name, [frame_set(0), frame_set(1)])


def test_savestates_of_probes_go_with_their_session(tmp_path: Path) -> None:
    for name in ("evening", "morning"):
        SavestateCache(tmp_path, name, "uuid").save(7, b"state")
    rename_session(session(tmp_path), "night")
    delete_session(session(tmp_path, "morning"))
    assert list((tmp_path / ".savestates").iterdir()) == []


class TestRename:
    def test_folder_and_metadata_have_the_new_name(self, tmp_path: Path) -> None:
        renamed = rename_session(session(tmp_path), "morning")
        assert [path.name for path in tmp_path.iterdir()] == ["morning"]
        assert (renamed.metadata.session_id, renamed.metadata.is_custom_name) == ("morning", True)
        assert renamed.frame_set_ids() == [0, 1]

    def test_what_a_crash_left_half_written_does_not_stay(self, tmp_path: Path) -> None:
        evening = session(tmp_path)
        evening.folder.partial(2).mkdir(parents=True)
        rename_session(evening, "morning")
        assert [path.name for path in tmp_path.iterdir()] == ["morning"]

    def test_a_name_that_is_taken_or_is_none(self, tmp_path: Path) -> None:
        evening = session(tmp_path)
        session(tmp_path, "morning")
        with pytest.raises(SessionError, match="There is a session morning"):
            rename_session(evening, "morning")
        with pytest.raises(LayoutError):
            rename_session(evening, "../morning")
        assert open_session(evening.folder.path).frame_set_ids() == [0, 1]


class TestDelete:
    def test_nothing_stays(self, tmp_path: Path) -> None:
        (tmp_path / ".deleting-evening" / "0").mkdir(parents=True)
        delete_session(session(tmp_path))
        assert list(tmp_path.iterdir()) == []


def test_a_session_whose_folder_is_a_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    session(tmp_path / "elsewhere")
    link(tmp_path / "evening", tmp_path / "elsewhere" / "evening")
    linked = open_session(tmp_path / "evening")
    for attempt in (lambda: delete_session(linked), lambda: rename_session(linked, "other")):
        with pytest.raises(SessionError, match="evening is a link to a folder elsewhere"):
            attempt()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "evening"]
    assert open_session(tmp_path / "evening").frame_set_ids()


def test_a_session_that_is_being_recorded_is_left_alone(tmp_path: Path) -> None:
    evening, morning = session(tmp_path), session(tmp_path, "morning")
    lock = FileLock.take(evening.folder.lock)
    assert lock is not None
    for attempt in (
        lambda: delete_session(evening),
        lambda: rename_session(evening, "night"),
        lambda: merge_sessions([evening, morning], "night", silent),
    ):
        with pytest.raises(SessionError, match="evening is being recorded"):
            attempt()
    lock.release()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evening", "morning"]


def test_what_a_session_says_of_its_end_after_it_was_opened_is_kept(tmp_path: Path) -> None:
    opened = session(tmp_path)
    ended = replace(opened.metadata, ended_by="it ended meanwhile", total_frame_sets=7)
    opened.folder.metadata.write_bytes(metadata_json(ended))
    metadata = rename_session(opened, "night").metadata
    assert (metadata.ended_by, metadata.total_frame_sets) == ("it ended meanwhile", 7)


class TestMerge:
    def parts(self, data: Path) -> list[SessionReader]:
        sets = [(frame_set(0, [scan("iwram", 0, [0x0300_0000])]), LABELS, (("iwram", 0),)), (frame_set(3), None, ())]
        first = make_session(data, "one", (sets, [EventRecord(1, "mark", 3)]), lost=GapCount(1, 2, 3), ended=None)
        borrowed_from = frame_set(0)
        poor = FrameSet(1, frame_set(1).frames, (), (NO_SCREENSHOT, borrowed_flaw(0)), borrowed_from.png)
        second = make_session(
            data,
            "two",
            ([(borrowed_from, None, ()), (poor, LABELS, (("ewram", 4),))], [EventRecord(2, "mark", 1)]),
            created=START + 9000,
            ended=START + 9999,
            ended_by="enough",
            lost=GapCount(1, 1, 1),
        )
        return [second, first]

    def test_parts_are_numbered_on(self, tmp_path: Path) -> None:
        told: list[int] = []
        merged = merge_sessions(self.parts(tmp_path), "whole", told.append)
        assert merged.frame_set_ids() == [0, 3, 4, 5]
        assert sum(told) == 4
        assert merged.frame_set(4).frame_set_id == 4
        assert merged.frame_set(0).changes[0].addresses.tolist() == [0x0300_0000]
        assert merged.frame_set(5).flaws == (NO_SCREENSHOT, borrowed_flaw(4))
        assert merged.frame_set(5).png == merged.frame_set(4).png
        assert [merged.annotations(number) for number in (0, 3, 5)] == [LABELS, None, LABELS]
        assert merged.events() == [
            EventRecord(1, "mark", 3),
            EventRecord(START + 9000, "jump", 4, None, {"session": "two"}),
            EventRecord(2, "mark", 5),
        ]
        assert merged.rebaselined() == {0: (("iwram", 0),), 5: (("ewram", 4),)}
        assert list(merged.memory_images()) == [0, 4]
        assert_as_folders(merged.folder)

    def test_labels_keep_their_form_and_their_other_keys(self, tmp_path: Path) -> None:
        parts = self.parts(tmp_path)
        parts[0].folder.annotations(1).write_bytes(b'{"tags": "a, b", "mood": "tense"}')
        merged = merge_sessions(parts, "whole", lambda _more: None)
        assert merged.folder.annotations(5).read_bytes() == b'{"tags": "a, b", "mood": "tense"}'

    def test_metadata_are_added_up(self, tmp_path: Path) -> None:
        facts = merge_sessions(self.parts(tmp_path), "whole", silent).metadata
        assert (facts.session_id, facts.created, facts.ended) == ("whole", START, START + 9999)
        assert (facts.total_frame_sets, facts.first_set, facts.last_set) == (4, 0, 5)
        assert facts.lost == GapCount(2, 3, 4)
        assert (facts.ended_by, facts.resume_sha256) == ("enough", "")
        assert facts.recorder["merged_from"] == ["one", "two"]

    def test_the_parts_stay(self, tmp_path: Path) -> None:
        merge_sessions(self.parts(tmp_path), "whole", silent)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two", "whole"]
        assert open_session(tmp_path / "two").frame_set_ids() == [0, 1]

    @pytest.mark.parametrize(
        ("changes", "what"),
        [
            ({"game_name": "Other"}, "game differ"),
            ({"num_frames_per_set": 6}, "frames per set differ"),
            ({"recorder": {"rom_hash": "CD"}}, "ROM differ"),
        ],
    )
    def test_parts_must_fit(self, tmp_path: Path, changes: dict[str, object], what: str) -> None:
        one = session(tmp_path)
        other = make_session(tmp_path, "other", [frame_set(0)], created=START + 1, **changes)
        with pytest.raises(SessionError, match=f"evening and other are not parts of one recording: their {what}"):
            merge_sessions([one, other], "whole", silent)
        assert not (tmp_path / "whole").exists()

    def test_parts_without_frame_sets_add_nothing(self, tmp_path: Path) -> None:
        empty = make_session(tmp_path, "empty", [], created=START - 1)
        merged = merge_sessions([session(tmp_path), empty], "whole", silent)
        assert merged.frame_set_ids() == [0, 1]
        assert (merged.metadata.first_set, merged.metadata.last_set) == (0, 1)
