"""Writes `corpus/`, the inputs from which the fuzzer starts: every golden vector, and whole conversations.

Run `python -m tests.fuzz.make_corpus` after a change of the specification.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from protocol.link.codec import encode, unarmour
from protocol.link.connection import Screenshot
from protocol.link.messages import Bye, Event, Message
from protocol.regions import ScanMode
from tests.fakes.game import Game, greeting
from tests.fuzz.conversation import as_input
from tests.protocol.make_vectors import VECTORS

__all__ = ["CORPUS", "inputs"]

CORPUS = Path(__file__).parent / "corpus"


def inputs() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each input."""
    vectors = [
        (vector["name"].replace(" ", "-"), bytes.fromhex(vector["framed"]))
        for vector in json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
        if "framed" in vector
    ]
    hello = next(framed for name, framed in vectors if name == "hello")
    for number, (name, framed) in enumerate(vectors):
        yield f"stream-{name}", bytes([number << 1 & 0xFE]) + hello + framed
        yield f"message-{name}", as_input([_plain(hello), _plain(framed)], number)
    for number, mode in enumerate(ScanMode):
        yield f"conversation-{mode.value}", as_input(_conversation(mode), number)


def _plain(framed: bytes) -> bytes:
    return unarmour(framed.partition(b" ")[2])


def _conversation(mode: ScanMode) -> Iterator[bytes]:
    game = Game(greeting(scan_mode=mode))
    said: list[Message | Screenshot] = [game.hello, *game.frame_set(), Event(1000, 1, "latch", {"field": "scene"})]
    said += [*game.frame_set(interruption="reset", frames=2), *game.keyframes(), *game.frame_set(screenshot=False)]
    said += [*game.again(0), Bye("done")]
    for message in said:
        yield message.png if isinstance(message, Screenshot) else unarmour(encode(message, 0))


if __name__ == "__main__":
    CORPUS.mkdir(exist_ok=True)
    for name, data in inputs():
        (CORPUS / name).write_bytes(data)
