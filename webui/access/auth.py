"""Login: password, invitation, session cookie, throttle. Pure; clock and chance passed in.

Other machines log in by a password or an *invitation*, a link that works once. Either gives a *session cookie*. It is
signed and not stored: it is valid until it expires or the daemon ends, and the key with it.
"""

import hashlib
import hmac
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer

from protocol.bus.page_secret import PageSecret

__all__ = [
    "ALL_FAILURES",
    "ALL_WINDOW",
    "COOKIE_LIFETIME",
    "FREE_FAILURES",
    "LONGEST_WAIT",
    "MAX_ADDRESSES",
    "Auth",
    "LoginResult",
    "Throttle",
]

COOKIE_LIFETIME = 24 * 3600
"""Seconds that a session cookie is valid."""

FREE_FAILURES = 5
"""Wrong attempts of one address before it must wait: a second, doubled with each further."""

LONGEST_WAIT = 300.0
"""Seconds; an address that was quiet for twice as long begins anew."""

ALL_FAILURES = 60
"""Wrong attempts of all addresses together within `ALL_WINDOW`, after which everybody waits."""

ALL_WINDOW = 60.0
"""Seconds."""

MAX_ADDRESSES = 1024
"""Addresses that are remembered; the one that was quiet for longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class LoginResult:
    """Result of an attempt to log in.

    Args:
        admitted: whether it succeeded.
        message: a sentence for the user, empty if it did.
        wait: seconds before the next attempt is looked at.
    """

    admitted: bool
    message: str = ""
    wait: int = 0


class Auth:
    """Checks of passwords, invitations and session cookies.

    Args:
        secret: the key that signs cookies, and the password.
        new_token: makes an invitation that nobody can guess.
        invite: called with each new invitation; the one before is void.
    """

    def __init__(self, secret: PageSecret, new_token: Callable[[], str], invite: Callable[[str], None]) -> None:
        self._password = secret.password
        self._signer = Signer(secret.key, salt="gbatrace.session", key_derivation="hmac", digest_method=hashlib.sha256)
        self._throttle = Throttle()
        self._new_token = new_token
        self._invite = invite
        self._invitation = ""

    @property
    def has_password(self) -> bool:
        """Return whether there is a password."""
        return bool(self._password)

    def open_invitation(self) -> None:
        """Make an invitation, in place of the last."""
        self._invitation = self._new_token()
        self._invite(self._invitation)

    def try_invitation(self, token: str, address: str, now: float) -> LoginResult:
        """Log in by an invitation. The right one is never throttled: it cannot be guessed.

        Args:
            token: from the link.
            address: of the client.
            now: seconds of a clock that only goes forward.
        """
        if self._invitation and _same(token, self._invitation):
            self._throttle.forgive(address)
            self.open_invitation()
            return LoginResult(admitted=True)
        return self._refuse(
            "This link was used before, or is an old one: take the newest from gbatrace's terminal.", address, now
        )

    def try_password(self, password: str, address: str, now: float) -> LoginResult:
        """Log in by the password, unless this address has to wait.

        Args:
            password: as typed.
            address: of the client.
            now: seconds of a clock that only goes forward.
        """
        if not self._password:
            return LoginResult(
                admitted=False, message="This page has no password: use the link in gbatrace's terminal."
            )
        wait = math.ceil(self._throttle.wait(address, now))
        if wait:
            return _too_soon(wait)
        if _same(password, self._password):
            self._throttle.forgive(address)
            return LoginResult(admitted=True)
        return self._refuse("That is not the password.", address, now)

    def create_cookie(self, now: float) -> str:
        """Make the value of a session cookie.

        Args:
            now: seconds since the epoch.
        """
        return self._signer.sign(str(int(now) + COOKIE_LIFETIME)).decode()

    def is_valid_cookie(self, text: str, now: float) -> bool:
        """Return whether a text is a session cookie of ours that has not expired.

        Args:
            text: from the browser.
            now: seconds since the epoch.
        """
        try:
            return int(self._signer.unsign(text)) > now
        except (BadSignature, ValueError):
            return False

    def _refuse(self, message: str, address: str, now: float) -> LoginResult:
        wait = math.ceil(self._throttle.wait(address, now))
        if wait:
            return _too_soon(wait)
        self._throttle.fail(address, now)
        return LoginResult(admitted=False, message=message)


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: float = 0.0

    def wait(self, now: float) -> float:
        over = self.count - FREE_FAILURES
        return 0.0 if over < 0 else max(0.0, self.last + min(LONGEST_WAIT, 2.0 ** min(over, 16)) - now)


class Throttle:
    """Limit of login attempts: wrong ones are counted by address and in all, in bounded memory."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._latest: deque[float] = deque(maxlen=ALL_FAILURES)

    def wait(self, address: str, now: float) -> float:
        """Return the seconds that an address has to wait before its next attempt is looked at.

        Args:
            address: of the client.
            now: seconds of any clock that only goes forward.
        """
        known = self._failures.get(address)
        own = known.wait(now) if known else 0.0
        crowd = self._latest[0] + ALL_WINDOW - now if len(self._latest) == ALL_FAILURES else 0.0
        return max(own, crowd, 0.0)

    def fail(self, address: str, now: float) -> None:
        """Note a wrong attempt."""
        known = self._failures.pop(address, None)
        if known is None or now - known.last > 2 * LONGEST_WAIT:
            known = _Failures()
        known.count, known.last = known.count + 1, now
        self._failures[address] = known
        self._latest.append(now)
        if len(self._failures) > MAX_ADDRESSES:
            self._failures.popitem(last=False)

    def forgive(self, address: str) -> None:
        """Forget the wrong attempts of an address that has logged in."""
        self._failures.pop(address, None)


def _too_soon(wait: int) -> LoginResult:
    seconds = "a second" if wait == 1 else f"{wait} seconds"
    return LoginResult(admitted=False, message=f"Too many wrong attempts. Try again in {seconds}.", wait=wait)


def _same(given: str, expected: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest(), hashlib.sha256(expected.encode()).digest()
    )
