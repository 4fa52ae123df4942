import math

import numpy as np
import pytest

from daemon.analysis.history import History
from daemon.analysis.value_types import VALUE_TYPES
from daemon.finding.evidence import Axis, Event, Query, Reading
from daemon.finding.finder import Finder
from daemon.finding.forms import Form
from daemon.finding.found import Certainty
from protocol.regions import Region
from tests.daemon.finding.made_game import BASE, FRAMES, MadeGame
from tests.daemon.finding.made_scorer import MadeScorer

SETS = 720
HP, COPY, MAX_HP, TIMER = 0x40, 0x60, 0x42, 0x80


@pytest.fixture(scope="module")
def made() -> MadeGame:
    """Hit points with a copy two frame sets late, their maximum, a timer, and much that moves at random."""
    game, chance = MadeGame(SETS, 1024), np.random.default_rng(2)
    hp = np.full(SETS, 40, "<u2")
    for number, value in ((100, 37), (180, 31), (300, 40), (390, 22), (470, 18), (600, 9), (690, 30)):
        hp[number:] = value
    game.put(HP, hp)
    game.put(COPY, np.concatenate((hp[:2], hp[:-2])))
    game.put(MAX_HP, np.full(SETS, 40, "<u2"))
    game.put(TIMER, np.arange(SETS, dtype="<u4"))
    for position in range(0x100, 0x400):
        moves = chance.random(SETS) < chance.choice([0, 0.01, 0.3])
        values = chance.integers(0, 64, SETS)
        game.put(position, values[np.maximum.accumulate(np.where(moves, np.arange(SETS), 0))].astype(np.uint8))
    return game


@pytest.fixture(scope="module")
def history(made: MadeGame) -> History:
    return made.history()


def readings(*texts: str) -> tuple[Reading, ...]:
    return tuple(map(Reading.parse, texts))


def events(*texts: str) -> tuple[Event, ...]:
    return tuple(map(Event.parse, texts))


def test_hit_points_are_found_by_what_a_player_typed_and_their_copy_is_no_rival(history: History) -> None:
    found = Finder(history).find(Query("hp", readings("150=37 live", "250=31 live", "430=22 live", "650=9 live")))
    first = found.candidates[0]
    assert (first.address, first.form, first.value, first.changes) == (BASE + HP, Form.EQUAL, 30, 7)
    assert BASE + COPY in {mirror.address for mirror in first.mirrors}
    assert found.certainty is Certainty.CERTAIN
    assert found.lead > 4
    assert found.problems == ()


def test_a_wrong_reading_is_survived_and_shown(history: History) -> None:
    texts = ("150=37", "250=31", "430=22", "500=64", "650=9")
    found = Finder(history).find(Query("hp", readings(*texts)))
    assert found.candidates[0].address == BASE + HP
    assert [line.holds for line in found.candidates[0].evidence] == [True, True, True, False, True]
    assert found.problems == ("The reading at frame set 500 contradicts the first candidate: it was 18, not 64.",)


def test_events_and_readings_add_up(history: History) -> None:
    query = Query("hp", readings("150=37 live"), events("down@108", "down@188", "up@309", "down@397"))
    found = Finder(history).find(query)
    first = found.candidates[0]
    assert first.address == BASE + HP
    assert [line.number for line in first.evidence] == [108, 150, 188, 309, 397]
    assert all(line.holds for line in first.evidence)
    one, other = (Finder(history).find(part) for part in (Query("hp", query.readings), Query("hp", (), query.events)))
    by_address = [{each.address: each for each in answer.candidates} for answer in (one, other)]
    assert BASE + HP in by_address[1]


def test_the_evidence_and_the_score_without_labels_are_the_score(history: History) -> None:
    labels = readings("150=37 live", "250=31"), events("down@397")
    whole = Finder(history).find(Query("hp", *labels)).candidates[0]
    without = whole.score - sum(line.nats for line in whole.evidence)
    assert without == pytest.approx(-0.15 * math.log2(1 + whole.changes), abs=0.2)


def test_other_scorers_add_to_every_candidate(history: History) -> None:
    scorer = MadeScorer({("u8", 0x101): 50.0}, size=1024)
    query = Query("x", readings("150=37"), axis=Axis("Left", "Right"))
    found = Finder(history, [scorer]).find(query)
    assert found.candidates[0].address == BASE + 0x101
    assert [str(line.kind) for line in found.candidates[0].evidence] == ["axis", "reading"]
    assert Finder(history, [scorer]).find(Query("x", readings("150=37"))).candidates[0].address != BASE + 0x101


def test_values_that_never_changed_are_candidates_and_no_mirrors_of_each_other(made: MadeGame) -> None:
    game = MadeGame(SETS, 256)
    game.put(10, np.full(SETS, 77, np.uint8))
    game.put(20, np.full(SETS, 77, np.uint8))
    found = Finder(game.history()).find(Query("lives", readings("100=77", "300=77", "600=77")))
    assert {each.address for each in found.candidates[:2]} == {BASE + 10, BASE + 20}
    assert found.lead == pytest.approx(0)
    assert found.certainty is Certainty.UNSURE
    assert found.ask is None


