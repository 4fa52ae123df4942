"""Plays with a changed value and without, compared."""

import numpy as np

from daemon.probing.poke_comparison import Paced, Poke, compare_pokes, difference, share_followers
from daemon.probing.request import Verdict
from protocol.changes import U8


def memory(x: int, speed: int = 0, other: int = 5) -> U8:
    """A place, its copy on the screen, a speed, and a number that nobody reads."""
    values = np.array([x, (x - 100) & 0xFFFF, speed, other], np.uint16)
    return values.view(np.uint8)


X, COPY, SPEED, OTHER = (Poke(position, 2, 0, 3) for position in (0, 2, 4, 6))
WATCHED = [(0, 2), (2, 2), (4, 2), (6, 2)]


def test_the_source_keeps_its_value_and_the_copy_follows() -> None:
    rest = (memory(200), memory(200))
    (outcome,) = compare_pokes([X], rest, (memory(203), memory(203)), WATCHED)
    assert (outcome.verdict, outcome.followers, outcome.is_speed) == (Verdict.SOURCE, (2,), False)


def test_a_copy_is_written_anew() -> None:
    rest = (memory(200), memory(200))
    (outcome,) = compare_pokes([COPY], rest, rest, WATCHED)
    assert (outcome.verdict, outcome.followers) == (Verdict.COPY, ())


def test_poked_together_a_copy_gets_the_step_of_its_source() -> None:
    rest, poked = memory(200), memory(203)
    copy = Poke(2, 2, 100, 4)
    first, second = compare_pokes([X, copy], (rest, rest), (poked, poked), WATCHED)
    assert (first.verdict, second.verdict) == (Verdict.STAYS, Verdict.COPY)


def test_what_nobody_reads_stays() -> None:
    rest, poked = memory(200), memory(200, other=8)
    (outcome,) = compare_pokes([OTHER], (rest, rest), (poked, poked))
    assert outcome.verdict is Verdict.STAYS


def test_a_speed_makes_places_go_on() -> None:
    rest = (memory(200), memory(200))
    (outcome,) = compare_pokes([SPEED], rest, (memory(206, 3), memory(212, 3)), WATCHED)
    assert (outcome.verdict, outcome.is_speed) == (Verdict.SOURCE, True)


def test_steps_and_differences_wrap() -> None:
    assert Poke(0, 2, 0xFFFE, 3).data == b"\x01\x00"
    assert difference(memory(1), memory(0xFFFE), 0, 2) == 3
    assert difference(memory(0xFFFE), memory(1), 0, 2) == -3


def test_followers_of_what_was_poked_together_go_to_the_one_that_was_put_off_as_far() -> None:
    """Two places with a copy each, which moves half as fast: one was put off by 3 frames' ways, the other by 6."""
    rest = np.array([200, 100, 80, 40], np.uint16).view(np.uint8)
    poked = np.array([203, 101, 86, 43], np.uint16).view(np.uint8)
    pokes = [Poke(0, 2, 200, 3), Poke(2, 2, 100, 5), Poke(4, 2, 80, 6), Poke(6, 2, 40, 9)]
    numbers = [Paced(0, 2, 1.0), Paced(2, 2, 0.5), Paced(4, 2, 1.0), Paced(6, 2, 0.5)]
    outcomes = compare_pokes(pokes, (rest, rest), (poked, poked), [(each.position, 2) for each in numbers])
    one, first, other, second = share_followers(outcomes, rest, poked, numbers)
    assert (first.verdict, second.verdict) == (Verdict.COPY, Verdict.COPY)
    assert (other.verdict, other.followers) == (Verdict.SOURCE, (6,))
    assert one.verdict is Verdict.STAYS, "its copy went a third too short"
