"""Cost of a script: the counters, and the weights against what was seen in BizHawk."""

import pytest

from lua.headless.costs import Costs, Distribution, weight_of
from lua.headless.flavours import FLAVOURS, Flavour


def test_each_frame_has_an_account_of_its_own() -> None:
    costs = Costs()
    costs.calls = 50
    costs.end_startup()
    for calls in (1, 2, 3, 10):
        costs.calls, costs.elements, costs.copied, costs.sent = calls, calls * 2, calls * 3, calls * 4
        costs.microseconds = calls * 500.0
        costs.end_frame()
    summary = costs.summary()
    assert summary.frames == 4
    assert summary.startup_calls == 50
    assert summary.calls == Distribution(median=2.5, p99=9.79, maximum=10, total=16)
    assert (summary.elements.total, summary.copied.total, summary.sent.total) == (32, 48, 64)
    assert (summary.weighed.median, summary.weighed.maximum, summary.weighed.total) == (1.25, 5.0, 8.0)
    assert costs.last_frame == (10, 20, 30, 40)
    assert costs.last_weighed == 5.0


def test_before_the_first_frame_there_is_nothing() -> None:
    assert Costs().summary().calls == Distribution(0.0, 0.0, 0, 0)
    assert Costs().last_frame == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "elements", "size", "seen"),
    [
        ("memory.hash_region", 0, 256, 11.5),
        ("memory.read_bytes_as_array", 4096, 0, 449),
        ("comm.socketServerSend", 0, 1024, 8.5),
        ("comm.socketServerScreenShot", 0, 0, 1750),
        ("memory.read_u32_le", 0, 0, 1.8),
        ("emu.getregister", 0, 0, 7),
    ],
)
def test_what_was_seen_is_matched_and_rather_exceeded(name: str, elements: int, size: int, seen: float) -> None:
    weight = weight_of(name, "2.11")
    estimate = weight.call + elements * weight.element + size * weight.byte
    assert seen <= estimate <= 1.15 * seen


@pytest.mark.parametrize(("flavour", "seen"), [("2.10", 23), ("2.11", 17), ("2.11.1", 17)])
def test_buttons_cost_more_on_2_10(flavour: Flavour, seen: float) -> None:
    assert weight_of("joypad.get", flavour).call == weight_of("joypad.getwithmovie", flavour).call == seen


def test_no_call_is_free() -> None:
    assert all(weight_of("some.function", flavour).call > 0 for flavour in FLAVOURS)
    assert weight_of("memory.read_s16_be", "2.10").call == 1.8
