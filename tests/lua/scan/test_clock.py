"""Milliseconds from whole seconds."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from tests.lua.machine import Machine

LUA = Machine()

EPOCH = 1_753_996_829


def tell(seconds: Iterable[int]) -> list[int]:
    """Return the clock's values at frames that see these seconds."""
    clock = LUA.require("scan.clock")[b"new"]()
    return [clock[b"on_frame"](clock, second) for second in seconds]


def at_rate(rate: float, frames: int, phase: float = 0.0) -> list[float]:
    return [EPOCH + phase + frame / rate for frame in range(frames)]


def test_time_goes_on_between_ticks_at_the_rate_of_the_last_second() -> None:
    for rate in (59.7275, 120.0, 500.0, 30.0):
        true = at_rate(rate, int(5 * rate), phase=0.31)
        told = tell(int(moment) for moment in true)
        settled = int(3 * rate)
        for moment, milliseconds in zip(true[settled:], told[settled:], strict=True):
            assert abs(milliseconds - 1000 * moment) <= 1000 / rate + 12


def test_before_the_first_tick_it_counts_on_from_the_second_it_woke_in() -> None:
    assert tell([EPOCH] * 3) == [1000 * EPOCH, 1000 * EPOCH + 16, 1000 * EPOCH + 33]


def test_a_pause_is_a_jump_to_the_second_now() -> None:
    *_, last = tell([EPOCH] * 30 + [EPOCH + 90])
    assert last == 1000 * (EPOCH + 90)


def test_a_clock_that_is_set_back_does_not_set_time_back() -> None:
    told = tell([EPOCH] * 10 + [EPOCH + 1] * 60 + [EPOCH - 3600] * 30 + [EPOCH - 3599] * 60 + [EPOCH - 3598] * 60)
    assert told == sorted(told)
    assert 1000 * (EPOCH + 3) <= told[-1] < 1000 * (EPOCH + 4)


@given(st.lists(st.integers(-3, 3), max_size=300))
def test_it_never_runs_backwards(steps: list[int]) -> None:
    now, seconds = EPOCH, []
    for step in steps:
        now += step
        seconds.append(now)
    told = tell(seconds)
    assert told == sorted(told)
