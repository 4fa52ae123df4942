from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.exporting.split import (
    ALL,
    GAP,
    SPLITS,
    SplitBy,
    SplitPlan,
    empty_splits,
    split_blocks,
    split_sessions,
    split_sets,
)
from protocol.errors import ExportError


def test_without_a_plan_everything_is_one_split() -> None:
    assert split_sets(SplitPlan(), {"a": [0, 1, 5]})["a"].tolist() == [ALL] * 3


def test_a_session_is_never_torn_apart() -> None:
    plan = SplitPlan(by=SplitBy.SESSION)
    sessions = {name: list(range(size)) for name, size in zip("abcdefghij", range(10, 20), strict=True)}
    splits = split_sets(plan, sessions)
    assert all(len(set(of_session.tolist())) == 1 for of_session in splits.values())
    assert {str(of_session[0]) for of_session in splits.values()} == set(SPLITS)


def test_most_frame_sets_are_for_training() -> None:
    taken = split_sessions(SplitPlan(by=SplitBy.SESSION), {f"session-{n}": 100 for n in range(20)})
    assert sum(split == "train" for split in taken.values()) == 16


def test_a_split_without_a_share_gets_nothing() -> None:
    taken = split_sessions(SplitPlan(by=SplitBy.SESSION, shares=(0.5, 0.0, 0.5)), {"a": 5, "b": 5, "c": 5})
    assert set(taken.values()) == {"train", "test"}


@given(st.integers(0, 3000), st.integers(0, 10), st.integers(20, 300), st.integers(0, 19), st.integers(0, 99))
def test_no_frame_set_has_a_neighbour_in_another_split(count: int, lost: int, block: int, gap: int, seed: int) -> None:
    numbers = [n for n in range(count) if not lost or n % 50 >= lost]
    splits = split_blocks(SplitPlan(by=SplitBy.BLOCK, block=block, gap=gap, seed=seed), numbers)
    kept = [(n, split) for n, split in zip(numbers, splits.tolist(), strict=True) if split != GAP]
    for (before, split), (after, other) in pairwise(kept):
        assert split == other or after - before > gap


def test_blocks_are_dealt_by_their_shares() -> None:
    splits = split_blocks(SplitPlan(by=SplitBy.BLOCK, block=100, gap=10), range(10_000))
    assert 7000 < np.count_nonzero(splits == "train") <= 8000
    assert all(np.count_nonzero(splits == name) >= 900 for name in ("validation", "test"))


def test_many_short_sessions_together_come_to_the_shares() -> None:
    splits = split_sets(SplitPlan(by=SplitBy.BLOCK), {f"session-{n}": range(2000) for n in range(40)})
    dealt = Counter(str(name) for of_session in splits.values() for name in of_session)
    assert [round(dealt[name] / dealt.total(), 1) for name in SPLITS] == [0.8, 0.1, 0.1]


def test_splits_that_got_nothing_are_known() -> None:
    by_block = SplitPlan(by=SplitBy.BLOCK)
    assert empty_splits(by_block, [split_blocks(by_block, range(100))]) == ["validation", "test"]
    alone = SplitPlan(by=SplitBy.SESSION, shares=(0.5, 0.5, 0.0))
    assert empty_splits(alone, split_sets(alone, {"a": range(9)}).values()) == ["validation"]
    assert empty_splits(SplitPlan(), split_sets(SplitPlan(), {"a": range(9)}).values()) == []


def test_a_seed_deals_the_same_way_each_time() -> None:
    def deal(seed: int) -> list[str]:
        return [str(name) for name in split_blocks(SplitPlan(by=SplitBy.BLOCK, block=50, seed=seed), range(5000))]

    assert deal(1) == deal(1)
    assert deal(1) != deal(2)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ({"shares": (0.5, 0.1, 0.1)}, "add up to 1, not to 0.7"),
        ({"shares": (1.2, -0.1, -0.1)}, "add up to 1"),
        ({"shares": (float("nan"), 0.5, 0.5)}, "add up to 1, not to nan"),
        ({"block": 20, "gap": 20}, "no room for a gap of 20"),
    ],
)
def test_an_impossible_plan_is_refused(plan: dict[str, object], told: str) -> None:
    with pytest.raises(ExportError, match=told):
        SplitPlan(**plan)  # type: ignore[arg-type]
