import math
from typing import Any

import numpy as np
import pytest

from daemon.analysis.history import History
from daemon.analysis.value_types import VALUE_TYPES, value_type
from daemon.finding.events import ERROR, EventScorer, EventScores
from daemon.finding.evidence import Event, Query
from daemon.finding.forms import Form
from daemon.finding.scoring import CandidateId, Nats
from tests.daemon.finding.made_game import MadeGame

MISS = math.log(ERROR)
SETS = 1200


def scores_of(history: History, *events: str) -> EventScores:
    found = EventScorer().scores(Query("hp", events=tuple(map(Event.parse, events))), history)
    assert found is not None
    return found


def row(scores: EventScores, kind: str) -> Nats:
    found = scores.of(value_type(kind), Form.EQUAL)
    assert not isinstance(found, float)
    return found


def falling(*at: int) -> np.ndarray[Any, Any]:
    """A value that falls by one at some frame sets."""
    values = np.full(SETS, 90, np.uint8)
    for number in at:
        values[number:] -= 1
    return values


def game(**values: np.ndarray[Any, Any]) -> History:
    """Memory with values at positions, such as `at40`."""
    made = MadeGame(sets=SETS)
    for name, column in values.items():
        made.put(int(name[2:]), column)
    return made.history()


def test_a_value_that_fell_before_the_keys_is_best() -> None:
    history = game(at40=falling(300, 700), at44=falling(310, 900), at48=255 - falling(300, 700))
    nats = row(scores_of(history, "down@306", "down@708"), "u8")
    assert nats[40] > 3
    assert nats[44] == pytest.approx(2 * MISS)
    assert nats[48] == pytest.approx(2 * MISS)


@pytest.mark.parametrize(("late", "is_hit"), [(-1, False), (2, True), (8, True), (13, True), (16, False)])
def test_a_key_comes_a_little_after_the_change(late: int, is_hit: bool) -> None:
    history = game(at40=falling(300))
    assert (row(scores_of(history, f"down@{300 + late}"), "u8")[40] > 0) == is_hit


@pytest.mark.parametrize(("number", "is_hit"), [(296, False), (300, True), (302, True), (305, False)])
def test_on_a_paused_picture_the_change_is_there(number: int, is_hit: bool) -> None:
    history = game(at40=falling(300))
    assert (row(scores_of(history, f"down@{number} paused"), "u8")[40] > 0) == is_hit


def test_a_busy_value_gains_nothing() -> None:
    busy = (np.arange(SETS) * 37 % 251).astype(np.uint8)
    nats = row(scores_of(game(at40=falling(300), at44=busy), "down@306", "changed@306"), "u8")
    assert nats[44] == pytest.approx(0, abs=0.8)
    assert nats[40] > 3


def test_a_missed_window_never_raises_a_score_however_busy_the_value_is() -> None:
    chance = np.random.default_rng(5)
    made = MadeGame(sets=SETS, size=1024)
    for position in range(1024):
        moves = chance.random(SETS) < chance.choice([0, 0.001, 0.01, 0.1, 0.5])
        made.put(position, np.cumsum(moves * chance.integers(0, 256, SETS)).astype(np.uint8))
    history = made.history()
    moved = np.diff(made.memory, axis=0, prepend=made.memory[:1]) != 0
    for number in chance.integers(20, SETS, 30).tolist():
        before = row(scores_of(history, "changed@600"), "u8")
        after = row(scores_of(history, "changed@600", f"changed@{number}"), "u8")
        missed = ~moved[number - 14 : number].any(axis=0)
        assert (after[missed] < before[missed] - 1).all()
        assert (after >= before + MISS - 1e-4).all()
        if number != 600:
            assert after[missed] == pytest.approx(before[missed] + MISS, abs=1e-4)


def test_what_moves_all_the_time_around_the_key_gains_less() -> None:
    local = np.full(SETS, 90, np.uint8)
    for number in range(260, 340, 8):
        local[number:] -= 1
    once = falling(300, *range(800, 1100, 34))
    nats = row(scores_of(game(at40=once, at44=local), "down@306"), "u8")
    assert nats[40] > nats[44] + 0.5


def test_several_steps_count_less_than_one() -> None:
    several = falling(300, 302, 304)
    nats = row(scores_of(game(at40=falling(300, 900, 1000), at44=several), "down@306"), "u8")
    assert nats[40] > nats[44] + 0.3


@pytest.mark.parametrize(
    ("kind", "dtype"), [("u16", "<u2"), ("s16", "<i2"), ("u32be", ">u4"), ("float32", "<f4"), ("u8", "u1")]
)
def test_directions_are_those_of_the_type(kind: str, dtype: str) -> None:
    values = np.where(np.arange(SETS) < 300, 3, 260 if kind != "u8" else 200).astype(dtype)
    history = game(at40=values)
    assert row(scores_of(history, "up@306"), kind)[40] > 1
    assert row(scores_of(history, "down@306"), kind)[40] == pytest.approx(MISS)
    assert row(scores_of(history, "changed@306"), kind)[40] > 1


def test_what_is_not_known_is_no_hit_and_counted() -> None:
    made = MadeGame(sets=SETS)
    made.put(40, falling(300))
    scores = scores_of(made.history(unknown_until=500), "down@306")
    assert (row(scores, "u8") <= MISS + 1e-6).all()
    assert scores.unknown() is not None


def test_the_first_sight_of_a_value_is_no_step() -> None:
    made = MadeGame(sets=SETS)
    made.put(40, falling(305))
    scores = scores_of(made.history(unknown_until=300), "down@312")
    [line] = scores.evidence(CandidateId(40, value_type("u8"), Form.EQUAL))
    assert line.holds
    assert line.text.startswith("it went from 90 to 89")


def test_an_event_at_a_lost_stretch_is_left_out_and_said() -> None:
    made = MadeGame(sets=SETS)
    made.put(40, falling(300))
    scores = scores_of(made.history(lost=range(600, 700)), "down@306", "down@650")
    assert len(scores.problems()) == 1
    assert "down@650" in scores.problems()[0]
    assert row(scores, "u8")[40] > 1


def test_an_event_in_the_first_frame_sets_has_a_shorter_window() -> None:
    assert row(scores_of(game(at40=falling(2)), "down@5"), "u8")[40] > 1


def test_evidence_adds_up_to_the_score_and_says_what_happened() -> None:
    history = game(at40=falling(300, 302), at44=falling(900))
    scores = scores_of(history, "down@306", "down@500", "up@306")
    lines = scores.evidence(CandidateId(40, value_type("u8"), Form.EQUAL))
    assert [line.text for line in lines] == [
        "it went from 90 to 88 in 2 steps before the key",
        "it did not change before the key",
        "it went from 90 to 88 in 2 steps before the key",
    ]
    assert [line.holds for line in lines] == [True, False, False]
    assert sum(line.nats for line in lines) == pytest.approx(row(scores, "u8")[40], abs=1e-4)


def test_what_is_kept_of_an_event_is_that_of_a_fresh_one() -> None:
    made = MadeGame(sets=SETS)
    made.put(40, falling(300, 340, 360))
    early, late = made.history(lost=range(310, SETS)), made.history()
    scorer, query = EventScorer(), Query("hp", events=(Event.parse("down@306"),))
    scorer.scores(query, early)
    again, fresh = scorer.scores(query, late), EventScorer().scores(query, late)
    assert again is not None
    assert fresh is not None
    for kind in VALUE_TYPES:
        assert row(again, kind).tolist() == row(fresh, kind).tolist()


def test_no_events_say_nothing() -> None:
    assert EventScorer().scores(Query("hp"), game()) is None
