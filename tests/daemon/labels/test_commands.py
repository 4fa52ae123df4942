"""What a label command says."""

from typing import Any

import pytest

from daemon.labels.commands import MAX_NAME, parts_of, signature_of, values_of
from protocol.errors import LabelError
from protocol.session.annotations import Annotations


def test_who_gives_a_command() -> None:
    signature = signature_of({"session": "run", "who": " ann ", "origin": "p" * 99, "command_id": "c1"})
    assert (signature.session, signature.who, signature.command_id) == ("run", "ann", "c1")
    assert len(signature.origin) == MAX_NAME
    assert signature_of({}).command_id == ""


@pytest.mark.parametrize("name", ["session", "who", "origin", "command_id"])
def test_a_name_is_a_text(name: str) -> None:
    with pytest.raises(LabelError, match="as texts"):
        signature_of({name: 7})


def test_a_command_is_its_own_only_part() -> None:
    [part] = parts_of({"session": "run", "frame_sets": [3, 1, 3], "labels": {"context": "shop"}, "add_tags": ["x"]})
    assert list(part.named) == list(part.listed) == [3, 1]
    assert part.applied(Annotations(tags=("y",))) == Annotations(context="shop", tags=("y", "x"))


def test_parts_each_name_their_sets() -> None:
    parts = parts_of({"parts": [{"first": 0, "last": 2}, {"first": 4, "last": 2**70, "remove_tags": ["y"]}]})
    assert [part.named for part in parts] == [range(3), range(4, 2**32)]
    assert [list(part.listed) for part in parts] == [[], []]
    assert parts[1].applied(Annotations(tags=("y", "z"))).tags == ("z",)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "names its frame sets"),
        ({"frame_sets": [True]}, "names its frame sets"),
        ({"frame_sets": [-1]}, "names its frame sets"),
        ({"frame_sets": [2**32]}, "names its frame sets"),
        ({"parts": []}, "list of maps"),
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
