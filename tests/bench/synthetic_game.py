"""A game made of nothing but memory, which changes as much of it as is asked for.

Four fifths of the changed words are the same in every frame set, as timers, positions and shadow copies are; the
others are somewhere else each time. They stand in runs, longer ones where there are many, as tables and buffers do.
Half of the values count in small steps, a quarter are pointers, a quarter are anything.
"""

import numpy as np

from lua.headless.core import MEMORY_SIZES
from protocol.changes import U32
from tests.fakes.consoles import SyntheticCore

__all__ = ["FRAMES_PER_SET", "synthetic_game"]

FRAMES_PER_SET = 5

_IWRAM_SHARE = 0.3
_MOST_OF_A_REGION = 0.75
_HABITUAL = 0.8


def synthetic_game(changes_per_set: int, seed: int = 1) -> SyntheticCore:
    """Make a console in which exactly so many words change in any five frames, each of them once."""
    return SyntheticCore(_Life(changes_per_set, seed).step)


class _Life:
    def __init__(self, changes_per_set: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._run = max(4, changes_per_set // 80 // 4 * 4)
        most = int(MEMORY_SIZES["IWRAM"] // 4 * _MOST_OF_A_REGION)
        iwram = min(int(changes_per_set * _IWRAM_SHARE), most)
        self._shares = {"IWRAM": iwram, "EWRAM": changes_per_set - iwram}
        self._habits = {name: self._places(name, round(count * _HABITUAL)) for name, count in self._shares.items()}
        self._now: dict[str, U32] = {}
        self._frame = 0

    def step(self, core: SyntheticCore, _pressed: int) -> None:
        position = self._frame % FRAMES_PER_SET
        for name, count in self._shares.items():
            if position == 0:
                self._now[name] = self._words_of_a_set(name, count)
            words = self._now[name][position::FRAMES_PER_SET]
            memory = np.frombuffer(core.memories()[name], "<u4")
            memory[words] = self._next_values(memory[words])
        self._frame += 1

    def _words_of_a_set(self, name: str, count: int) -> U32:
        habits = self._habits[name]
        fresh = np.setdiff1d(self._places(name, 2 * count), habits)
        self._random.shuffle(fresh)
        return np.concatenate((habits, fresh[: count - len(habits)]))

    def _places(self, name: str, count: int) -> U32:
        runs = MEMORY_SIZES[name] // 4 // self._run
        chosen = self._random.choice(runs, min(runs, -(-count // self._run)), replace=False)
        words = chosen[:, None] * self._run + np.arange(self._run)
        return words.ravel()[:count].astype(np.uint32)

    def _next_values(self, before: U32) -> U32:
        count = len(before)
        kind = self._random.integers(0, 4, count)
        pointers = 0x0200_0000 + self._random.integers(0, 0x40000, count)
        anything = self._random.integers(0, 1 << 32, count)
        after = np.where(kind < 2, before + 1 + self._random.integers(0, 3, count), 0)
        after = np.where(kind == 2, pointers, np.where(kind == 3, anything, after)).astype(np.uint32)
        return np.where(after == before, after + np.uint32(1), after)