def test_the_picture_asked_for_tells_the_best_candidates_apart(history: History) -> None:
    query = Query("hp", readings("50=40"))
    found = Finder(history).find(query)
    assert found.certainty is Certainty.UNSURE
    assert found.ask is not None
    best = found.candidates[:8]
    shown = [
        each.form.shown(float(history.values_of(each.position, each.type, at(history, found.ask)).numbers()[0] or 0))
        for each in best
    ]
    assert len(set(shown)) > 1


def at(history: History, number: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([history.timeline.end_of_number(number)], np.int32)


def test_values_that_span_two_regions_are_no_candidates(made: MadeGame) -> None:
    game = MadeGame(24, 16)
    game.put(6, np.full(24, 0x0605_0403, "<u4"))
    block = game.block()
    halves = (Region("iwram", 0x0300_0000, 8, 1), Region("ewram", BASE, 8, 1))
    history = History.of(halves, FRAMES, [block])
    found = Finder(history).find(Query("x", readings("5=1541")))
    assert all(each.position + each.type.width <= 8 or each.position >= 8 for each in found.candidates)
    one = Finder(game.history()).find(Query("x", readings("5=1541")))
    widths = sum(15 + 1 - width + (1 - 0) for width in (kind.width for kind in VALUE_TYPES.values()))
    assert one.considered == 5 * widths
    assert found.considered == 5 * sum(2 * (8 + 1 - kind.width) for kind in VALUE_TYPES.values())


def test_a_finder_that_grew_with_its_recording_is_like_a_fresh_one(made: MadeGame) -> None:
    early, late = made.history(lost=range(400, SETS)), made.history()
    query = Query("hp", readings("150=37 live", "250=31"), events("down@397"))
    finder = Finder(early)
    finder.find(query)
    finder.renew(late)
    assert finder.find(query).as_map() == Finder(late).find(query).as_map()
    more = Query("hp", (*query.readings, *readings("650=9")), query.events)
    assert finder.find(more).as_map() == Finder(late).find(more).as_map()


def test_unknown_values_are_counted(made: MadeGame) -> None:
    found = Finder(made.history(unknown_until=200)).find(Query("hp", readings("150=40", "250=31")))
    assert found.unknown > 0
    assert found.problems == ()


def test_as_many_as_were_asked_for(history: History) -> None:
    assert len(Finder(history).find(Query("hp", readings("150=37")), limit=3).candidates) == 3


def test_nothing_said_and_nothing_recorded_find_nothing(history: History) -> None:
    assert Finder(history).find(Query("hp")).candidates == ()
    empty = History.of(history.regions, FRAMES)
    found = Finder(empty).find(Query("hp", readings("150=37")))
    assert found.candidates == ()
    assert len(found.problems) == 1


def test_what_cannot_be_used_at_all_finds_nothing(history: History) -> None:
    for query in (
        Query("hp", readings("9000=37"), events("down@9001")),
        Query("x", axis=Axis("Left", "Right")),
    ):
        found = Finder(history).find(query)
        assert (found.candidates, found.ask, found.certainty) == ((), None, Certainty.UNSURE)
        assert found.considered > 0
        assert found.problems
        assert all(problem.endswith("is left out.") for problem in found.problems)
    assert Finder(history).find(Query("hp", readings("9000=37", "150=37"))).candidates


def test_what_only_ran_past_the_numbers_is_never_certain() -> None:
    game = MadeGame(SETS, 64)
    game.put(0x10, np.arange(SETS, dtype="<u2"))
    texts = [f"{number}={number - 6} live" for number in (100, 200, 300, 400, 500, 600)]
    found = Finder(game.history()).find(Query("x", readings(*texts)))
    assert found.candidates[0].address == BASE + 0x10
    assert found.lead > 4
    assert found.certainty is Certainty.LIKELY


def test_what_contradicts_most_of_what_was_given_is_never_likely(history: History) -> None:
    found = Finder(history).find(Query("hp", readings("150=37", "300=9231", "500=7777")))
    assert sum(line.holds for line in found.candidates[0].evidence) <= 1
    assert found.certainty is Certainty.UNSURE
    absurd = Finder(history, [MadeScorer({("u16", HP): 30.0}, size=1024)])
    query = Query("hp", readings("150=9001", "300=9231", "500=7777"), axis=Axis("Left", "Right"))
    found = absurd.find(query)
    assert (found.candidates[0].address, found.lead > 4) == (BASE + HP, True)
    assert found.certainty is Certainty.UNSURE


def test_what_no_label_speaks_for_is_no_candidate(history: History) -> None:
    found = Finder(history).find(Query("hp", readings("150=123456", "300=99999", "500=777777")))
    assert (found.candidates, found.ask, found.lead, found.certainty) == ((), None, 0, Certainty.UNSURE)
    assert found.considered > 0
    one_fits = Finder(history).find(Query("hp", readings("150=37", "300=99999", "500=777777")), limit=40).candidates
    assert one_fits
    assert all(any(line.holds for line in each.evidence) for each in one_fits)
