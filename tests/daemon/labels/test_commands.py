"""Label commands, read and checked."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.labels.commands import LABEL, MAX_NAME, TURN, merged, parts_of, signature_of, values_of
from protocol.errors import LabelError
from protocol.session.annotations import Annotations


def test_who_gives_a_command() -> None:
    signature = signature_of({"session": "run", "who": " ann ", "origin": "p" * 99, "command_id": "c1"}, TURN)
    assert (signature.session, signature.who, signature.command_id) == ("run", "ann", "c1")
    assert len(signature.origin) == MAX_NAME
    assert signature_of({}, TURN).command_id == ""


@pytest.mark.parametrize("name", ["session", "who", "origin", "command_id"])
def test_a_name_is_a_text(name: str) -> None:
    with pytest.raises(LabelError, match="as texts"):
        signature_of({name: 7}, TURN)


def test_an_argument_too_many_is_refused() -> None:
    with pytest.raises(LabelError, match="no 'labels' here; it may have command_id, origin, session, who"):
        signature_of({"session": "run", "labels": {}}, TURN)
    with pytest.raises(LabelError, match="no 'colour' here"):
        signature_of({"session": "run", "colour": "red"}, LABEL)


def test_a_command_is_its_own_only_part() -> None:
    [part] = parts_of({"session": "run", "frame_sets": [3, 1, 3], "labels": {"context": "shop"}, "add_tags": ["x"]})
    assert (part.listed, part.ranges) == ([3, 1], [])
    assert part.applied(Annotations(tags=("y",))) == Annotations(context="shop", tags=("y", "x"))


def test_parts_each_name_their_sets() -> None:
    ranges = [{"ranges": [[7, 9], [0, 2], [3, 5]]}, {"first": 4, "last": 2**70, "remove_tags": ["y"]}]
    parts = parts_of({"parts": ranges})
    assert [part.ranges for part in parts] == [[range(6), range(7, 10)], [range(4, 2**32)]]
    assert [list(part.listed) for part in parts] == [[], []]
    assert parts[1].applied(Annotations(tags=("y", "z"))).tags == ("z",)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "names its frame sets"),
        ({"frame_sets": [True]}, "names its frame sets"),
        ({"frame_sets": [-1]}, "names its frame sets"),
        ({"frame_sets": [2**32]}, "names its frame sets"),
        ({"frame_sets": []}, "names its frame sets"),
        ({"frame_sets": [1], "first": 0, "last": 3}, "names its frame sets"),
        ({"ranges": []}, "names its frame sets"),
        ({"ranges": [[1]]}, "names its frame sets"),
        ({"ranges": [[1, 2.5]]}, "names its frame sets"),
        ({"ranges": [[-1, 2]]}, "numbered from 0, there is none -1"),
        ({"parts": []}, "1 to 64 parts"),
        ({"parts": [{"frame_sets": [1]}] * 65}, "1 to 64 parts"),
        ({"parts": [{"frame_sets": [1]}], "labels": {"context": "x"}}, "says what it gives in them alone"),
        ({"parts": [{"frame_sets": [1], "who": "ann"}]}, "no 'who' here"),
        ({"parts": [7]}, "list of maps"),
        ({"parts": "all"}, "list of maps"),
        ({"parts": [{"first": 1}]}, "names its frame sets"),
        ({"first": 1, "last": 2, "labels": []}, "labels are a map"),
        ({"first": 1, "last": 2, "labels": {"mood": "x"}}, "no label field"),
    ],
)
def test_what_can_not_be_meant_is_said(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(LabelError, match=sentence):
        parts_of(arguments)


def test_values_are_checked() -> None:
    assert values_of({"labels": {"tags": ["a", "a"]}}) == {"tags": ("a",)}
    with pytest.raises(LabelError):
        values_of({"labels": {"complete": "yes"}})


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_merged_ranges_name_the_same_numbers(ends: list[tuple[int, int]]) -> None:
    ranges = [range(*pair) for pair in ends]
    together = merged(ranges)
    assert [number for each in together for number in each] == sorted({number for each in ranges for number in each})
    assert all(before.stop < after.start for before, after in pairwise(together))
