"""Actions of an environment: a space of Gymnasium, and the buttons of each. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium import spaces

from daemon.environment.options import ActionKind
from protocol.console import GBA, NO_KEYS
from protocol.errors import SettingsError

__all__ = ["Actions", "actions_of"]

_BITS = 1 << np.arange(len(GBA.buttons))


@dataclass(frozen=True, slots=True)
class Actions:
    """Actions of an environment.

    Args:
        space: theirs.
        pressed: gives the buttons held in each frame of a step, bit sets in the order of `GBA.buttons`.
    """

    space: spaces.Space[Any]
    pressed: Callable[[Any], Sequence[int]]


def actions_of(kind: ActionKind, frames: int, combinations: Sequence[str]) -> Actions:
    """Make the actions of a kind.

    Args:
        kind: their form.
        frames: of a step.
        combinations: of `ActionKind.COMBINATIONS`: `A+Right`, or `None`.

    Raises:
        SettingsError: a combination has a button that there is not, or one comes twice.
    """
    buttons = len(GBA.buttons)
    match kind:
        case ActionKind.BUTTONS:
            return Actions(spaces.MultiBinary(buttons), lambda action: [int(np.dot(action, _BITS))] * frames)
        case ActionKind.FRAMES:
            each = spaces.MultiBinary((frames, buttons))
            return Actions(each, lambda action: np.dot(action, _BITS).tolist())
        case ActionKind.DISCRETE:
            combinations = (NO_KEYS, *GBA.buttons)
    held = [_bits(combination) for combination in combinations]
    if len(set(held)) != len(held):
        raise SettingsError("A combination of buttons is there twice.")
    return Actions(spaces.Discrete(len(held)), lambda action: [held[int(action)]] * frames)


def _bits(combination: str) -> int:
    try:
        return GBA.parse_combination(combination)
    except ValueError as error:
        raise SettingsError(f"{error}.") from None
