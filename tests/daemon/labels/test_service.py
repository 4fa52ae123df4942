"""Label commands of the bus, carried out on real files."""

import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from daemon.background import Background
from daemon.disk.file_lock import FileLock
from daemon.labels.history import SetEdit
from daemon.labels.service import LabelService
from daemon.labels.session_labels import SLICE
from protocol.bus.messages import Topic
from protocol.errors import LabelError, LayoutError
from protocol.session.annotations import Annotations, parse_annotations
from protocol.session.layout import session_folder
from tests.fakes.background import running_background
from tests.fakes.game import NOW
from tests.fakes.holder import hold_open

SETS = 3 * SLICE + 5


class Room:
    """The service, a session of frame sets, and what the bus carries."""

    def __init__(self, data: Path, background: Background) -> None:
        self.background = background
        self.folder = session_folder(data, "run")
        self.folder.path.mkdir()
        self.folder.metadata.write_bytes(b"{}")
        for number in range(SETS):
            self.folder.frame_set(number).mkdir()
            self.folder.event(number).write_bytes(b"{}")
        self.published: list[Any] = []
        self.latched: list[Any] = []
        self.service = LabelService(
            data,
            background,
            lambda topic, session, body: self.published.append((topic, session, body)),
            lambda *latch: self.latched.append(latch),
            lambda: NOW,
        )

    async def label(self, *numbers: int, who: str = "ann", **arguments: Any) -> dict[str, Any]:
        which: dict[str, Any] = {"frame_sets": list(numbers)} if numbers else {}
        return await self.service.label({"session": "run", "who": who, "origin": "page", **which, **arguments})

    async def turn(self, kind: str, who: str = "ann", command_id: str = "", **limit: Any) -> dict[str, Any]:
        handlers = self.service.handlers()
        header = {"session": "run", "who": who, "origin": "page", "command_id": command_id}
        answer: dict[str, Any] = await handlers[kind]({**header, **limit})
        return answer

    def labels(self, number: int) -> Annotations:
        path = self.folder.annotations(number)
        return parse_annotations(path.read_bytes()) if path.exists() else Annotations()

    def kinds(self) -> list[str]:
        return [json.loads(line)["kind"] for line in self.folder.annotation_history.read_bytes().splitlines()]


@contextlib.asynccontextmanager
async def room(data: Path) -> AsyncIterator[Room]:
    async with running_background() as background:
        yield Room(data, background)


