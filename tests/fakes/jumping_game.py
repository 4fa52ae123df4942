"""A made-up game that jumps, as a session that can be played on without a core."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from protocol.changes import U8, U32
from protocol.console import GBA

__all__ = ["ONE", "SHOTS", "Jumper", "MadeSession", "X", "Y"]

X, Y, SHOTS = 0, 4, 52
ONE = 1 << 16
LEFT, RIGHT, JUMP, SHOOT = (GBA.parse_combination(name) for name in ("Left", "Right", "A", "B"))


@dataclass
class Jumper:
    """A game in which Up and Down do nothing: places in 16.16, a speed, pixels drawn of them, a foe led by chance."""

    x: int = 200 * ONE
    y: int = 90 * ONE
    dy: int = 0
    chance: int = 7
    foe: int = 40 * ONE
    drawn: tuple[int, int] = (200, 90)
    keys: int = 0
    shots: int = 20
    shown_shots: int = 20

    def run(self, held: int) -> None:
        """Run a frame."""
        self.x += 3 * ONE // 2 * (bool(held & RIGHT) - bool(held & LEFT))
        is_on_ground = self.y == 90 * ONE
        if held & JUMP & ~self.keys:
            self.chance += 1
            self.dy = -4 * ONE if is_on_ground else self.dy
        self.shots -= bool(held & SHOOT & ~self.keys)
        self.shown_shots = self.shots
        self.y = min(90 * ONE, self.y + self.dy)
        self.dy = 0 if self.y == 90 * ONE else self.dy + ONE // 5
        self.foe += (1 + self.chance % 2) * ONE
        self.drawn = self.x >> 16, self.y >> 16
        self.keys = held

    def words(self) -> U32:
        """Return its memory."""
        values = [self.x, self.y, self.dy & 0xFFFF_FFFF, self.drawn[0] | self.drawn[1] << 16, self.keys, self.chance]
        return np.array(values + [0] * 6 + [self.foe, self.shots, self.shown_shots, 0], np.uint32)

    def write(self, position: int, data: bytes) -> None:
        """Write into its memory."""
        image = bytearray(self.words().tobytes())
        image[position : position + len(data)] = data
        words = np.frombuffer(bytes(image), np.uint32)
        self.x, self.y, self.dy = (int(words[place].view(np.int32)) for place in range(3))
        self.drawn = int(words[3]) & 0xFFFF, int(words[3]) >> 16
        self.keys, self.chance, self.foe = int(words[4]), int(words[5]), int(words[12])
        self.shots, self.shown_shots = int(words[13]), int(words[14])


@dataclass
class MadeSession:
    """The game as a session that can be played on from its only moment."""

    game: Jumper = field(default_factory=Jumper)
    frames: int = 0
    history: Any = field(
        default_factory=lambda: SimpleNamespace(
            fits=lambda width: np.ones(64 - width + 1, np.bool_),
            address_of=lambda position: position,
            all_change_counts=SimpleNamespace(of=lambda width: np.zeros(64 - width + 1, np.int64)),
        )
    )
    timeline: Any = field(default_factory=lambda: SimpleNamespace(numbers=np.array([0])))

    def state_at(self, place: int) -> bytes:
        """Return the moment."""
        return pickle.dumps(self.game)

    def play(
        self, state: bytes, pressed: list[int], images: Sequence[int], writes: Sequence[tuple[int, bytes]] = ()
    ) -> list[U8]:
        """Play from a moment."""
        game: Jumper = pickle.loads(state)
        for position, data in writes:
            game.write(position, data)
        shown = [game.words()]
        for held in pressed:
            game.run(held)
            shown.append(game.words())
        self.frames += len(pressed)
        return [shown[number].view(np.uint8) for number in images]

    def play_on(self, state: bytes, pressed: list[int]) -> tuple[list[U32], bytes]:
        """Play from a moment and keep where that leads."""
        images = self.play(state, pressed, range(len(pressed) + 1))
        game: Jumper = pickle.loads(state)
        for held in pressed:
            game.run(held)
        return [image.view(np.uint32) for image in images], pickle.dumps(game)
