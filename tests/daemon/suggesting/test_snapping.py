"""Snapping: ends of labels that came late move to the change that they meant, and to nothing beyond."""

from itertools import pairwise

import numpy as np
import pytest

from daemon.suggesting.label_model import LabelModel, fit_model
from daemon.suggesting.snapping import Snap, find_snaps, label_moves, snapped, surprise
from tests.daemon.suggesting.played import play, typed_live

SETS = 4_320
NOTHING_TELLS = LabelModel((), (), "")


def apart(begins: list[tuple[int, int]], labels: list[str]) -> list[tuple[int, int]]:
    """Return the labels that were typed before the next thing happened."""
    return [
        (typed, meant)
        for (before, _), (typed, meant) in pairwise(begins)
        if before < meant and typed < len(labels) and labels[typed] != labels[typed - 1]
        if not any(meant < other <= typed for _, other in begins)
    ]


def share_near(seeds: range, *, by_state: bool) -> tuple[float, int]:
    """Return how many ends are within 0.25 s (three sets) of what was meant, and how many there are."""
    played = play(SETS)
    near = []
    for seed in seeds:
        labels, begins = typed_live(played.truth, seed)
        model = fit_model(played.history, labels) if by_state else NOTHING_TELLS
        moved = {snap.before: snap.after for snap in find_snaps(played.history, labels, model)}
        near += [abs(moved.get(typed, typed) - meant) <= 3 for typed, meant in apart(begins, labels)]
    return sum(near) / len(near), len(near)


def test_ends_of_late_labels_of_which_one_in_ten_is_wrong() -> None:
    share, count = share_near(range(4), by_state=True)
    assert count >= 200
    assert share >= 0.93


def test_rare_words_tell_where_no_byte_does() -> None:
    share, _ = share_near(range(2), by_state=False)
    assert share >= 0.6


@pytest.mark.parametrize("by_state", [True, False])
def test_no_end_moves_far_nor_past_a_neighbour(*, by_state: bool) -> None:
    played = play(SETS)
    labels, _ = typed_live(played.truth, 5)
    labels[100:140] = [""] * 40
    model = fit_model(played.history, labels) if by_state else NOTHING_TELLS
    snaps = find_snaps(played.history, labels, model)
    assert snaps
    for snap in snaps:
        assert 0 < abs(snap.after - snap.before) <= 1.2 * 59.7275 / 5
    after = snapped(labels, snaps)
    moves = label_moves(labels, snaps, range(SETS))
    for one, other in pairwise(moves):
        assert one["last"] < other["first"]
    moved = list(labels)
    for move in moves:
        places = slice(move["first"], move["last"] + 1)
        assert set(labels[places]) == {move["label"]}
        moved[places] = [move["value"]] * len(moved[places])
    assert moved == after
    order = [value for value, before in zip(labels, ["\0", *labels], strict=False) if value != before]
    assert [value for value, before in zip(after, ["\0", *after], strict=False) if value != before] == order


def test_a_short_run_that_is_late_at_both_ends_moves_as_a_whole() -> None:
    played = play(SETS)
    truth = played.truth
    begins = [place for place in range(1, SETS) if truth[place] != truth[place - 1]]
    start, end = next(
        (one, other)
        for one, other in pairwise(begins)
        if other - one <= 9 and truth[one] != "transition" and len(set(truth[other : other + 12])) == 1
    )
    labels = list(truth)
    labels[start : start + 9] = [truth[start - 1]] * 9
    labels[start + 9 : end + 9] = [truth[start]] * (end - start)
    snaps = find_snaps(played.history, labels, fit_model(played.history, truth))
    moved = {snap.before: snap.after for snap in snaps}
    assert abs(moved[start + 9] - start) <= 1
    assert abs(moved[end + 9] - end) <= 1


def test_moves_say_what_each_frame_set_had_and_gets() -> None:
    labels = ["a"] * 6 + ["b"] * 3 + ["c"] * 3
    snaps = [Snap(6, 2, "a", "b", "early"), Snap(9, 5, "b", "c", "late")]
    assert snapped(labels, snaps) == ["a"] * 2 + ["b"] * 3 + ["c"] * 7
    assert label_moves(labels, snaps, range(100, 112)) == [
        {"first": 102, "last": 104, "label": "a", "value": "b", "reason": "early"},
        {"first": 105, "last": 105, "label": "a", "value": "c", "reason": "late"},
        {"first": 106, "last": 108, "label": "b", "value": "c", "reason": "late"},
    ]


def test_only_the_ends_of_chosen_runs_move() -> None:
    played = play(SETS)
    labels, _ = typed_live(played.truth, 1)
    model = fit_model(played.history, labels)
    every = find_snaps(played.history, labels, model)
    chosen = find_snaps(played.history, labels, model, [every[3].before + 1])
    assert 1 <= len(chosen) <= 2
    assert every[3] in chosen
    assert find_snaps(played.history, labels, model, []) == []


def test_exact_labels_stay() -> None:
    played = play(SETS)
    labels = list(played.truth)
    snaps = find_snaps(played.history, labels, fit_model(played.history, labels))
    ends = sum(one != other for one, other in pairwise(labels))
    assert len(snaps) <= 0.05 * ends


def test_a_change_of_scene_surprises() -> None:
    played = play(SETS)
    nats = surprise(played.history)
    begins = [place for place in range(1, SETS) if played.truth[place - 1] != played.truth[place]]
    at_changes = np.median([nats[max(0, place - 3) : place + 1].max() for place in begins])
    assert at_changes > 3 * np.median(nats)
