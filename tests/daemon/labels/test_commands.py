"""Label commands, read and checked."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.labels.commands import (
    LABEL_ARGUMENTS,
    MAX_NAME,
    UNDO_ARGUMENTS,
    merged,
    parse_header,
    parse_parts,
    parse_values,
)
from protocol.errors import LabelError
from protocol.session.annotations import Annotations


def test_who_gives_a_command() -> None:
    header = parse_header({"session": "run", "who": " ann ", "origin": "p" * 99, "command_id": "c1"}, UNDO_ARGUMENTS)
    assert (header.session, header.who, header.command_id) == ("run", "ann", "c1")
    assert len(header.origin) == MAX_NAME
    assert parse_header({}, UNDO_ARGUMENTS).command_id == ""


@pytest.mark.parametrize("name", ["session", "who", "origin", "command_id"])
def test_a_name_is_a_text(name: str) -> None:
    with pytest.raises(LabelError, match="as texts"):
        parse_header({name: 7}, UNDO_ARGUMENTS)


def test_an_argument_too_many_is_refused() -> None:
    with pytest.raises(LabelError, match="no 'labels' here; it may have at_most, command_id, origin, session, who"):
        parse_header({"session": "run", "labels": {}}, UNDO_ARGUMENTS)
    with pytest.raises(LabelError, match="no 'colour' here"):
        parse_header({"session": "run", "colour": "red"}, LABEL_ARGUMENTS)


def test_a_command_is_its_own_only_part() -> None:
    [part] = parse_parts({"session": "run", "frame_sets": [3, 1, 3], "labels": {"context": "shop"}, "add_tags": ["x"]})
    assert (part.listed, part.ranges) == ([3, 1], [])
    assert part.applied(Annotations(tags=("y",))) == Annotations(context="shop", tags=("y", "x"))


def test_parts_each_name_their_sets() -> None:
    ranges = [{"ranges": [[7, 9], [0, 2], [3, 5]]}, {"first": 4, "last": 2**70, "remove_tags": ["y"]}]
    parts = parse_parts({"parts": ranges})
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
        ({"parts": [{"frame_sets": [1]}], "labels": {"context": "x"}}, "names labels and frame sets in them alone"),
        ({"parts": [{"frame_sets": [1], "who": "ann"}]}, "no 'who' here"),
        ({"parts": [7]}, "list of maps"),
        ({"parts": "all"}, "list of maps"),
        ({"parts": [{"first": 1}]}, "names its frame sets"),
        ({"first": 1, "last": 2, "labels": []}, "'labels' is a map"),
        ({"first": 1, "last": 2, "labels": {"mood": "x"}}, "no label field"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(LabelError, match=sentence):
        parse_parts(arguments)


def test_values_are_checked() -> None:
    assert parse_values({"labels": {"tags": ["a", "a"]}}) == {"tags": ("a",)}
    with pytest.raises(LabelError):
        parse_values({"labels": {"complete": "yes"}})


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_merged_ranges_name_the_same_numbers(ends: list[tuple[int, int]]) -> None:
    ranges = [range(*pair) for pair in ends]
    together = merged(ranges)
    assert [number for each in together for number in each] == sorted({number for each in ranges for number in each})
    assert all(before.stop < after.start for before, after in pairwise(together))


def test_a_part_leaves_alone_what_has_not_the_values_that_it_names() -> None:
    [part] = parse_parts({"first": 0, "last": 9, "where": {"context": "overw"}, "labels": {"context": "overworld"}})
    assert part.applied(Annotations(context="overw")) == Annotations(context="overworld")
    assert part.applied(Annotations(context="shop")) == Annotations(context="shop")
    merged_tag = {"where": {"tags": ["nigth"]}, "remove_tags": ["nigth"], "add_tags": ["night"]}
    [part] = parse_parts({"first": 0, "last": 9, **merged_tag})
    assert part.applied(Annotations(tags=("rain", "nigth"))) == Annotations(tags=("rain", "night"))
    assert part.applied(Annotations(tags=("rain",))) == Annotations(tags=("rain",))
