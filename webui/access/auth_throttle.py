"""How often somebody may guess. Pure: the time is passed in, and memory is bounded whoever knocks."""

from collections import OrderedDict, deque
from dataclasses import dataclass

__all__ = ["ALL_FAILURES", "ALL_WINDOW", "FREE_FAILURES", "LONGEST_WAIT", "MAX_ADDRESSES", "Throttle"]

FREE_FAILURES = 5
"""Wrong attempts of one address before it must wait; the wait begins at a second and doubles with each further one."""

LONGEST_WAIT = 300.0
"""Seconds; an address that was quiet for twice as long begins anew."""

ALL_FAILURES = 60
"""Wrong attempts of all addresses together within `ALL_WINDOW`, after which everybody waits."""

ALL_WINDOW = 60.0
"""Seconds."""

MAX_ADDRESSES = 1024
"""Addresses that are remembered; the one that was quiet for longest is forgotten first."""


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: float = 0.0

    def wait(self, now: float) -> float:
        over = self.count - FREE_FAILURES
        return 0.0 if over < 0 else max(0.0, self.last + min(LONGEST_WAIT, 2.0 ** min(over, 16)) - now)


class Throttle:
    """Counts wrong attempts by address and in all."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._latest: deque[float] = deque(maxlen=ALL_FAILURES)

    def wait(self, address: str, now: float) -> float:
        """Return how many seconds an address has to wait before its next attempt is looked at.

        Args:
            address: who wants to know.
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
        """Forget the wrong attempts of an address that got it right."""
        self._failures.pop(address, None)
