"""Options of an environment, all of them JSON values. Pure."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from operator import index
from pathlib import PurePath
from typing import Any

from protocol.errors import SettingsError

__all__ = [
    "DEMO",
    "ENTRY_POINT",
    "POWER_ON",
    "ActionKind",
    "EnvironmentOptions",
    "Observed",
    "environment_id",
]

ENTRY_POINT = "daemon.environment.game_environment:GameEnvironment"
"""Class of an environment, in the form of Gymnasium's specifications."""

DEMO = "gbatrace_demo"
"""Name of the demo game's config."""

POWER_ON = "power-on"
"""Start of an episode with the console being switched on."""


_FRAMES = 5
"""Frames of a step: those of a frame set as it is recorded by default."""


_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]")


class Observed(StrEnum):
    """Part of an observation."""

    PICTURE = "picture"
    MEMORY = "memory"
    VARIABLES = "variables"


class ActionKind(StrEnum):
    """Form of an action."""

    BUTTONS = "buttons"
    FRAMES = "frames"
    DISCRETE = "discrete"
    COMBINATIONS = "combinations"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentOptions:
    """Options of an environment, as `gbatrace.make_env` explains them.

    Raises:
        SettingsError: one of them has an impossible value.
    """

    game: str = DEMO
    rom: str = ""
    observe: str = Observed.VARIABLES.value
    actions: str = ActionKind.BUTTONS.value
    combinations: tuple[str, ...] | str = ()
    names: tuple[str, ...] = ()
    goal: Mapping[str, str] | str | None = None
    starts: tuple[str, ...] = (POWER_ON,)
    frame_skip: int = _FRAMES
    max_steps: int = 0
    render_mode: str | None = None
    data_folder: str = "data"
    core: str = ""
    record_to: str = ""

    def __post_init__(self) -> None:
        for item in fields(self):
            object.__setattr__(self, item.name, _as_json(item.name, getattr(self, item.name)))
        _ = self.observed, self.action_kind
        if self.frame_skip < 1 or self.max_steps < 0:
            raise SettingsError("A step has at least one frame, and an episode no fewer than 0 steps.")
        if not self.starts:
            raise SettingsError(f"An episode needs somewhere to start, such as {POWER_ON!r}.")
        if (self.action_kind is ActionKind.COMBINATIONS) != bool(self.combinations):
            raise SettingsError("Actions that are combinations need `combinations`, and no others have any.")
        if self.render_mode not in {None, "rgb_array"}:
            raise SettingsError(
                f"There is no render mode {self.render_mode!r}: there is rgb_array, "
                "and gymnasium.make makes human of it."
            )

    @property
    def observed(self) -> tuple[Observed, ...]:
        """Parts of an observation, each once."""
        words = self.observe.split("+")
        if unknown := [word for word in words if word not in list(Observed)]:
            raise SettingsError(
                f"{unknown[0]!r} cannot be observed: choose {', '.join(Observed)}, several joined by `+`."
            )
        return tuple(dict.fromkeys(map(Observed, words)))

    @property
    def action_kind(self) -> ActionKind:
        """Form of an action."""
        if self.actions not in list(ActionKind):
            raise SettingsError(f"There are no actions {self.actions!r}: choose {', '.join(ActionKind)}.")
        return ActionKind(self.actions)

    def given(self) -> dict[str, Any]:
        """Return what differs from the defaults, as JSON has it."""
        values = {item.name: (getattr(self, item.name), item.default) for item in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            for name, (value, default) in values.items()
            if default is MISSING or value != default
        }


def _as_json(key: str, value: Any) -> Any:
    """Return an option's value in its own form: a path as text, one text as a list of it."""
    value = str(value) if isinstance(value, PurePath) else value
    is_text = isinstance(value, str)
    match key:
        case "names" | "starts" | "combinations":
            if is_text:
                return value if key == "combinations" else (value,) if value else ()
            values = tuple(value) if isinstance(value, Iterable) else (None,)
            if all(isinstance(each, str) for each in values):
                return values
            form = "a list of texts"
        case "frame_skip" | "max_steps":
            with suppress(TypeError):
                return index(value)
            form = "a whole number"
        case "goal":
            if value is None or is_text or isinstance(value, Mapping):
                return value
            form = "a dictionary with reward and done, or a file"
        case "render_mode":
            return value
        case _:
            if is_text:
                return value
            form = "a text"
    raise SettingsError(f"`{key}` cannot be {value!r}: it is {form}.")


def environment_id(game: str) -> str:
    """Return the id of a game's environment: `gbatrace/gbatrace_demo-v0`.

    Args:
        game: name of its game config, or of its file, without the ending.
    """
    return f"gbatrace/{_NOT_IN_IDS.sub('_', game)}-v0"
