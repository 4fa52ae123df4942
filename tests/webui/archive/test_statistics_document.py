"""A session's statistics as the page gets them."""

import pytest

from protocol.session.annotations import Annotations
from protocol.session.statistics import SetCounts
from webui.archive.statistics_document import PARTS, statistics_document


def counts(number: int, changes: int = 3, idle: int = 5) -> SetCounts:
    return SetCounts(number, 80 * number, 5, idle, {"A": 5 - idle} if idle < 5 else {}, False, {"iwram": changes})


def test_a_short_session() -> None:
    told = statistics_document(
        [(counts(4), Annotations(context="shop")), (counts(6, 7, 2), Annotations(context="shop", complete=True))], 9
    )
    assert {name: told[name] for name in ("frame_sets", "left", "frames", "idle_share", "labelled", "complete")} == {
        "frame_sets": 2,
        "left": 9,
        "frames": 10,
        "idle_share": 0.7,
        "labelled": 2,
        "complete": 1,
    }
    assert told["labels"]["context"] == [{"value": "shop", "frame_sets": 2}]
    assert told["held"] == [{"button": "A", "frames": 3}]
    assert told["changes"] == {"iwram": 10}
    assert told["over_time"] == {
        "first": 4,
        "step": 1,
        "frame_sets": [1, 0, 1],
        "idle_share": [1, 0, 0.4],
        "changes": {"iwram": [3, 0, 7]},
    }


def test_a_session_without_frame_sets() -> None:
    told = statistics_document([], 0)
    assert (told["frame_sets"], told["idle_share"], told["over_time"]["changes"]) == (0, 0, {})


@pytest.mark.parametrize(("length", "step"), [(120, 1), (121, 2), (3_000, 30), (50_000, 720), (500_000, 4167)])
def test_a_long_session_has_few_parts(length: int, step: int) -> None:
    over_time = statistics_document(((counts(number), Annotations()) for number in (0, length - 1)), 0)["over_time"]
    assert over_time["step"] == step
    assert length / step <= len(over_time["frame_sets"]) <= PARTS
    assert over_time["changes"]["iwram"][-1] == 3
