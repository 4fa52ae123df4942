"""Passwords, invitations, session cookies, and the limit of attempts."""

import pytest

from protocol.bus.page_secret import MIN_PASSWORD, PageSecret
from protocol.errors import SettingsError
from webui.access.auth import (
    ALL_FAILURES,
    ALL_WINDOW,
    COOKIE_LIFETIME,
    FREE_FAILURES,
    LONGEST_WAIT,
    MAX_ADDRESSES,
    Auth,
    Throttle,
)

PASSWORD = "correct horse"
TABLET, THIEF = "192.168.1.7", "192.168.1.66"


class Door:
    """A login with a clock and a terminal."""

    def __init__(self, password: str = PASSWORD) -> None:
        self.told: list[str] = []
        tokens = iter(f"token {number}" for number in range(1000))
        self.auth = Auth(PageSecret(bytes(32), password), lambda: next(tokens), self.told.append)
        self.now = 100.0

    def say(self, password: str, address: str = TABLET) -> str:
        result = self.auth.try_password(password, address, self.now)
        assert result.admitted is not bool(result.message)
        return result.message

    def show(self, token: str, address: str = TABLET) -> str:
        result = self.auth.try_invitation(token, address, self.now)
        assert result.admitted is not bool(result.message)
        return result.message


class TestPassword:
    def test_the_right_one_opens(self) -> None:
        assert Door().say(PASSWORD) == ""

    @pytest.mark.parametrize("wrong", ["", "correct", "Correct horse", "correct horse ", "\ud800", "ö" * 9])
    def test_no_other_does(self, wrong: str) -> None:
        assert Door().say(wrong) == "That is not the password."

    def test_without_one_nothing_typed_opens(self) -> None:
        door = Door(password="")
        assert not door.auth.has_password
        assert "no password" in door.say("")

    def test_a_short_one_is_not_taken(self) -> None:
        with pytest.raises(SettingsError, match=f"at least {MIN_PASSWORD}"):
            PageSecret(bytes(32), "1234567")

    def test_whoever_guesses_must_wait_longer_and_longer(self) -> None:
        door = Door()
        for _ in range(FREE_FAILURES):
            assert door.say("guess") == "That is not the password."
        assert door.say(PASSWORD) == "Too many wrong attempts. Try again in a second."
        door.now += 1
        assert door.say("guess") == "That is not the password."
        assert door.say(PASSWORD) == "Too many wrong attempts. Try again in 2 seconds."
        door.now += 2
        assert door.say(PASSWORD) == ""

    def test_another_address_does_not_wait_for_that(self) -> None:
        door = Door()
        for _ in range(FREE_FAILURES + 3):
            door.say("guess", THIEF)
        assert door.say(PASSWORD) == ""


class TestInvitation:
    def test_it_works_once_and_the_next_is_refused(self) -> None:
        door = Door()
        door.auth.open_invitation()
        assert door.told == ["token 0"]
        assert door.show("token 0") == ""
        assert door.told == ["token 0", "token 1"]
        assert "used before" in door.show("token 0")
        assert door.show("token 1") == ""

    def test_before_there_is_one_no_link_opens(self) -> None:
        assert "used before" in Door().show("")

    def test_the_right_one_opens_even_to_a_crowd(self) -> None:
        door = Door()
        door.auth.open_invitation()
        for number in range(ALL_FAILURES):
            door.say("guess", str(number))
        assert "Too many" in door.say(PASSWORD)
        assert "Too many" in door.show("guess")
        assert door.show("token 0") == ""


class TestSessionCookie:
    def test_it_is_good_for_its_time(self) -> None:
        auth = Door().auth
        text = auth.create_cookie(1000)
        assert auth.is_valid_cookie(text, 1000)
        assert auth.is_valid_cookie(text, 999 + COOKIE_LIFETIME)
        assert not auth.is_valid_cookie(text, 1000 + COOKIE_LIFETIME)

    def test_a_page_that_is_started_again_knows_it(self) -> None:
        assert Door().auth.is_valid_cookie(Door().auth.create_cookie(1000), 1001)

    def test_another_daemon_does_not(self) -> None:
        stranger = Auth(PageSecret(bytes(range(32))), lambda: "", lambda _token: None)
        assert not stranger.is_valid_cookie(Door().auth.create_cookie(1000), 1001)

    def test_nobody_makes_one(self) -> None:
        auth = Door().auth
        good = auth.create_cookie(1000)
        until, _, signature = good.partition(".")
        for forged in (
            "",
            ".",
            until,
            f"{int(until) + 1}.{signature}",
            f"{until}.",
            f"{good}A",
            f"x{good}",
            "9" * 5000,
        ):
            assert not auth.is_valid_cookie(forged, 1001), forged
        for place in range(len(good)):
            changed = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
            assert not auth.is_valid_cookie(changed, 1001) or place == len(good) - 1, (
                "spare bits of the last base64 digit"
            )


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
