"""Frames per second of an environment, by what it observes."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import gbatrace
import resources
from lua.headless.inputs import read_inputs
from lua.headless.libretro_core import LibretroCore
from protocol.console import GBA
from tests.bench.figures import Budget, Figure, spread
from tests.bench.settings import BenchSettings

__all__ = ["environment_bench"]

_WANTED = Budget("median", 2500, at_least=True)
_NAMES = ("scene", "map", "player.x", "player.y", "money", "lights", "party[0].hp", "frame_counter")
_GOAL = {"reward": "money.delta + 10 * lights.delta", "done": "scene == 14"}
_FRAMES = 60
"""Frames that are timed at once: ours and the baseline take turns that often."""


def environment_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Play the demo game's tour, in processor time; the baseline is the bare core, which draws every frame.

    Yields:
        Frames per second for each kind of observation.
    """
    tour = read_inputs(resources.demo_tour())
    pressed = [tour.pressed(frame) for frame in range(600 if settings.quick else tour.last_frame // 300 * 300)]
    kinds: dict[str, dict[str, Any]] = {
        "8 variables and a goal": {"names": _NAMES, "goal": _GOAL},
        "8 variables and a goal, steps of 1 frame": {"names": _NAMES, "goal": _GOAL, "frame_skip": 1},
        "all variables": {},
        "memory": {"observe": "memory"},
        "picture": {"observe": "picture"},
    }
    for subject, options in kinds.items():
        ours, bare = _speeds(options, pressed, settings.rounds)
        budgets = (_WANTED,) if subject.startswith("8") else ()
        yield Figure(subject, "frames", "per s", spread(ours), spread(bare), budgets=budgets, more_is_better=True)


def _speeds(options: dict[str, Any], pressed: Sequence[int], rounds: int) -> tuple[list[float], list[float]]:
    environment = gbatrace.make_env(actions="frames", **options)
    core = LibretroCore(resources.demo_rom())
    start = core.save_state()
    skip = options.get("frame_skip", 5)
    actions = [
        np.array([[bits >> place & 1 for place in range(len(GBA.buttons))] for bits in pressed[first : first + skip]])
        for first in range(0, len(pressed), skip)
    ]
    ours, bare = [], []
    for _ in range(rounds):
        environment.reset()
        core.load_state(start)
        for first in range(0, len(pressed), _FRAMES):
            started = time.thread_time()
            for action in actions[first // skip : (first + _FRAMES) // skip]:
                environment.step(action)
            between = time.thread_time()
            for bits in pressed[first : first + _FRAMES]:
                core.run_frame(bits)
            ended = time.thread_time()
            ours.append(_FRAMES / (between - started))
            bare.append(_FRAMES / (ended - between))
    environment.close()
    core.close()
    return ours, bare
