"""Play of the demo game whose contexts are known, and people who label it late and sometimes wrong."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

import resources
from daemon.analysis.history import History
from lua.headless.tape import read_tape
from protocol.console import GBA
from tests.bench.recorded_hour import FRAMES, REGIONS, demo_hour, log_of
from tests.fakes.demo_game import symbol_address

__all__ = ["Played", "Truth", "play", "read_off", "typed_live"]

Truth = Sequence[str]
"""The true value of a field in each frame set."""


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """The tour of the demo game, again and again.

    Args:
        history: the recording.
        truth: the context of each frame set at its last frame, as the game itself knows it.
    """

    history: History
    truth: Truth


@cache
def play(sets: int) -> Played:
    """Play so many frame sets."""
    contexts = _contexts_of_tour()
    truth = [contexts[number % len(contexts)] for number in range(sets)]
    return Played(History.of(REGIONS, FRAMES, log_of(demo_hour(sets))), truth)


def read_off(truth: Truth, share: float, seed: int, wrong: float = 0.1) -> list[str]:
    """Label single frame sets here and there by their pictures, one in ten wrong."""
    chance = np.random.default_rng(seed)
    options = sorted(set(truth))
    labels = [""] * len(truth)
    for place in chance.choice(len(truth), int(len(truth) * share), replace=False).tolist():
        others = [option for option in options if option != truth[place]]
        labels[place] = str(chance.choice(others)) if chance.random() < wrong else truth[place]
    return labels


def typed_live(truth: Truth, seed: int, wrong: float = 0.1) -> tuple[list[str], list[tuple[int, int]]]:
    """Label everything while it is played, each key 0.2 to 1.0 s late; a person does not label transitions.

    Returns:
        The labels; and for each label that begins, the place where it does, and the one where it should.
    """
    chance = np.random.default_rng(seed)
    options = sorted(set(truth) - {"transition"})
    labels = list(truth)
    begins = []
    shown = ""
    for place, value in enumerate(truth):
        if value in {shown, "transition"}:
            continue
        shown = value
        others = [option for option in options if option != value]
        given = str(chance.choice(others)) if chance.random() < wrong else value
        late = round(float(chance.uniform(0.2, 1.0)) * GBA.frames_per_second / FRAMES) if place else 0
        labels[place + late :] = [given] * len(labels[place + late :])
        begins.append((place + late, place))
    return labels, begins


@cache
def _contexts_of_tour() -> Truth:
    """Read the scene at the last frame of each set of the tour off its tape."""
    tape = read_tape(resources.demo_tape())
    symbols = json.loads(resources.demo_symbols().read_text("utf-8"))
    names = next(symbol["values"] for symbol in symbols if symbol["name"] == "scene")
    base = next(region.base for region in REGIONS if region.name == "iwram")
    words = np.zeros(next(region.words for region in REGIONS if region.name == "iwram"), "<u4")
    contexts = []
    for frame in range(tape.head.frames // FRAMES * FRAMES):
        tape.tracks["IWRAM"].change(frame, words)
        if frame % FRAMES == FRAMES - 1:
            contexts.append(names[str(words.view(np.uint8)[symbol_address("scene") - base])])
    return contexts
