"""Traffic of our script, captured once and sent again by many.

A *piece* is what leaves the emulator in one frame. The bytes are the script's own, greeting and sequence numbers
included, so the same stream can be sent on any number of connections, each a session of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import orjson

from lua.headless.emulator import Emulator
from tests.bench.null_daemon import NullDaemon, take_apart
from tests.bench.scanning import SCRIPT
from tests.bench.synthetic_game import FRAMES_PER_SET, synthetic_game
from tests.fakes.game_picture import draw_game

__all__ = ["Traffic", "capture", "load_traffic", "save_traffic"]

_KINDS_OF_PICTURES = 32


@dataclass(frozen=True, slots=True)
class Traffic:
    """The stream of one emulator.

    Args:
        hello: the greeting.
        sets: the pieces of each frame set; the last one ends with its screenshot.
        changes: changed words in all of them, those of the first set (its keyframes) left out.
    """

    hello: bytes
    sets: Sequence[Sequence[bytes]]
    changes: int


class _Pictures(Emulator):
    """Draws another picture for each frame set."""

    def take_screenshot(self) -> bytes:
        return _pictures()[self.frame // FRAMES_PER_SET % _KINDS_OF_PICTURES]


@cache
def _pictures() -> list[bytes]:
    return [draw_game(number) for number in range(_KINDS_OF_PICTURES)]


def capture(changes_per_set: int, sets: int) -> Traffic:
    """Capture what the script sends while so many words change in each frame set."""
    with NullDaemon() as daemon:
        emulator = _Pictures(synthetic_game(changes_per_set), link=("127.0.0.1", daemon.port))
        assert emulator.socket is not None
        try:
            emulator.start_script(SCRIPT)
            ends = [0]
            for _ in range(sets * FRAMES_PER_SET):
                emulator.run_frame()
                ends.append(emulator.socket.sent)
            emulator.stop_script()
        finally:
            emulator.close()
    stream = bytes(daemon.received)
    length, _, _ = stream.partition(b" ")
    ends[0] = len(length) + 1 + int(length)  # The script says HELLO in its first frame.
    pieces = [stream[start:end] for start, end in pairwise(ends)]
    numbered = [pieces[first : first + FRAMES_PER_SET] for first in range(0, len(pieces), FRAMES_PER_SET)]
    measured = take_apart(stream[: ends[-1]], ends[FRAMES_PER_SET])
    assert measured.sets == sets - 1, "the script did not run as it should"
    return Traffic(stream[: ends[0]], numbered, measured.changes)


def save_traffic(traffic: Traffic, path: Path) -> None:
    """Write traffic to a file."""
    lengths = [[len(piece) for piece in pieces] for pieces in traffic.sets]
    head = {"hello": len(traffic.hello), "sets": lengths, "changes": traffic.changes}
    body = b"".join(piece for pieces in traffic.sets for piece in pieces)
    path.write_bytes(orjson.dumps(head) + b"\n" + traffic.hello + body)


def load_traffic(path: Path) -> Traffic:
    """Read traffic from a file."""
    line, _, body = path.read_bytes().partition(b"\n")
    head = orjson.loads(line)
    at = head["hello"]
    hello, sets = body[:at], []
    for lengths in head["sets"]:
        pieces = []
        for length in lengths:
            pieces.append(body[at : at + length])
            at += length
        sets.append(pieces)
    return Traffic(hello, sets, head["changes"])
