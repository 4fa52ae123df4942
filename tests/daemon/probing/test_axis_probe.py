"""The probe of both axes on a made-up game that jumps, without a core."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from daemon.finding.axes import AxisScores
from daemon.probing.axis_probe import BUDGET, AxisProbe
from daemon.probing.played_session import PlayedSession
from daemon.probing.request import Verdict
from protocol.changes import U8, U32
from protocol.console import GBA

X, Y, FOE = 0, 4, 48
ONE = 1 << 16
LEFT, RIGHT, JUMP = (GBA.parse_combination(name) for name in ("Left", "Right", "A"))


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

    def run(self, held: int) -> None:
        """Run a frame."""
        self.x += 3 * ONE // 2 * (bool(held & RIGHT) - bool(held & LEFT))
        is_on_ground = self.y == 90 * ONE
        if held & JUMP & ~self.keys:
            self.chance += 1
            self.dy = -4 * ONE if is_on_ground else self.dy
        self.y = min(90 * ONE, self.y + self.dy)
        self.dy = 0 if self.y == 90 * ONE else self.dy + ONE // 5
        self.foe += (1 + self.chance % 2) * ONE
        self.drawn = self.x >> 16, self.y >> 16
        self.keys = held

    def words(self) -> U32:
        """Return its memory."""
        values = [self.x, self.y, self.dy & 0xFFFF_FFFF, self.drawn[0] | self.drawn[1] << 16, self.keys, self.chance]
        return np.array(values + [0] * 6 + [self.foe, 0, 0, 0], np.uint32)

    def write(self, position: int, data: bytes) -> None:
        """Write into its memory."""
        image = bytearray(self.words().tobytes())
        image[position : position + len(data)] = data
        words = np.frombuffer(bytes(image), np.uint32)
        self.x, self.y, self.dy = (int(words[place].view(np.int32)) for place in range(3))
        self.drawn = int(words[3]) & 0xFFFF, int(words[3]) >> 16
        self.keys, self.chance, self.foe = int(words[4]), int(words[5]), int(words[12])


@dataclass
class MadeSession:
    """The game as a session that can be played on from its only moment."""

    game: Jumper = field(default_factory=Jumper)
    frames: int = 0
    history: Any = field(
        default_factory=lambda: SimpleNamespace(
            fits=lambda width: np.ones(64 - width + 1, np.bool_), address_of=lambda position: position
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


def nothing_recorded() -> AxisScores:
    none = np.empty(0, np.int64)
    return AxisScores(none, none, none.astype(np.float64), none.astype(np.int8), none, none)


def probed(game: Jumper) -> tuple[AxisProbe, MadeSession]:
    session = MadeSession(game)
    probe = AxisProbe(cast("PlayedSession", session), [nothing_recorded(), nothing_recorded()])
    probe.try_at(0)
    probe.try_jump()
    probe.settle()
    return probe, session


def test_where_up_and_down_move_nothing_a_jump_shows_y() -> None:
    probe, session = probed(Jumper())
    level, upright = probe.groups()
    assert probe.jumps
    assert (level.name, upright.name) == ("Left/Right", "Up/Down")
    x, y = level.candidates[0], upright.candidates[0]
    assert (x.address, y.address) == (X, Y)
    assert (x.verdict, y.verdict) == (Verdict.SOURCE, Verdict.SOURCE)
    assert list(y.moves) == ["A"]
    assert y.moves["A"] < 0
    assert "with A" in y.reason
    assert "with ," not in y.reason
    assert session.frames <= BUDGET


@pytest.mark.parametrize("game", [Jumper(y=30 * ONE, dy=ONE), Jumper(keys=JUMP)], ids=["in the air", "held already"])
def test_where_a_jump_moves_nothing_either_there_is_no_y(game: Jumper) -> None:
    probe, session = probed(game)
    level, upright = probe.groups()
    assert level.candidates[0].address == X
    assert upright.candidates == ()
    assert not probe.jumps
    assert session.frames <= BUDGET
