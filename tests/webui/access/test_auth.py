"""Passwords, invitations, passes, and how often somebody may guess."""

import pytest

from protocol.bus.page_secret import MIN_PASSWORD, PageSecret
from protocol.errors import SettingsError
from webui.access.auth import PASS_LIFETIME, Gate
from webui.access.auth_throttle import ALL_FAILURES, FREE_FAILURES

PASSWORD = "correct horse"
TABLET, THIEF = "192.168.1.7", "192.168.1.66"


class Door:
    """A gate with a clock and a terminal."""

    def __init__(self, password: str = PASSWORD) -> None:
        self.told: list[str] = []
        tokens = iter(f"token {number}" for number in range(1000))
        self.gate = Gate(PageSecret(bytes(32), password), lambda: next(tokens), self.told.append)
        self.now = 100.0

    def say(self, password: str, address: str = TABLET) -> str:
        verdict = self.gate.try_password(password, address, self.now)
        assert verdict.admitted is not bool(verdict.says)
        return verdict.says

    def show(self, token: str, address: str = TABLET) -> str:
        verdict = self.gate.try_invitation(token, address, self.now)
        assert verdict.admitted is not bool(verdict.says)
        return verdict.says


class TestPassword:
    def test_the_right_one_opens(self) -> None:
        assert Door().say(PASSWORD) == ""

    @pytest.mark.parametrize("wrong", ["", "correct", "Correct horse", "correct horse ", "\ud800", "ö" * 9])
    def test_no_other_does(self, wrong: str) -> None:
        assert Door().say(wrong) == "That is not the password."

    def test_without_one_nothing_typed_opens(self) -> None:
        door = Door(password="")
        assert not door.gate.has_password
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
    def test_it_works_once_and_the_next_is_told(self) -> None:
        door = Door()
        door.gate.open_invitation()
        assert door.told == ["token 0"]
        assert door.show("token 0") == ""
        assert door.told == ["token 0", "token 1"]
        assert "used before" in door.show("token 0")
        assert door.show("token 1") == ""

    def test_before_there_is_one_no_link_opens(self) -> None:
        assert "used before" in Door().show("")

    def test_the_right_one_opens_even_to_a_crowd(self) -> None:
        door = Door()
        door.gate.open_invitation()
        for number in range(ALL_FAILURES):
            door.say("guess", str(number))
        assert "Too many" in door.say(PASSWORD)
        assert "Too many" in door.show("guess")
        assert door.show("token 0") == ""


class TestPass:
    def test_it_is_good_for_its_time(self) -> None:
        gate = Door().gate
        text = gate.write_pass(1000)
        assert gate.is_pass(text, 1000)
        assert gate.is_pass(text, 999 + PASS_LIFETIME)
        assert not gate.is_pass(text, 1000 + PASS_LIFETIME)

    def test_a_page_that_is_started_again_knows_it(self) -> None:
        assert Door().gate.is_pass(Door().gate.write_pass(1000), 1001)

    def test_another_daemon_does_not(self) -> None:
        stranger = Gate(PageSecret(bytes(range(32))), lambda: "", lambda _token: None)
        assert not stranger.is_pass(Door().gate.write_pass(1000), 1001)

    def test_nobody_makes_one(self) -> None:
        gate = Door().gate
        good = gate.write_pass(1000)
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
            assert not gate.is_pass(forged, 1001), forged
        for place in range(len(good)):
            changed = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
            assert not gate.is_pass(changed, 1001) or place == len(good) - 1, "spare bits of the last base64 digit"
