import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from protocol.bus.messages import Publication, Topic
from protocol.errors import LayoutError
from protocol.session.annotations import TEXT_FIELDS, Annotations, annotations_json
from protocol.session.statistics import SetCounts
from tests.fakes.bus_daemon import FakeDaemon, FakeSession, make_frame_set
from webui.archive.index import INDEX_FILE, Index
from webui.archive.index_rows import SetFilter
from webui.errors import MissingError, QueryError

Labels = dict[str, Any]


class Meadow:
    """A session of ten frame sets on disk, and its index."""

    def __init__(self, data_folder: Path) -> None:
        self.data_folder = data_folder
        self.session = FakeSession(FakeDaemon(data_folder), "meadow", "Meadow Quest")
        for number in range(10):
            self.session.record(make_frame_set(number, ("cut short",) if number == 4 else ()))
        self.index = Index(data_folder)

    def write(self, number: int, **labels: Any) -> None:
        data = annotations_json(Annotations(**labels))
        self.session.folder.annotations(number).write_bytes(data)

    def open(self) -> dict[str, Any]:
        self.index.open_session("meadow")
        while self.index.learn_facts("meadow"):
            pass
        return self.index.snapshot("meadow")

    def hear(self, *numbers: int, **labels: Any) -> None:
        changed = [{"frame_set_id": number, "annotations": Annotations(**labels).as_map()} for number in numbers]
        self.index.enqueue(Publication(Topic.LABELS, "meadow", 1, {"labels": changed}))

    def numbers(self, **wanted: Any) -> list[int]:
        return self.index.numbers("meadow", SetFilter(**wanted))


@pytest.fixture
def meadow(tmp_path: Path) -> Meadow:
    return Meadow(tmp_path)


def test_a_session_is_read_from_its_folders(meadow: Meadow) -> None:
    for number in (2, 3, 4):
        meadow.write(number, context="battle", tags=("boss",))
    meadow.write(7, complete=True, description="A quiet moment")
    snapshot = meadow.open()
    assert snapshot["labels"]["context"] == [[2, 4, "battle"]]
    assert snapshot["labels"]["tags"] == [[2, 4, ["boss"]]]
    assert snapshot["labels"]["complete"] == [[7, 7, True]]
    assert snapshot["flawed"] == [[4, 4]]
    [row] = meadow.index.sets("meadow", SetFilter(first=4), 1)
    summary = make_frame_set(4, ("cut short",)).summary()
    assert (row["timestamp"], row["frames"]) == (summary["timestamp"], summary["frames"])
    assert (row["flaws"], row["change_counts"]) == (["cut short"], summary["change_counts"])
    assert row["annotations"]["tags"] == ["boss"]


def test_what_the_bus_says_is_in_the_next_answer(meadow: Meadow) -> None:
    meadow.open()
    summary = make_frame_set(10).summary() | {"annotations": Annotations(context="shop").as_map()}
    meadow.index.enqueue(Publication(Topic.SET, "meadow", 1, {"frame_set": summary}))
    meadow.hear(0, 1, scene="cellar")
    assert meadow.numbers(values={"context": "shop"}) == [10]
    assert meadow.numbers(values={"scene": "cellar"}) == [0, 1]
    assert meadow.index.sets("meadow", SetFilter(first=10), 5)[0]["timestamp"] == summary["timestamp"]


def test_a_publication_that_is_not_as_the_law_says_costs_only_itself(meadow: Meadow) -> None:
    meadow.open()
    odd: list[dict[str, Any]] = [
        {},
        {"frame_set": None},
        {"frame_set": make_frame_set(11).summary() | {"timestamp": 2**63}},
        {"frame_set": make_frame_set(12).summary() | {"annotations": {"tags": 7}}},
        {"labels": [{"frame_set_id": 2**70, "annotations": {}}]},
    ]
    meadow.hear(0, context="before")
    for body in odd:
        meadow.index.enqueue(Publication(Topic.SET if "frame_set" in body else Topic.LABELS, "meadow", 1, body))
    meadow.hear(1, context="behind")
    assert meadow.numbers(values={"context": "before"}) == [0]
    assert meadow.numbers(values={"context": "behind"}) == [1]


def test_what_was_noted_is_kept_though_the_next_question_fails(meadow: Meadow) -> None:
    meadow.open()
    meadow.hear(0, context="shop")
    with pytest.raises(QueryError):
        meadow.numbers(values={"mood": "x"})
    with pytest.raises(sqlite3.OperationalError), meadow.index._connection() as database:
        database.execute("SELECT nonsense FROM nowhere")
    assert meadow.numbers(values={"context": "shop"}) == [0]


