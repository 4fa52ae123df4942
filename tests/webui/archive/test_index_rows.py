from dataclasses import replace

import pytest

from protocol.session.annotations import FIELD_NAMES
from protocol.session.event_document import count_changes, event_ends
from protocol.session.event_json import event_json
from protocol.session.statistics import SetCounts
from tests.fakes.bus_daemon import make_frame_set
from tests.fakes.original_session import converter_event
from webui.archive.index_rows import (
    SetFilter,
    facts_of_event,
    facts_of_summary,
    join_runs,
    ranges_of,
    values_by_field,
)
from webui.errors import QueryError


@pytest.mark.parametrize("flaws", [(), ("cut short", "no screenshot")])
def test_the_facts_of_a_file_are_those_of_the_bus(flaws: tuple[str, ...]) -> None:
    frame_set = make_frame_set(3, flaws)
    counts = SetCounts.of(frame_set)
    held = (counts.frames, counts.idle_frames, counts.held)
    told = replace(facts_of_summary(frame_set.summary()), held=held)
    assert facts_of_event(*count_changes(event_json(frame_set))) == told


@pytest.mark.parametrize("flaws", [(), ('a ,"whole":true of a quote',)])
def test_both_ends_of_a_file_hold_all_facts_but_its_changes(flaws: tuple[str, ...]) -> None:
    frame_set = make_frame_set(3, flaws)
    data = event_json(frame_set)
    document = event_ends(data[:1024], data[-512:])
    assert document is not None
    assert facts_of_event(document) == replace(facts_of_summary(frame_set.summary()), change_counts=None)


def test_a_file_of_the_original_has_no_flaws() -> None:
    original = {"timestamp": 5, "pc": "000001F8", "frames_in_set": [8, 9]}
    facts = facts_of_event({**original, "current_keys": []}, {"iwram": 1})
    assert (facts.time, facts.frames, facts.flaws, facts.change_counts) == (5, (8, 9), (), {"iwram": 1})
    assert facts.held == (2, 2, {})
    said_once = facts_of_event({**original, "current_keys": ["A+Up"]}, {})
    assert said_once.held == (2, 0, {"A": 2, "Up": 2})
    of_each = facts_of_event(converter_event(1), {})
    assert of_each.held == (4, 0, {"Start": 3, "A": 1, "Right": 1})


def test_equal_neighbours_make_a_run_and_empty_values_none() -> None:
    values = [(0, 0, "a"), (1, 2, "a"), (4, 4, "a"), (5, 7, "b"), (8, 8, ""), (9, 9, "b")]
    assert join_runs(values) == [[0, 2, "a"], [4, 4, "a"], [5, 7, "b"], [9, 9, "b"]]


def test_numbers_become_ranges() -> None:
    assert ranges_of([]) == []
    assert ranges_of([7]) == [[7, 7]]
    assert ranges_of([0, 3, 4, 5, 9]) == [[0, 0], [3, 5], [9, 9]]


def test_labels_become_runs_of_each_field() -> None:
    def row(number: int, context: str, tags: str, complete: int) -> tuple[object, ...]:
        given = {**dict.fromkeys(FIELD_NAMES, ""), "context": context, "tags": tags, "complete": complete}
        return (number, *given.values())

    fight, rest = ("battle", '["boss"]', 0), ("battle", "[]", 1)
    runs = values_by_field([row(0, *fight), row(1, *fight), row(2, *rest), row(4, *rest), row(5, "", "[]", 0)])
    assert runs["context"] == [[0, 2, "battle"], [4, 4, "battle"]]
    assert runs["tags"] == [[0, 1, ["boss"]]]
    assert runs["complete"] == [[2, 2, True], [4, 4, True]]
    assert runs["scene"] == []


@pytest.mark.parametrize("wanted", [SetFilter("half"), SetFilter(values={"1=1; --": "x"})])
def test_a_filter_that_means_nothing_is_refused(wanted: SetFilter) -> None:
    with pytest.raises(QueryError):
        wanted.condition()
