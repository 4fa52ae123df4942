"""How often somebody may guess."""

from webui.access.auth_throttle import ALL_FAILURES, ALL_WINDOW, FREE_FAILURES, LONGEST_WAIT, MAX_ADDRESSES, Throttle


def test_the_wait_begins_at_a_second_and_doubles() -> None:
    throttle = Throttle()
    waits = []
    for _ in range(FREE_FAILURES + 3):
        throttle.fail("thief", 0)
        waits.append(throttle.wait("thief", 0))
    assert waits == [0] * (FREE_FAILURES - 1) + [1, 2, 4, 8]
    assert throttle.wait("thief", 6) == 2
    assert throttle.wait("somebody else", 0) == 0


def test_whoever_gets_it_right_is_forgiven() -> None:
    throttle = Throttle()
    for _ in range(FREE_FAILURES):
        throttle.fail("tablet", 0)
    throttle.forgive("tablet")
    assert throttle.wait("tablet", 0) == 0


def test_the_wait_has_an_end() -> None:
    throttle = Throttle()
    for number in range(100):
        throttle.fail("thief", number * ALL_WINDOW)
    assert throttle.wait("thief", 99 * ALL_WINDOW) == LONGEST_WAIT


def test_a_long_quiet_begins_anew() -> None:
    throttle = Throttle()
    for _ in range(20):
        throttle.fail("thief", 0)
    throttle.fail("thief", 2 * LONGEST_WAIT + 1)
    assert throttle.wait("thief", 2 * LONGEST_WAIT + 1) == 0


def test_many_addresses_together_are_held_up() -> None:
    throttle = Throttle()
    for number in range(ALL_FAILURES):
        assert throttle.wait("anybody", 0) == 0
        throttle.fail(str(number), 0)
    assert throttle.wait("anybody", 0) == ALL_WINDOW
    assert throttle.wait("anybody", ALL_WINDOW) == 0


def test_a_million_addresses_cost_no_memory() -> None:
    throttle = Throttle()
    for number in range(5 * MAX_ADDRESSES):
        throttle.fail(str(number), number)
    assert len(throttle._failures) == MAX_ADDRESSES
    assert len(throttle._latest) == ALL_FAILURES
