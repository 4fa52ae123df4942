"""Access to the page from beyond this machine. Pure: clock and randomness are passed in.

There are two ways in, a password and an *invitation*: a link that works once. Either gives a *pass*, a signed text
that the browser keeps as a cookie. Nothing of a pass is kept here: it is good until it expires or the key is gone,
which is when the daemon ends.
"""

import hashlib
import hmac
import math
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer

from protocol.bus.page_secret import PageSecret
from webui.access.auth_throttle import Throttle

__all__ = ["PASS_LIFETIME", "Gate", "Verdict"]

PASS_LIFETIME = 24 * 3600
"""Seconds that a pass is good for."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on an attempt to get in.

    Args:
        admitted: whether it was right.
        says: a sentence for the person, empty if it was.
        wait: seconds before the next attempt is looked at.
    """

    admitted: bool
    says: str = ""
    wait: int = 0


class Gate:
    """Checks passwords, invitations and passes.

    Args:
        secret: the key that signs passes, and the password.
        new_token: makes an invitation that nobody can guess.
        invite: told each new invitation; the one before is void.
    """

    def __init__(self, secret: PageSecret, new_token: Callable[[], str], invite: Callable[[str], None]) -> None:
        self._password = secret.password
        self._signer = Signer(secret.key, salt="gbatrace.pass", key_derivation="hmac", digest_method=hashlib.sha256)
        self._throttle = Throttle()
        self._new_token = new_token
        self._invite = invite
        self._invitation = ""

    @property
    def has_password(self) -> bool:
        """Say whether there is one."""
        return bool(self._password)

    def open_invitation(self) -> None:
        """Make an invitation, in place of the last."""
        self._invitation = self._new_token()
        self._invite(self._invitation)

    def try_invitation(self, token: str, address: str, now: float) -> Verdict:
        """Let somebody in by an invitation. The right one is never throttled: it cannot be guessed.

        Args:
            token: what stood in the link.
            address: who says so.
            now: seconds of a clock that only goes forward.
        """
        if self._invitation and _same(token, self._invitation):
            self._throttle.forgive(address)
            self.open_invitation()
            return Verdict(admitted=True)
        return self._turn_away(
            "This link was used before, or is an old one: take the newest from gbatrace's terminal.", address, now
        )

    def try_password(self, password: str, address: str, now: float) -> Verdict:
        """Let somebody in by the password, unless they have to wait.

        Args:
            password: what they typed.
            address: who they are.
            now: seconds of a clock that only goes forward.
        """
        if not self._password:
            return Verdict(admitted=False, says="This page has no password: use the link in gbatrace's terminal.")
        wait = math.ceil(self._throttle.wait(address, now))
        if wait:
            return _too_soon(wait)
        if _same(password, self._password):
            self._throttle.forgive(address)
            return Verdict(admitted=True)
        return self._turn_away("That is not the password.", address, now)

    def write_pass(self, now: float) -> str:
        """Write a pass.

        Args:
            now: seconds since the epoch.
        """
        return self._signer.sign(str(int(now) + PASS_LIFETIME)).decode()

    def is_pass(self, text: str, now: float) -> bool:
        """Tell whether a text is a pass of ours that has not expired.

        Args:
            text: what the browser sent.
            now: seconds since the epoch.
        """
        try:
            return int(self._signer.unsign(text)) > now
        except (BadSignature, ValueError):
            return False

    def _turn_away(self, says: str, address: str, now: float) -> Verdict:
        wait = math.ceil(self._throttle.wait(address, now))
        if wait:
            return _too_soon(wait)
        self._throttle.fail(address, now)
        return Verdict(admitted=False, says=says)


def _too_soon(wait: int) -> Verdict:
    seconds = "a second" if wait == 1 else f"{wait} seconds"
    return Verdict(admitted=False, says=f"Too many wrong attempts. Try again in {seconds}.", wait=wait)


def _same(said: str, meant: str) -> bool:
    """Compare in a time that says nothing of either."""
    return hmac.compare_digest(
        hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest(), hashlib.sha256(meant.encode()).digest()
    )
