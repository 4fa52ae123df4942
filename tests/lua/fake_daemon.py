"""The daemon as the script meets it: takes payloads, answers when an answer is due. No sockets, no time.

It follows the specification by itself, from `msgpack` and two lines of armour: it shares nothing with daemon or script
but the list of events.
"""

import hashlib
import struct
from collections import deque
from typing import Any

import msgpack

from protocol.link.messages import EVENT_NAMES

__all__ = ["FakeDaemon", "unarmoured"]

HELLO, KEYFRAME, FRAME, SET_END, PROOF, EVENT, BYE = range(1, 8)
WELCOME, REFUSED, ACK, FAREWELL = range(64, 68)


def unarmoured(payload: bytes) -> list[Any]:
    """Read a message of the script."""
    message: list[Any] = msgpack.unpackb(payload.decode("utf-8").encode("latin-1"), strict_map_key=True)
    return message


class FakeDaemon:
    """One daemon over any number of connections.

    Attributes:
        messages: everything that was said, without sequence numbers; a screenshot is `["PNG"]`.
        sets: of the session, by number: what was said of each frame, and how it ended.
        listening: whether connections are taken.
        broken: sends fail.
        mute: no reply comes.
    """

    def __init__(self) -> None:
        self.messages: list[list[Any]] = []
        self.sets: dict[int, dict[str, Any]] = {}
        self.mirror: dict[tuple[int, int], list[int]] = {}
        self.events: list[list[Any]] = []
        self.proofs: list[tuple[int, int]] = []
        self.listening = True
        self.broken = False
        self.mute = False
        self.refuse = ""
        self.commands: list[Any] = []
        self.session = "S1"
        self.next_set = 0
        self.connections = 0
        self.resumes: list[str] = []
        self.goodbye = ""
        self._png_due = False
        self._connect()

    def hang_up(self) -> None:
        """Lose the connection and everything not yet sent on it."""
        self.broken = True

    def forget(self) -> None:
        """Become a new daemon, which knows of no session."""
        self.session = f"S{int(self.session[1:]) + 1}"
        self.next_set = 0
        self.sets, self.mirror = {}, {}

    # What the emulator does.

    def connect(self) -> bool:
        """Open a new connection."""
        if self.listening:
            self.broken = False
            self._connect()
        return self.listening

    def send(self, payload: bytes) -> bool:
        """Take a message."""
        if self.broken:
            return False
        kind, seq, *fields = unarmoured(payload)
        assert seq == self._expected_seq, "a message out of sequence"
        self._expected_seq += 1
        assert self._greeted or kind == HELLO, "a message before HELLO"
        assert not self._png_due, "a PNG was announced"
        assert not self.goodbye, "something after BYE"
        self.messages.append([kind, *fields])
        self._take(kind, fields)
        return True

    def screenshot(self) -> bool:
        """Take a PNG."""
        if self.broken:
            return False
        assert self._png_due, "a PNG that was not announced"
        self._png_due = False
        self.messages.append(["PNG"])
        self._acknowledge()
        return True

    def receive(self) -> bytes | None:
        """Give the next reply; nothing if none came in time."""
        assert self._owed > 0, "the script waits for a reply that nobody owes"
        self._owed -= 1
        if self.mute or self.broken or not self._replies:
            return None
        return self._replies.popleft()

    def reply(self, kind: int, *fields: Any) -> None:
        """Say something."""
        packed: bytes = msgpack.packb([kind, self._reply_seq, *fields])
        self._reply_seq += 1
        self._replies.append(packed.decode("latin-1").encode("utf-8"))

    def said(self, kind: int) -> list[list[Any]]:
        """All messages of one kind that were sent."""
        return [message[1:] for message in self.messages if message[0] == kind]

    @property
    def unread(self) -> int:
        """Replies that the script has not read."""
        return self._owed

    # What it makes of it.

    def _connect(self) -> None:
        self.connections += 1
        self._expected_seq = self._reply_seq = self._owed = 0
        self._greeted = self._png_due = False
        self._replies: deque[bytes] = deque()
        self._farewell = ""
        self._ended = 0
        self.goodbye = ""

    def _take(self, kind: int, fields: list[Any]) -> None:
        match kind:
            case 1:
                self._greeted = True
                self._owed += 1
                self.sets = {number: held for number, held in self.sets.items() if "interruption" in held}
                self.resumes.append(fields[0]["resume"])
                if self.refuse:
                    self.reply(REFUSED, self.refuse)
                else:
                    self.reply(
                        WELCOME, {"session": self.session, "resume": f"T{self.session}", "next_set": self.next_set}
                    )
            case 2:
                region, chunk, words = fields
                self.mirror[region, chunk] = list(struct.unpack(f"<{len(words) // 4}I", words))
            case 3:
                self._take_frame(*fields)
            case 4:
                number, interruption, screenshot, *png = fields
                held = self.sets.setdefault(number, {"frames": []})
                held.update(interruption=interruption, screenshot=screenshot, png=png[0] if png else b"")
                self._ended = number
                self._png_due = screenshot
                if not screenshot:
                    self._acknowledge()
            case 5:
                region, chunk, digest = fields
                words = self.mirror[region, chunk]
                image = struct.pack(f"<{len(words)}I", *words)
                assert digest == hashlib.sha256(image).hexdigest().upper(), "the mirror is not the memory"
                self.proofs.append((region, chunk))
            case 6:
                assert fields[2] in EVENT_NAMES, "an event that the specification does not name"
                self.events.append(fields)
            case 7:
                self.goodbye = fields[0]

    def _take_frame(self, number: int, position: int, *rest: Any) -> None:
        frame, time, pc, buttons, changes = rest
        held = self.sets.setdefault(number, {"frames": []})
        assert position == len(held["frames"])
        rows = [row for entry in changes for row in self._rows(*entry)]
        held["frames"].append(
            {"frame": frame, "time": time, "pc": pc, "buttons": buttons, "rows": rows, "raw": changes}
        )

    def _rows(
        self, region: int, chunk: int, gaps: bytes, current: bytes, previous: bytes = b""
    ) -> list[tuple[int, ...]]:
        count = len(gaps) // 2
        now = struct.unpack(f"<{count}I", current)
        before = struct.unpack(f"<{count}I", previous) if previous else None
        rows: list[tuple[int, ...]] = []
        word = 0
        for i, gap in enumerate(struct.unpack(f"<{count}H", gaps)):
            word += gap
            if before is None:
                mirror = self.mirror[region, chunk]
                rows.append((region, chunk, word, now[i], mirror[word]))
                mirror[word] = now[i]
            else:
                rows.append((region, chunk, word, now[i], before[i]))
        return rows

    def _acknowledge(self) -> None:
        self._owed += 1
        self.next_set = max(self.next_set, self._ended + 1)
        self.reply(ACK, self._ended, self.commands)
        self.commands = []
