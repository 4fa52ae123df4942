"""Edits of taken suggestions and moved ends."""

from typing import Any

import pytest

from daemon.suggesting.label_edits import LabelEdits, parse_snap, parse_take, snap_edits, take_edits
from protocol.errors import AnalysisError, LabelError
from protocol.session.annotations import Annotations

ANSWER: dict[str, Any] = {
    "field": "context",
    "suggestions": [
        {"first": 10, "last": 19, "value": "battle", "confidence": 0.9, "reason": "byte = 12"},
        {"first": 30, "last": 39, "value": "battle", "confidence": 0.9, "reason": "byte = 12"},
        {"first": 50, "last": 50, "value": "shop", "confidence": 0.9, "reason": "byte = 3"},
    ],
    "disagreements": [{"first": 60, "last": 69, "label": "shop", "value": "battle", "reason": "byte = 12 too"}],
}


def after(edits: LabelEdits, number: int, context: str = "") -> str:
    """Return the context of a frame set after all parts."""
    labels = Annotations(context=context)
    for part in edits.parts:
        if any(number in each for each in part.ranges):
            labels = part.applied(labels)
    return labels.context


def test_all_suggestions_are_taken_and_no_label_is_replaced() -> None:
    edits = take_edits(ANSWER, None)
    assert [after(edits, number) for number in (9, 10, 19, 20)] == ["", "battle", "battle", ""]
    assert [after(edits, number) for number in (35, 50)] == ["battle", "shop"]
    assert after(edits, 12, "dialogue") == "dialogue"
    assert after(edits, 60, "shop") == "shop"
    assert edits.reason == "byte = 12; byte = 3"


def test_ranges_limit_what_is_taken_and_reach_contradicted_labels() -> None:
    edits = take_edits(ANSWER, [range(15, 33), range(60, 65)])
    assert [after(edits, number) for number in (14, 15, 32, 33, 50)] == ["", "battle", "battle", "", ""]
    assert [after(edits, number, "shop") for number in (60, 64, 65)] == ["battle", "battle", "shop"]
    assert after(edits, 60, "dialogue") == "dialogue"


def test_ends_move_only_what_is_still_labelled_as_it_was() -> None:
    moves = [{"first": 5, "last": 8, "label": "shop", "value": "battle", "reason": "byte changes"}]
    edits = snap_edits({"field": "context", "moves": moves})
    assert (after(edits, 5, "shop"), after(edits, 5, "dialogue")) == ("battle", "dialogue")
    assert snap_edits({"field": "context", "moves": []}).parts == ()


def test_commands_are_read() -> None:
    given = {"session": "run", "who": "ann", "field": "scene"}
    assert parse_take(given)[1:] == ("scene", None)
    assert parse_take({**given, "ranges": [[3, 5], [4, 9]]})[1:] == ("scene", [range(3, 10)])
    assert parse_snap({**given, "numbers": [7, 7, 9]})[1:] == ("scene", [7, 9])
    assert parse_snap({**given, "all": True})[1:] == ("scene", None)


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"field": "tags"}, AnalysisError, "No labels are suggested for 'tags'"),
        ({}, AnalysisError, "No labels are suggested for ''"),
        ({"field": "context", "ranges": [3]}, LabelError, "whole numbers"),
        ({"field": "context", "colour": 3}, LabelError, "has no 'colour'"),
    ],
)
def test_commands_that_mean_nothing_are_refused(given: dict[str, Any], error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        parse_take({"session": "run", **given})


def test_an_end_is_named_in_one_way() -> None:
    for given in ({}, {"numbers": [3], "all": True}, {"all": False}):
        with pytest.raises(LabelError, match="`snap` names frame sets"):
            parse_snap({"session": "run", "field": "context", **given})
