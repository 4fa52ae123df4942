"""Axes from the recording alone, on a made-up game and on the demo game's tour."""

import numpy as np

from daemon.analysis.history import History
from daemon.finding.axes import AxisScores, Held, presses_of, score_axis
from tests.fakes.walked_game import FRAMES, walked

SOME = [
    "",
    "",
    "",
    "",
    "",
    "Right",
    "Right",
    "",
    "",
    "",
    "",
    "",
    "Left",
    "",
    "",
    "",
    "",
    "",
    "Down",
    "",
    "",
    "",
    "",
    "",
]
BUTTONS = SOME + ["Left", "Left", "A+Left", "", "", "", "", "", "Up", "Right", "", "", "", "", "", "A", ""] + 4 * SOME


def best(history: History, negative: str, positive: str) -> dict[int, float]:
    """The nats of the best number of each word."""
    scores = score_axis(history, presses_of(history.timeline, negative, positive))
    found: dict[int, float] = {}
    for position, nats in zip(scores.positions.tolist(), scores.nats.tolist(), strict=True):
        found.setdefault(position // 4, nats)
    return found


def test_a_press_reaches_a_set_beyond_the_button() -> None:
    history = walked(["", "", "", "Left", "", "", "", "", "", "", "Left+Right", "", "", "", "", "", "Right"])
    presses = presses_of(history.timeline, "Left", "Right")
    held = [Held(kind) for kind in presses.held]
    assert held == [
        Held.NONE,
        Held.NEGATIVE,
        Held.AFTER_NEGATIVE,
        Held.NONE,
        Held.UNUSABLE,
        Held.NONE,
        Held.POSITIVE,
    ]
    assert presses.starts[1] == 3 * FRAMES
    assert presses.starts[2] - presses.starts[1] > 2 * FRAMES - 1
    assert presses.counts.tolist() == [3, 1, 1, 0, 1, 1]


def test_buttons_are_those_of_a_sets_own_frames_whatever_is_lost() -> None:
    history = walked(["", "", "Left", "", "", "", "", "", "Right", "", ""], lost=(3, 4, 5))
    presses = presses_of(history.timeline, "Left", "Right")
    place = history.timeline.place_of(8)
    assert presses.held[presses.of_times(np.array([place * FRAMES]))[0]] == Held.POSITIVE
    gap = history.timeline.place_of(6) * FRAMES
    assert presses.held[presses.of_times(np.array([gap]))[0]] == Held.UNUSABLE


def test_places_and_their_copies_come_first() -> None:
    x, y = best(walked(BUTTONS), "Left", "Right"), best(walked(BUTTONS), "Up", "Down")
    assert sorted(x, key=lambda word: -x[word])[:2] == [0, 3]
    assert sorted(y, key=lambda word: -y[word])[:2] == [0, 1]


def test_speeds_button_mirrors_counters_and_noise_are_no_places() -> None:
    x = best(walked(BUTTONS), "Left", "Right")
    others = [x.get(word, -1.0) for word in (2, 4, 5, 6, 7)]
    assert max(others) < x[0] / 8


def test_a_number_that_falls_with_the_positive_button_belongs_to_it_too() -> None:
    history = walked(BUTTONS)
    forth = score_axis(history, presses_of(history.timeline, "Left", "Right"))
    back = score_axis(history, presses_of(history.timeline, "Right", "Left"))
    assert (forth.signs[0], back.signs[0]) == (1, -1)
    assert forth.positions[0] == back.positions[0]
    assert forth.nats[0] == back.nats[0]


def test_without_presses_there_are_no_numbers() -> None:
    scores: AxisScores = score_axis(walked(["A", "", "A"]), presses_of(walked(["A"]).timeline, "Left", "Right"))
    assert len(scores.nats) == 0
