"""Queue of messages to one browser, with back-pressure for previews. Pure.

Socket.IO has no back-pressure: whatever is emitted is kept until the network takes it. So both sides count the messages
of a connection, the browser acknowledges how many it has dealt with, and a preview (screenshot and memory changes of a
frame set) is sent only while few enough previews are unacknowledged. Beyond that the newest few wait and older ones are
dropped, and their number is reported to the browser. State messages are small, are never dropped, and do not wait.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["MAX_UNACKNOWLEDGED", "METER_INTERVAL", "PREVIEW_BACKLOG", "PREVIEW_WINDOW", "Feed", "Message"]

PREVIEW_WINDOW = 4
"""Previews that may be under way to a browser at once: a third of a second of play."""

PREVIEW_BACKLOG = 8
"""Previews that wait for a slow browser before the oldest is dropped."""

MAX_UNACKNOWLEDGED = 4096
"""Unacknowledged messages after which a browser is disconnected; it may connect again."""

METER_INTERVAL = 12
"""Acknowledged previews between two `meter` messages to the browser: a second of play."""


@dataclass(frozen=True, eq=False, slots=True)
class Message:
    """A Socket.IO event, the same for every browser that gets it: its name and its body."""

    event: str
    body: Mapping[str, Any]


@dataclass(slots=True)
class _Preview:
    message: Message
    offered: float
    sent: int = 0


@dataclass(slots=True)
class Feed:
    """Queue of one browser. The caller offers messages, then sends what `take` returns.

    Args:
        window: previews under way at once.
        backlog: previews that wait.
    """

    window: int = PREVIEW_WINDOW
    backlog: int = PREVIEW_BACKLOG
    dropped: int = 0
    """Previews dropped so far."""
    lag: int | None = None
    """Ms from offer to acknowledgement of the last acknowledged preview; None before the first."""
    _sent: int = 0
    _acknowledged: int = 0
    _reported_drops: int = 0
    _until_meter: int = 1
    _held: bool = False
    _state: deque[Message] = field(default_factory=deque)
    _waiting: deque[_Preview] = field(default_factory=deque)
    _under_way: deque[_Preview] = field(default_factory=deque)

    def offer(self, message: Message) -> None:
        """Queue a message that must arrive."""
        self._state.append(message)

    def offer_preview(self, message: Message, now: float) -> None:
        """Queue a preview, in place of the oldest where too many wait; `now`: seconds, monotonic."""
        self._waiting.append(_Preview(message, now))
        if len(self._waiting) > self.backlog:
            self._waiting.popleft()
            self.dropped += 1

    def hold(self) -> None:
        """Hold all messages back while a snapshot is read; drop the previews that wait."""
        self._held = True
        self._waiting.clear()
        self._until_meter = 1

    def release(self, snapshot: Message) -> None:
        """Queue the snapshot first, then what was offered since `hold`."""
        self._held = False
        self._state.appendleft(snapshot)

    def acknowledge(self, count: int, now: float) -> None:
        """Note that the browser has dealt with the first `count` messages of its connection."""
        self._acknowledged = max(self._acknowledged, min(count, self._sent))
        while self._under_way and self._under_way[0].sent <= self._acknowledged:
            self.lag = round(1000 * (now - self._under_way.popleft().offered))
            self._until_meter -= 1

    def take(self) -> list[Message]:
        """Return what may be sent now. The caller must send all of it, in order."""
        if self._held:
            return []
        out = list(self._state)
        self._state.clear()
        while self._waiting and len(self._under_way) < self.window:
            preview = self._waiting.popleft()
            out.append(preview.message)
            preview.sent = self._sent + len(out)
            self._under_way.append(preview)
        if self.dropped > self._reported_drops or self._until_meter <= 0:
            self._reported_drops, self._until_meter = self.dropped, METER_INTERVAL
            out.append(Message("meter", {"dropped": self.dropped, "lag": self.lag}))
        self._sent += len(out)
        return out

    @property
    def overdue(self) -> bool:
        """True while so many messages are unacknowledged that the browser must be disconnected."""
        return self._sent - self._acknowledged + len(self._state) > MAX_UNACKNOWLEDGED