class TestOwner:
    """Two daemons on one data folder."""

    def other(self, at: Room, *, records: bool = False) -> LabelService:
        def nothing(*_: object) -> None:
            pass

        data = at.folder.path.parent
        return LabelService(data, at.background, nothing, nothing, lambda: NOW, records=lambda _session: records)

    BOB: ClassVar[dict[str, Any]] = {"session": "run", "who": "bob"}
    COMMAND: ClassVar[dict[str, Any]] = {**BOB, "first": 0, "last": 3, "labels": {"scene": "b"}}

    async def test_only_one_of_them_edits_a_sessions_labels(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            second = self.other(at)
            await at.label(1, labels={"context": "a"})
            for command, arguments in (
                (second.label, self.COMMAND),
                (second.undo, self.BOB),
                (second.redo, self.BOB),
            ):
                with pytest.raises(LabelError, match="Another gbatrace is labelling session run"):
                    await command(arguments)
            assert at.kinds() == ["edit"]
            assert at.labels(1) == Annotations(context="a")
            await at.turn("undo")
            at.service.release(idle_for=60)
            with pytest.raises(LabelError):
                await second.label(self.COMMAND)
            at.service.release()
            assert (await second.label(self.COMMAND))["entry"] == 3
            with pytest.raises(LabelError, match="Another gbatrace"):
                await at.label(1, labels={"context": "c"})
            second.release()
            assert (await at.label(1, labels={"context": "c"}))["entry"] == 4
            at.service.release()
            assert not at.folder.label_lock.exists()

    async def test_whoever_records_a_session_labels_it(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            lock = FileLock.take(at.folder.lock)
            assert lock is not None
            second, first = self.other(at), self.other(at, records=True)
            with pytest.raises(LabelError, match="Session run is being recorded by another gbatrace"):
                await second.label(self.COMMAND)
            assert (await first.label(self.COMMAND))["entry"] == 1
            first.release()
            lock.release()
            assert (await second.label(self.COMMAND | {"labels": {"scene": "c"}}))["entry"] == 2
            second.release()


async def test_a_label_file_that_is_held_keeps_nobody_else_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path) as at:
        hold_open(lambda name: name.startswith(str(at.folder.annotations(1))), 0.6, monkeypatch.setattr)
        await asyncio.to_thread(shutil.copytree, at.folder.path, tmp_path / "other")
        held = asyncio.ensure_future(at.label(1, 2, labels={"context": "a"}))
        await asyncio.sleep(0.1)
        await at.service.label({"session": "other", "frame_sets": [1], "who": "bob", "labels": {"scene": "b"}})
        assert not held.done()
        assert await held == {"entry": 1, "changed": 2, "missing": []}
        assert at.kinds() == ["edit"]
        assert at.labels(1) == at.labels(2) == Annotations(context="a")


class TestLabelling:
    async def test_the_frame_sets_that_are_named_get_their_labels(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            answer = await at.label(3, 5, 3, 9999, labels={"context": "battle", "complete": True})
            assert answer == {"entry": 1, "changed": 2, "missing": [9999]}
            assert at.labels(3) == at.labels(5) == Annotations(context="battle", complete=True)
            assert at.labels(4) == Annotations()

    async def test_a_publication_reaches_everybody_on_the_bus(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(3, labels={"context": "battle"})
            assert at.published == [
                (
                    Topic.LABELS,
                    "run",
                    {
                        "session": "run",
                        "entry": 1,
                        "who": "ann",
                        "origin": "page",
                        "kind": "edit",
                        "command_id": "",
                        "saved": 1,
                        "of": 1,
                        "labels": [{"frame_set_id": 3, "annotations": Annotations(context="battle").as_map()}],
                    },
                )
            ]

    async def test_a_range_is_labelled_a_few_at_a_time(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            answer = await at.label(first=0, last=10**6, labels={"scene": "arena"})
            assert answer == {"entry": 1, "changed": SETS, "missing": []}
            sizes = [len(body["labels"]) for *_, body in at.published]
            assert sizes == [SLICE, SLICE, SLICE, 5]
            progress = [(body["saved"], body["of"]) for *_, body in at.published]
            assert progress == [(SLICE, SETS), (2 * SLICE, SETS), (3 * SLICE, SETS), (SETS, SETS)]

    async def test_ranges_far_apart_are_labelled_where_there_are_frame_sets(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            answer = await at.label(ranges=[[SETS - 2, 10**9], [3, 4]], labels={"scene": "arena"})
            assert answer == {"entry": 1, "changed": 4, "missing": []}
            labelled = [number for number in range(SETS) if at.labels(number).scene]
            assert labelled == [3, 4, SETS - 2, SETS - 1]

    async def test_many_frame_sets_by_name_are_found_in_their_order(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            answer = await at.label(*reversed(range(500)), labels={"scene": "arena"})
            assert answer == {"entry": 1, "changed": SETS, "missing": list(reversed(range(SETS, 500)))}

    @pytest.mark.parametrize(("first", "last"), [(0, 2**64 - 1), (4, 2**64 - 1)])
    async def test_a_range_may_be_longer_than_any_session(self, first: int, last: int, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            answer = await at.label(first=first, last=last, labels={"scene": "arena"})
            assert answer["changed"] == SETS - first

    async def test_labels_of_the_originals_app_keep_their_form_and_give_it_to_others(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            at.folder.annotations(7).write_bytes(b'{"scene": "mine field", "tags": "alpha, beta", "mood": "tense"}')
            await at.label(3, 7, labels={"context": "battle"}, add_tags=["boss"])
            documents = [json.loads(at.folder.annotations(number).read_bytes()) for number in (3, 7)]
            assert [document["tags"] for document in documents] == ["boss", "alpha, beta, boss"]
            assert [document.get("mood") for document in documents] == [None, "tense"]
            assert documents[1]["scene"] == "mine field"

    async def test_tags_are_added_and_taken_away(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(1, labels={"tags": ["boss", "fire"]})
            await at.label(1, 2, add_tags=["night", "boss"], remove_tags=["fire"])
            assert (at.labels(1).tags, at.labels(2).tags) == (("boss", "night"), ("night", "boss"))

    async def test_several_parts_are_one_step_back(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(first=2, last=5, labels={"context": "battle"})
            parts = [
                {"first": 6, "last": 7, "labels": {"context": "battle"}},
                {"frame_sets": [2, 3, 9999], "labels": {"context": ""}, "add_tags": ["cut"]},
            ]
            assert await at.label(parts=parts) == {"entry": 2, "changed": 4, "missing": [9999]}
            assert [at.labels(number).context for number in range(1, 9)] == ["", "", "", *["battle"] * 4, ""]
            assert at.labels(2).tags == ("cut",)
            await at.turn("undo")
            assert [at.labels(number).context for number in range(1, 9)] == ["", *["battle"] * 4, "", "", ""]

    async def test_what_changes_nothing_is_no_entry(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(1, labels={"scene": "arena"})
            assert await at.label(1, labels={"scene": " arena "}) == {"entry": None, "changed": 0, "missing": []}
            assert at.kinds() == ["edit"]

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"labels": {"mood": "tense"}, "frame_sets": [1]}, "no label field 'mood'"),
            ({"labels": [], "frame_sets": [1]}, "'labels' is a map"),
            ({"labels": {}, "frame_sets": ["1"]}, "names its frame sets"),
            ({"labels": {}, "frame_sets": [True]}, "names its frame sets"),
            ({"labels": {}}, "names its frame sets"),
            ({"labels": {}, "first": 5}, "names its frame sets"),
            ({"labels": {}, "first": -5, "last": 4}, "numbered from 0, there is none -5"),
            ({"labels": {}, "first": True, "last": 4}, "names its frame sets"),
            ({"labels": {}, "first": 5, "last": 4}, "has none of these frame sets"),
            ({"labels": {}, "frame_sets": [9999]}, "has none of these frame sets"),
            ({"labels": {}, "frame_sets": [1], "add_tags": "boss"}, "tags holds a list"),
            ({"labels": {}, "frame_sets": [1], "who": 7}, "as texts"),
            ({"labels": {}, "frame_sets": [1], "session": None}, "as texts"),
            ({"labels": {}, "frame_sets": [1], "session": "other"}, "There is no session other"),
        ],
    )
    async def test_what_cannot_be_done_is_said(self, tmp_path: Path, arguments: dict[str, Any], sentence: str) -> None:
        async with room(tmp_path) as at:
            with pytest.raises(LabelError, match=sentence):
                await at.label(**arguments)
            assert at.published == []

    async def test_a_session_cannot_lead_out_of_the_data_folder(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            with pytest.raises(LayoutError):
                await at.label(1, session="../run", labels={"scene": "arena"})


class TestUndoing:
    async def test_undo_takes_back_and_redo_gives_again(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(1, 2, labels={"scene": "arena"})
            assert await at.turn("undo") == {"entry": 2, "changed": 2, "of": 1}
            assert at.labels(1) == Annotations()
            assert await at.turn("redo") == {"entry": 3, "changed": 2, "of": 1}
            assert at.labels(2) == Annotations(scene="arena")
            assert at.kinds() == ["edit", "undo", "redo"]

    async def test_there_is_no_end_to_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("daemon.labels.history.MAX_REMEMBERED", 3)
        async with room(tmp_path) as at:
            for number in range(12):
                await at.label(1, labels={"context": f"c{number}"})
            for number in reversed(range(12)):
                assert at.labels(1).context == f"c{number}"
                assert (await at.turn("undo"))["of"] == number + 1
            assert at.labels(1).context == ""
            assert (await at.turn("undo"))["of"] is None
            for number in range(12):
                await at.turn("redo")
                assert at.labels(1).context == f"c{number}"

    async def test_an_entry_that_somebody_took_out_of_the_history_is_reported(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("daemon.labels.history.MAX_REMEMBERED", 1)
        async with room(tmp_path) as at:
            for number in range(3):
                await at.label(1, labels={"context": f"c{number}"})
            lines = at.folder.annotation_history.read_bytes().splitlines(keepends=True)
            at.folder.annotation_history.write_bytes(b"".join([lines[0], lines[2]]))
            await at.turn("undo")
            with pytest.raises(LabelError, match="Entry 2 is not in the annotation history"):
                await at.turn("undo")

    async def test_without_an_edit_there_is_nothing_to_take_back(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            assert await at.turn("undo") == {"entry": None, "changed": 0, "of": None}
            assert await at.turn("redo") == {"entry": None, "changed": 0, "of": None}

    async def test_an_edit_of_more_sets_than_the_limit_is_left_alone(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(1, 2, labels={"scene": "arena"})
            assert await at.turn("undo", at_most=1) == {"entry": None, "changed": 0, "of": 1, "held": 2}
            assert (at.labels(1).scene, at.kinds()) == ("arena", ["edit"])
            assert (await at.turn("undo", at_most=2))["changed"] == 2
            assert (await at.turn("redo", at_most=1))["held"] == 2
            with pytest.raises(LabelError, match="`at_most` is the number"):
                await at.turn("redo", at_most="2")

    async def test_everybody_takes_back_their_own_where_nobody_has_changed_it_since(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(1, 2, labels={"scene": "arena"}, who="ann")
            await at.label(2, labels={"scene": "shop"}, who="ben")
            assert await at.turn("undo", "ann") == {"entry": 3, "changed": 1, "of": 1}
            assert (at.labels(1).scene, at.labels(2).scene) == ("", "shop")

    async def test_it_works_after_the_daemon_was_started_again(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(1, labels={"scene": "arena"})
            at.service.release()
            again = LabelService(tmp_path, at.service._background, lambda *_: None, lambda *_: None, lambda: NOW)
            await again.undo({"session": "run", "who": "ann", "origin": "page"})
            assert at.labels(1) == Annotations()

    async def test_many_at_once_come_one_after_the_other(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await asyncio.gather(*(at.label(1, labels={"scene": str(n)}, who=str(n)) for n in range(10)))
            history = [json.loads(line) for line in at.folder.annotation_history.read_bytes().splitlines()]
            assert [entry["n"] for entry in history] == list(range(1, 11))
            befores = [entry["edits"][0]["before"]["scene"] for entry in history]
            assert befores == ["", *(entry["edits"][0]["after"]["scene"] for entry in history[:-1])]


class TestLatching:
    async def test_a_latch_is_the_sessions_affair(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            command = {"session": "run", "labels": {"context": " battle "}, "who": " ann ", "origin": "pad"}
            assert await at.service.latch(command) == {}
            assert at.latched == [("run", {"context": "battle"}, "ann", "pad")]

    async def test_what_was_latched_is_written_down(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.service.latched("run", SetEdit(4, {"context": ""}, {"context": "battle"}), "ann", "pad")
            assert at.kinds() == ["latch"]
            assert await at.turn("undo") == {"entry": None, "changed": 0, "of": None}

    @pytest.mark.parametrize(("tags", "as_text"), [('"boss, fire"', True), ('["boss", "fire"]', False)])
    async def test_the_form_of_the_sessions_labels_is_reported(
        self, tmp_path: Path, tags: str, *, as_text: bool
    ) -> None:
        async with room(tmp_path) as at:
            at.folder.annotations(1).write_text(f'{{"tags": {tags}}}', "utf-8")
            edit = SetEdit(4, {"context": ""}, {"context": "battle"})
            assert await at.service.latched("run", edit, "ann", "pad") is as_text

    async def test_a_session_without_labels_has_lists(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            assert not await at.service.latched("run", SetEdit(4, {"context": ""}, {"context": "x"}), "ann", "pad")


class TestTheSameCommandAgain:
    """A line broke before the answer came, so the command is sent a second time."""

    async def test_a_label_is_not_given_twice(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            first = await at.label(1, labels={"context": "battle"}, command_id="c1")
            await at.label(1, labels={"context": "shop"}, who="ben")
            assert await at.label(1, labels={"context": "battle"}, command_id="c1") == first
            assert at.labels(1).context == "shop"

    async def test_an_undo_undoes_one_thing(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(1, labels={"context": "battle"})
            await at.label(1, labels={"context": "shop"})
            first = await at.turn("undo", command_id="u1")
            assert await at.turn("undo", command_id="u1") == first
            assert at.labels(1).context == "battle"

    async def test_it_is_known_after_the_daemon_was_started_again(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            await at.label(1, labels={"context": "battle"})
            await at.turn("undo", command_id="u1")
            await at.turn("redo", command_id="r1")
            at.service.release()
            at.service = LabelService(tmp_path, at.background, lambda *_: None, lambda *_: None, lambda: NOW)
            await at.turn("undo", command_id="u1")
            assert at.labels(1).context == "battle"

    async def test_a_latch_is_set_once(self, tmp_path: Path) -> None:
        async with room(tmp_path) as at:
            latch = {"session": "run", "labels": {"context": "battle"}, "who": "ann", "origin": "pad"}
            for command_id in ("l1", "l1", "", ""):
                await at.service.latch({**latch, "command_id": command_id})
            assert len(at.latched) == 3
