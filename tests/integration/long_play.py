"""A play without end: a few frame sets, repeated under other numbers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from protocol.link.connection import Screenshot
from protocol.link.messages import Event, Frame, Hello, Keyframe, Proof, SetEnd
from protocol.regions import Region
from tests.fakes.changes import pack_changes
from tests.fakes.game import NOW, greeting
from tests.fakes.screenshots import png

__all__ = ["SETS_A_SECOND", "LongPlay", "first_sight", "hello"]

SETS_A_SECOND = 12
"""Frame sets of five frames in a second of play."""

_FRAME = 17
"""Ms from one frame to the next, about."""


def hello() -> Hello:
    """Greet as a GBA with both of its work RAMs does."""
    return greeting(regions=(Region("iwram", 0x0300_0000, 0x8000, 5), Region("ewram", 0x0200_0000, 0x4_0000, 5)))


def first_sight() -> Iterator[Keyframe]:
    """Tell all of its memory."""
    for index, region in enumerate(hello().regions):
        for number, chunk in enumerate(region.chunks):
            yield Keyframe(index, number, bytes(4 * chunk.words))


class LongPlay:
    """Frame sets by number. Some have no screenshot, some come with a mark, some with a proof that does not agree."""

    def __init__(self) -> None:
        random = np.random.default_rng(1)
        self._sets = [list(self._frames(random)) for _ in range(7)]
        self._screenshots = [Screenshot(png(shade)) for shade in range(7)]

    def frame_set(self, number: int) -> Iterator[Any]:
        """Tell a set: messages and screenshots."""
        for frame in self._sets[number % 7]:
            first = 5 * number
            yield replace(frame, set=number, frame=first + frame.position, time=NOW + _FRAME * first)
        has_screenshot = number % 50 != 0
        yield SetEnd(number, "", has_screenshot)
        if has_screenshot:
            yield self._screenshots[number % 7]
        if number % 12 == 0:
            yield Event(5 * number, NOW, "mark", {"text": "x"})
        if number % 30 == 0:
            yield Proof(0, number % 5, "0" * 64)

    def _frames(self, random: np.random.Generator) -> Iterator[Frame]:
        for position in range(5):
            changes = []
            for index, region in enumerate(hello().regions):
                chunk = region.chunks[position]
                words = np.unique(random.integers(0, 40, 20)).astype(np.uint32) + np.uint32(chunk.first_word)
                values = random.integers(0, 1 << 32, len(words), dtype=np.uint32)
                changes.append(pack_changes(index, position, chunk, words, values))
            yield Frame(0, position, 0, 0, 0x0800_0000, int(random.integers(0, 1024)), tuple(changes))