def test_it_survives_a_restart_and_finds_what_happened_meanwhile(meadow: Meadow) -> None:
    meadow.write(1, context="battle")
    meadow.open()
    meadow.index.close()
    meadow.write(1, context="shop")
    meadow.session.record(make_frame_set(10))
    shutil.rmtree(meadow.session.folder.frame_set(0))
    meadow.index = Index(meadow.data_folder)
    assert meadow.open()["labels"]["context"] == [[1, 1, "shop"]]
    assert meadow.numbers() == list(range(1, 11))


def test_a_session_may_be_read_a_little_at_a_time(meadow: Meadow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.archive.index._SLICE", 2)
    for number in (2, 3, 8):
        meadow.write(number, context="battle")
    index = meadow.index
    assert index.compare("meadow") == index.unread("meadow") == 10 + 10
    assert index.snapshot("meadow")["labels"]["context"] == []
    assert index.read_some("meadow") == 8
    assert index.snapshot("meadow")["labels"]["context"] == [[8, 8, "battle"]]
    assert [index.read_labels("meadow") for _ in range(5)] == [6, 4, 2, 0, 0]
    assert index.snapshot("meadow")["labels"]["context"] == [[2, 3, "battle"], [8, 8, "battle"]]
    assert index.read_some("meadow") == index.compare("meadow") == 8
    assert index.snapshot("meadow")["flawed"] == []
    while index.learn_facts("meadow"):
        pass
    assert index.snapshot("meadow")["flawed"] == [[4, 4]]
    assert index.unread("meadow") == 0


def test_frame_sets_are_listed_as_they_are_on_disk(meadow: Meadow) -> None:
    assert meadow.index.frame_sets("meadow") == list(range(10))
    shutil.rmtree(meadow.session.folder.frame_set(0))
    assert meadow.index.frame_sets("meadow") == list(range(1, 10))
    assert meadow.index.unread("meadow") == 20, "compared once"


def test_what_is_published_before_the_folder_is_listed_is_not_forgotten(meadow: Meadow) -> None:
    meadow.session.record(make_frame_set(10))
    meadow.index.enqueue(Publication(Topic.SET, "meadow", 1, {"frame_set": make_frame_set(10).summary()}))
    assert meadow.index.frame_sets("meadow") == meadow.numbers() == list(range(11))


def test_what_is_listed_is_read_if_need_be(meadow: Meadow) -> None:
    meadow.index.open_session("meadow")
    summary = make_frame_set(3).summary()
    [row] = meadow.index.sets("meadow", SetFilter(first=3), 1)
    assert (row["timestamp"], row["change_counts"]) == (summary["timestamp"], summary["change_counts"])


def test_the_last_seconds_are_read_if_need_be(meadow: Meadow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.archive.index._SLICE", 1)
    meadow.index.open_session("meadow")
    assert meadow.index.last_seconds("meadow", 8, 0.25) == (6, 8)
    assert meadow.index.unread("meadow") == 5, "no more than need be"


def test_after_a_doubt_the_folders_are_believed(meadow: Meadow) -> None:
    meadow.open()
    meadow.write(5, context="battle")
    assert meadow.open()["labels"]["context"] == []
    meadow.index.invalidate()
    assert meadow.open()["labels"]["context"] == [[5, 5, "battle"]]


@pytest.mark.parametrize("rubbish", [b"not a database", b"SQLite format 3\0" + bytes(200)])
def test_a_damaged_index_is_made_anew(meadow: Meadow, rubbish: bytes) -> None:
    (meadow.data_folder / INDEX_FILE).write_bytes(rubbish)
    meadow.write(3, context="battle")
    assert meadow.open()["labels"]["context"] == [[3, 3, "battle"]]


def test_an_index_of_another_version_is_made_anew(meadow: Meadow) -> None:
    database = sqlite3.connect(meadow.data_folder / INDEX_FILE)
    database.executescript("CREATE TABLE sets (old TEXT); PRAGMA user_version = 99;")
    database.close()
    assert len(meadow.open()["labels"]) == 8


def test_labels_that_cannot_be_read_are_reported(meadow: Meadow) -> None:
    meadow.session.folder.annotations(6).write_bytes(b'{"context": 7}')
    meadow.session.folder.annotations(7).write_bytes(b"{")
    (_, odd), (_, unreadable) = meadow.open()["damaged"]
    assert odd == "Context is a number and not a text."
    assert unreadable.startswith("annotations.json is not JSON")
    assert unreadable.endswith("set aside as soon as you label this set.")


def test_counts_follow_labels_and_folders(meadow: Meadow) -> None:
    meadow.write(2, context="battle", tags=("boss",))
    meadow.open()

    def looked_at() -> dict[str, int]:
        counts = {status: len(meadow.numbers(status=status)) for status in ("complete", "partial", "unlabelled")}
        return {"total": len(meadow.numbers()), **counts}

    assert meadow.index.progress("meadow") == looked_at() == {"total": 10, "complete": 0, "partial": 1, "unlabelled": 9}
    meadow.hear(2, 3, context="shop", complete=True)
    meadow.hear(4)
    summary = make_frame_set(10).summary() | {"annotations": Annotations(scene="cellar").as_map()}
    meadow.index.enqueue(Publication(Topic.SET, "meadow", 1, {"frame_set": summary}))
    assert meadow.index.progress("meadow") == looked_at() == {"total": 11, "complete": 2, "partial": 1, "unlabelled": 8}
    assert meadow.index.values("meadow")["context"] == meadow.index.values()["context"] == ["shop"]
    assert (meadow.index.values()["scene"], meadow.index.values()["tags"]) == (["cellar"], [])
    shutil.rmtree(meadow.session.folder.frame_set(3))
    meadow.session.record(make_frame_set(10))
    meadow.session.record(make_frame_set(12))
    meadow.index.invalidate()
    meadow.open()
    assert meadow.index.progress("meadow") == looked_at()
    assert meadow.index.values("nowhere") == {name: [] for name in (*TEXT_FIELDS, "tags")}


def test_counts_need_no_look_at_every_set(meadow: Meadow) -> None:
    meadow.write(2, context="battle")
    meadow.open()
    before = meadow.index.progress("meadow"), meadow.index.values(), meadow.index.values("meadow")
    asked: list[str] = []
    with meadow.index._connection() as database:
        database.set_trace_callback(asked.append)
    assert (meadow.index.progress("meadow"), meadow.index.values(), meadow.index.values("meadow")) == before
    assert [query for query in asked if "SELECT" in query and "MIN(session)" not in query] == []


def test_filters(meadow: Meadow) -> None:
    meadow.open()
    meadow.hear(0, 1, context="battle", complete=True)
    meadow.hear(2, context="battle", tags=("boss", "50%"))
    meadow.hear(3, description="Slipped on 100_000 leaves")
    assert meadow.numbers(status="complete") == [0, 1]
    assert meadow.numbers(status="partial") == [2, 3]
    assert meadow.numbers(status="unlabelled") == [4, 5, 6, 7, 8, 9]
    assert meadow.numbers(values={"context": "battle"}, first=1) == [1, 2]
    assert meadow.numbers(values={"context": ""}, last=5) == [3, 4, 5]
    assert meadow.numbers(values={"tags": "boss"}) == [2]
    assert meadow.numbers(text="LEAVES") == [3]
    assert (meadow.numbers(text="50%"), meadow.numbers(text="0_0"), meadow.numbers(text="%_")) == ([2], [3], [])
    assert meadow.numbers(numbers=(8, 2, 77)) == [2, 8]
    assert meadow.index.progress("meadow") == {"total": 10, "complete": 2, "partial": 2, "unlabelled": 6}
    assert meadow.index.values()["context"] == ["battle"]
    assert meadow.index.values("elsewhere")["context"] == []
    assert sorted(meadow.index.values("meadow")["tags"]) == ["50%", "boss"]


def test_the_last_seconds_are_those_of_the_clock(meadow: Meadow) -> None:
    meadow.open()
    assert meadow.index.last_seconds("meadow", 9, 0.25) == (7, 9)
    assert meadow.index.last_seconds("meadow", 9, 0) == (9, 9)
    assert meadow.index.last_seconds("meadow", 9, 3600) == (0, 9)
    assert meadow.index.last_seconds("meadow", 77, 5) == (77, 77)


def test_a_session_that_is_not_there(meadow: Meadow) -> None:
    with pytest.raises(MissingError, match=r"There is no session gone\."):
        meadow.index.open_session("gone")
    with pytest.raises(LayoutError):
        meadow.index.open_session("../meadow")


def test_statistics_are_counted_a_few_sets_at_a_time_and_kept(meadow: Meadow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.archive.index._COUNTED_AT_ONCE", 4)
    meadow.write(2, context="battle", tags=("boss",), complete=True)
    meadow.index.open_session("meadow")
    assert list(meadow.index.counted("meadow")) == []
    assert meadow.index.count_some("meadow") == 6
    meadow.open()
    assert [counts.frame_set_id for counts, _ in meadow.index.counted("meadow")] == [0, 1, 2, 3]
    assert [meadow.index.count_some("meadow") for _ in range(3)] == [2, 0, 0]
    counted = list(meadow.index.counted("meadow"))
    assert [counts for counts, _ in counted] == [
        SetCounts.of(make_frame_set(number, ("cut short",) if number == 4 else ())) for number in range(10)
    ]
    assert counted[2][1] == Annotations(context="battle", tags=("boss",), complete=True)


def test_a_set_that_cannot_be_read_is_counted_as_empty(meadow: Meadow) -> None:
    meadow.session.folder.event(3).write_bytes(b"{")
    meadow.open()
    assert meadow.index.count_some("meadow") == 0
    counts, _ = list(meadow.index.counted("meadow"))[3]
    assert (counts.frames, counts.changes, counts.time) == (0, {}, None)
