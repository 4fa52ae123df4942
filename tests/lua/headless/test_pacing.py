"""Real time, with a clock that the test turns."""

import pytest

from lua.headless.pacing import Pacer
from protocol.console import GBA


def test_an_hour_has_no_drift_though_every_sleep_is_too_long() -> None:
    now = 100.0
    pacer = Pacer(now)
    for _ in range(round(3600 * GBA.frames_per_second)):
        now += pacer.next_frame(now) + 0.0004
    assert now - 100.0 == pytest.approx(3600, abs=0.02)


def test_a_little_lateness_is_caught_up_with() -> None:
    pacer = Pacer(0.0, rate=10)
    assert pacer.next_frame(0.0) == 0
    assert pacer.next_frame(0.3) == 0
    assert pacer.next_frame(0.3) == 0
    assert pacer.next_frame(0.3) == pytest.approx(0.0)
    assert pacer.next_frame(0.3) == pytest.approx(0.1)


def test_a_long_stall_is_forgotten() -> None:
    pacer = Pacer(0.0, rate=10)
    pacer.next_frame(0.0)
    assert pacer.next_frame(60.0) == 0
    assert pacer.next_frame(60.0) == pytest.approx(0.1)
