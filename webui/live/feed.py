"""Queue of messages to one browser: state always arrives, previews only as fast as the browser takes them. Pure.

Socket.IO has no back-pressure: whatever is emitted is kept until the network takes it. So every message carries a
running number, the browser acknowledges the highest number it has dealt with, and a preview (picture and memory changes
of a frame set) is sent only while few enough previews are unacknowledged. Beyond that the newest few wait and older
ones are dropped, and the browser is told how many. State messages are small, are never dropped, and do not wait.
"""

from collections import deque
from dataclasses import dataclass, field

from webui.live.packets import Message, Outgoing

__all__ = ["MAX_UNACKNOWLEDGED", "PREVIEW_BACKLOG", "PREVIEW_WINDOW", "Feed"]

PREVIEW_WINDOW = 4
"""Previews that may be under way to a browser at once: a third of a second of play."""

PREVIEW_BACKLOG = 8
"""Previews that wait for a slow browser before the oldest is dropped."""

MAX_UNACKNOWLEDGED = 4096
"""Messages after which a browser that never acknowledges is sent away; it may come back and starts from a snapshot."""


@dataclass(slots=True)
class _Preview:
    message: Message
    offered: float
    sent: int = 0


@dataclass(slots=True)
class Feed:
    """The queue of one browser. The caller offers messages, then sends what `take` returns, in order.

    Args:
        window: previews under way at once.
        backlog: previews that wait.
    """

    window: int = PREVIEW_WINDOW
    backlog: int = PREVIEW_BACKLOG
    dropped: int = 0
    """Previews dropped so far."""
    lag: int | None = None
    """Ms from the offer of the last acknowledged preview to its acknowledgement; None before the first."""
    _number: int = 0
    _acknowledged: int = 0
    _reported: int = 0
    _held: bool = False
    _state: deque[Message] = field(default_factory=deque)
    _waiting: deque[_Preview] = field(default_factory=deque)
    _under_way: deque[_Preview] = field(default_factory=deque)

    def offer(self, message: Message) -> None:
        """Queue a message that must arrive."""
        self._state.append(message)

    def offer_preview(self, message: Message, now: float) -> None:
        """Queue a preview; the oldest that waits makes room. `now` is in seconds on any steady clock."""
        self._waiting.append(_Preview(message, now))
        if len(self._waiting) > self.backlog:
            self._waiting.popleft()
            self.dropped += 1

    def hold(self) -> None:
        """Keep everything back while a snapshot is read: what is offered from here on is replayed after it."""
        self._held = True
        self._waiting.clear()

    def release(self, snapshot: Message) -> None:
        """Send the snapshot first, then what was offered since `hold`."""
        self._held = False
        self._state.appendleft(snapshot)

    def acknowledge(self, number: int, now: float) -> None:
        """Note that the browser has dealt with every message up to `number`."""
        self._acknowledged = max(self._acknowledged, min(number, self._number))
        while self._under_way and self._under_way[0].sent <= self._acknowledged:
            self.lag = round(1000 * (now - self._under_way.popleft().offered))

    def take(self) -> list[Outgoing]:
        """Return what may be sent now, each message with its `number` and previews with the `lag` of an earlier one.

        The caller must send all of it.
        """
        if self._held:
            return []
        out = [self._numbered(message) for message in self._state]
        self._state.clear()
        while self._waiting and len(self._under_way) < self.window:
            preview = self._waiting.popleft()
            out.append(self._numbered(preview.message, lag=self.lag))
            preview.sent = self._number
            self._under_way.append(preview)
        if self.dropped > self._reported:
            self._reported = self.dropped
            out.append(self._numbered(Message("dropped", {"count": self.dropped})))
        return out

    @property
    def overdue(self) -> bool:
        """Say whether so much is unacknowledged that the browser must be sent away, to bound our memory."""
        return self._number - self._acknowledged + len(self._state) > MAX_UNACKNOWLEDGED

    def _numbered(self, message: Message, **own: int | None) -> Outgoing:
        self._number += 1
        return Outgoing(message, {"number": self._number, **own})
