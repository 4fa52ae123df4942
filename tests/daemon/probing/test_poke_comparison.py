"""Plays with a changed value and without, compared."""

import numpy as np
import pytest

from daemon.analysis.word_fields import WordField
from daemon.probing.poke_comparison import Paced, Poke, compare_pokes, difference
from daemon.probing.request import Verdict
from protocol.changes import U32

HALF, UPPER, WHOLE = WordField(0, 2), WordField(2, 2), WordField(0, 4)


def memory(x: int, speed: int = 0, other: int = 5) -> U32:
    """A place, its copy on the screen, a speed, and a number that nobody reads."""
    values = np.array([x, (x - 100) & 0xFFFF, speed, other], np.uint16)
    return values.view(np.uint32)


X, COPY, SPEED, OTHER = (
    Poke(word * 4, field, 0, 3) if field is HALF else Poke(word * 4 + 2, field, 0, 3)
    for word in (0, 1)
    for field in (HALF, UPPER)
)
WATCHED = [Paced(poke.position, poke.field, 1.0) for poke in (X, COPY, SPEED, OTHER)]
REST = [memory(200)] * 4


def test_the_source_keeps_its_value_and_the_copy_follows() -> None:
    (outcome,) = compare_pokes([X], REST, [memory(203)] * 4, WATCHED)
    assert (outcome.verdict, outcome.followers) == (Verdict.SOURCE, (2,))


def test_a_copy_is_written_anew() -> None:
    (outcome,) = compare_pokes([COPY], REST, REST, WATCHED)
    assert (outcome.verdict, outcome.followers) == (Verdict.COPY, ())


def test_poked_together_a_copy_gets_the_step_of_its_source() -> None:
    copy = Poke(2, UPPER, 100, 4)
    first, second = compare_pokes([X, copy], REST, [memory(203)] * 4, WATCHED)
    assert (first.verdict, first.followers, second.verdict) == (Verdict.SOURCE, (2,), Verdict.COPY)


def test_what_glides_back_is_a_copy() -> None:
    gliding = [memory(200, other=5 + off) for off in (7, 6, 5, 4)]
    (outcome,) = compare_pokes([Poke(6, UPPER, 0, 8)], REST, gliding, WATCHED)
    assert outcome.verdict is Verdict.COPY


def test_what_is_carried_off_by_another_poke_is_neither_source_nor_copy() -> None:
    """A place that was poked together with its speed."""
    carried = [memory(203 + 2 * frame) for frame in range(1, 5)]
    (outcome,) = compare_pokes([X], REST, carried, WATCHED)
    assert outcome.verdict is Verdict.UNKNOWN


def test_what_nobody_reads_stays() -> None:
    (outcome,) = compare_pokes([OTHER], REST, [memory(200, other=8)] * 4, WATCHED)
    assert outcome.verdict is Verdict.STAYS


def test_a_speed_touches_places_and_none_follows_its_step() -> None:
    poked = [memory(200 + 3 * frame, 3) for frame in range(1, 5)]
    (outcome,) = compare_pokes([SPEED], REST, poked, WATCHED)
    assert outcome.touched == {0, 2}, "its place, and the copy of that"
    assert outcome.followers == ()


def test_steps_and_differences_wrap() -> None:
    assert Poke(0, HALF, 0xFFFE, 3).data == b"\x01\x00"
    assert Poke(2, UPPER, 0xFFFE_0000, 3).data == b"\x01\x00"
    assert difference(memory(1), memory(0xFFFE), 0, HALF) == 3
    assert difference(memory(0xFFFE), memory(1), 0, HALF) == -3


def test_a_float_is_put_off_by_its_own_number() -> None:
    before = np.array([1.5], np.float32).view(np.uint32)
    poke = Poke(0, WordField(0, 4, is_float=True), int(before[0]), 0.25)
    assert np.frombuffer(poke.data, np.float32)[0] == pytest.approx(1.75)


def test_followers_of_what_was_poked_together_go_to_the_one_that_was_put_off_as_far() -> None:
    """Two places with a copy each that is half as fast: one is put off by 3 ways, one by 6."""
    rest = [np.array([200, 100, 80, 40], np.uint16).view(np.uint32)] * 4
    poked = [np.array([203, 101, 86, 43], np.uint16).view(np.uint32)] * 4
    pokes = [Poke(0, HALF, 200, 3), Poke(2, UPPER, 0, 5), Poke(4, HALF, 80, 6), Poke(6, UPPER, 0, 9)]
    paces = (1.0, 0.5, 1.0, 0.5)
    numbers = [Paced(poke.position, poke.field, pace) for poke, pace in zip(pokes, paces, strict=True)]
    one, first, other, second = compare_pokes(pokes, rest, poked, numbers)
    assert (first.verdict, second.verdict) == (Verdict.UNKNOWN, Verdict.COPY)
    assert (other.verdict, other.followers) == (Verdict.SOURCE, (6,))
    assert one.verdict is Verdict.STAYS, "its copy went a third too short"
