import math
from typing import Any

import numpy as np
import pytest

from daemon.analysis.history import History
from daemon.analysis.value_types import value_type
from daemon.finding.evidence import Query, Reading
from daemon.finding.forms import Form
from daemon.finding.readings import ERROR, ReadingScorer, ReadingScores
from daemon.finding.scoring import CandidateId, Nats
from tests.daemon.finding.made_game import MadeGame

HIT, MISS = math.log(1 - ERROR + ERROR / 100), math.log(ERROR / 100)


def scores_of(history: History, *readings: str) -> ReadingScores:
    found = ReadingScorer().scores(Query("hp", tuple(map(Reading.parse, readings))), history)
    assert found is not None
    return found


def row(scores: ReadingScores, kind: str, form: Form = Form.EQUAL) -> Nats:
    found = scores.of(value_type(kind), form)
    return np.full(1024, found, np.float32) if isinstance(found, float) else found


def steps(*values: int, each: int = 60, kind: Any = np.uint8) -> np.ndarray[Any, Any]:
    return np.repeat(np.array(values, kind), each)


def game(position: int, values: np.ndarray[Any, Any]) -> History:
    made = MadeGame(sets=len(values))
    made.put(position, values)
    return made.history()


def test_what_was_shown_is_a_hit_and_everything_else_a_miss() -> None:
    nats = row(scores_of(game(40, steps(23, 17)), "30=23", "90=17"), "u8")
    assert nats[40] == pytest.approx(2 * HIT)
    assert np.delete(nats, 40) == pytest.approx(2 * MISS)


def test_a_wrong_reading_costs_a_few_nats_and_not_the_candidate() -> None:
    nats = row(scores_of(game(40, steps(23, 17)), "30=23", "90=17", "40=99"), "u8")
    assert nats[40] == pytest.approx(2 * HIT + MISS)


@pytest.mark.parametrize(
    ("kind", "values", "form"),
    [
        ("u16", steps(300, 7, kind="<u2"), Form.EQUAL),
        ("s16", steps(-20, 7, kind="<i2"), Form.EQUAL),
        ("u32be", steps(70_000, 7, kind=">u4"), Form.EQUAL),
        ("bcd16", steps(0x1234, 7, kind="<u2"), Form.EQUAL),
        ("fixed20.12", steps(23 * 4096 + 2000, 7 * 4096, kind="<i4"), Form.EQUAL),
        ("float32", steps(1, 1) * np.float32(23.25), Form.EQUAL),
        ("u8", steps(22, 7), Form.PLUS_ONE),
        ("u8", steps(24, 7), Form.MINUS_ONE),
        ("u8", steps(23, 7), Form.TIMES_TEN),
        ("u16", steps(515, 7, kind="<u2"), Form.TIMES_HUNDRED),
    ],
)
@pytest.mark.parametrize("position", [8, 13])
def test_types_and_forms_at_any_offset(kind: str, values: np.ndarray[Any, Any], form: Form, position: int) -> None:
    history = game(position, values)
    stored = history.values_of(position, value_type(kind)).numbers()[0]
    assert stored is not None
    shown = math.floor(form.shown(float(stored)))
    assert row(scores_of(history, f"30={shown}"), kind, form)[position] > math.log(0.5)


def test_a_live_reading_counts_the_share_of_the_delay() -> None:
    history = game(40, steps(23, 17))  # 17 from frame set 60 on
    shares = [math.exp(row(scores_of(history, f"{at}=17 live"), "u8")[40]) for at in (61, 62, 63, 66, 68, 71, 73, 80)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(ERROR / 100)
    assert 0.3 < shares[3] < 0.6
    assert shares[-1] == pytest.approx(1 - ERROR + ERROR / 100)


def test_a_value_that_runs_through_all_numbers_gains_little() -> None:
    made = MadeGame(sets=120)
    made.put(40, np.arange(120, dtype=np.uint8))
    made.put(44, np.full(120, 55, np.uint8))
    nats = row(scores_of(made.history(), "62=55 live"), "u8")
    assert nats[40] > MISS
    assert nats[44] > nats[40] + 2


def test_a_paused_reading_forgives_one_frame_set() -> None:
    history = game(40, steps(23, 17))
    for number, value in ((59, 17), (60, 23)):
        nats = row(scores_of(history, f"{number}={value}"), "u8")[40]
        assert MISS + 2 < nats < HIT - 1
    assert row(scores_of(history, "58=17"), "u8")[40] == pytest.approx(MISS)


def test_what_is_not_known_never_matches_and_is_counted() -> None:
    made = MadeGame(sets=120)
    made.put(40, steps(0, 9))
    scores = scores_of(made.history(unknown_until=50), "30=0")
    assert row(scores, "u8")[100] == pytest.approx(math.log(ERROR / 10))
    unknown = scores.unknown()
    assert unknown is not None
    assert unknown.sum() == made.memory.shape[1]
    assert scores_of(made.history(), "30=0").unknown() is None


def test_the_end_of_a_region_is_no_value() -> None:
    history = game(252, steps(23, 17))
    assert len(row(scores_of(history, "30=23"), "u32")) == history.size - 3


def test_a_reading_of_a_lost_frame_set_is_left_out_and_said() -> None:
    made = MadeGame(sets=120)
    made.put(40, steps(23, 17))
    history = made.history(lost=range(90, 120))
    scores = scores_of(history, "30=23", "100=17", "300=5 live")
    assert len(scores.problems()) == 2
    assert "100=17" in scores.problems()[0]
    assert row(scores, "u8")[40] == pytest.approx(HIT)


def test_a_live_reading_beyond_a_gap_looks_at_what_was_recorded() -> None:
    made = MadeGame(sets=120)
    made.put(40, steps(23, 17))
    scores = scores_of(made.history(lost=range(50, 53)), "54=23 live")
    assert row(scores, "u8")[40] > math.log(0.5)


def test_evidence_adds_up_to_the_score_and_says_what_was_there() -> None:
    history = game(40, steps(22, 17))
    scores = scores_of(history, "30=23", "90=18", "66=18 live", "40=99")
    candidate = CandidateId(40, value_type("u8"), Form.PLUS_ONE)
    lines = scores.evidence(candidate)
    assert [line.text for line in lines] == [
        "it was 22 (shown as +1), as 23 was read",
        "it was 17 (shown as +1), as 18 was read",
        "it was 22 and 17 (shown as +1), as 18 was read",
        "it was 22 (shown as +1), not 99",
    ]
    assert [line.holds for line in lines] == [True, True, True, False]
    assert sum(line.nats for line in lines) == pytest.approx(row(scores, "u8", Form.PLUS_ONE)[40], abs=1e-4)


def test_what_is_kept_of_a_reading_is_that_of_a_fresh_one() -> None:
    made = MadeGame(sets=120)
    made.put(40, steps(23, 17))
    early, late = made.history(lost=range(70, 120)), made.history()
    scorer = ReadingScorer()
    query = Query("hp", (Reading(69, 17), Reading(30, 23), Reading(72, 17, is_live=True)))
    scorer.scores(query, early)
    again = scorer.scores(query, late)
    fresh = ReadingScorer().scores(query, late)
    assert again is not None
    assert fresh is not None
    assert row(again, "u8").tolist() == row(fresh, "u8").tolist()


def test_no_readings_say_nothing() -> None:
    assert ReadingScorer().scores(Query("hp"), game(40, steps(1, 2))) is None
