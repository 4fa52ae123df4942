"""Counting what a script costs."""

from lua.headless.costs import Costs, Distribution


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
