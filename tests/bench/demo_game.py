"""Places in the demo game's tour: a quiet one, a battle, a change of scene."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import numpy as np

import resources
from lua.headless.core import Core
from lua.headless.emulator import SavedState
from lua.headless.inputs import RandomInputs, read_inputs
from lua.headless.libretro_core import LibretroCore
from protocol.changes import U32
from tests.bench.scanning import Stage

__all__ = ["WARM_UP", "ReadyCore", "demo_stages", "rom_stage"]

WARM_UP = 50
"""Frames before the measured ones: the script meets the memory and learns which words change."""

_FRAMES_PER_SET = 5
_OPENING = 600
_IWRAM = 0x0300_0000
_QUIET, _BATTLE = "overworld", "battle"


class ReadyCore(LibretroCore):
    """Reads the registers when a frame has run: it must serialise the console for that, and the script pays nothing."""

    _now: Mapping[str, int] = MappingProxyType({})

    def run_frame(self, pressed: int) -> None:
        """Run one frame, then read the registers."""
        super().run_frame(pressed)
        self._now = super().registers()

    def registers(self) -> Mapping[str, int]:
        """Give what was read."""
        return self._now or super().registers()


def demo_stages(frames: int) -> dict[str, Stage]:
    """Find the places, each of `frames` frames; the greatest change of memory lies in the middle of its place."""
    tour = read_inputs(resources.demo_tour())
    core = LibretroCore(resources.demo_rom())
    scene_at, names = _scene_symbol()
    scenes, changed, states = [], [], []
    before = _memory(core)
    for frame in range(tour.last_frame):
        if frame % _FRAMES_PER_SET == 0:
            states.append(core.save_state())
            now = _memory(core)
            changed.append(int(np.count_nonzero(now != before)))
            before = now
        core.run_frame(tour.pressed(frame))
        scenes.append(names.get(str(core.memories()["IWRAM"][scene_at]), ""))
    core.close()
    sets = frames // _FRAMES_PER_SET
    warm_up = WARM_UP // _FRAMES_PER_SET
    peak = max(range(warm_up + sets, len(changed) - sets), key=changed.__getitem__)
    starts = {
        "quiet": _first_stay(scenes, _QUIET, WARM_UP + frames),
        "battle": _first_stay(scenes, _BATTLE, WARM_UP + frames),
        "scene change": (peak - sets // 2 - warm_up) * _FRAMES_PER_SET,
    }
    return {
        name: Stage(
            partial(ReadyCore, resources.demo_rom()),
            frames,
            WARM_UP,
            SavedState(name, start, states[start // _FRAMES_PER_SET]),
            tour,
        )
        for name, start in starts.items()
    }


def rom_stage(stage_of: Callable[[], Core], frames: int) -> Stage:
    """Play a game at random: the part after its first ten seconds."""
    inputs, core = RandomInputs(1), stage_of()
    for frame in range(_OPENING):
        core.run_frame(inputs.pressed(frame))
    begin = SavedState("opening", _OPENING, core.save_state())
    core.close()
    return Stage(stage_of, frames, WARM_UP, begin, inputs)


def _scene_symbol() -> tuple[int, dict[str, str]]:
    symbols = json.loads(resources.demo_symbols().read_text(encoding="utf-8"))
    scene = next(symbol for symbol in symbols if symbol["name"] == "scene")
    return int(scene["address"], 16) - _IWRAM, scene["values"]


def _memory(core: Core) -> U32:
    memories = core.memories()
    return np.concatenate([np.frombuffer(memories[name], "<u4") for name in ("IWRAM", "EWRAM")])


def _first_stay(scenes: Sequence[str], scene: str, frames: int) -> int:
    """Find the first frame set from which the game stays in a scene for so many frames, or else for longest."""
    best, longest = 0, 0
    for start in range(0, len(scenes), _FRAMES_PER_SET):
        stay = next((n for n, name in enumerate(scenes[start : start + frames]) if name != scene), frames)
        if stay > longest:
            best, longest = start, min(stay, len(scenes) - start)
        if longest == frames:
            break
    return best
