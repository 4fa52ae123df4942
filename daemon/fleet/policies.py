"""Policies, the players of a fleet: at random, by recorded inputs, or a class. Shell.

A class of one's own, `--policy module:Class`, is made without arguments in each recorder and has two methods, those of
`Policy`. It must play the same for the same seed and game: a session that is begun again has to be the same one.
"""

import hashlib
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from lua.headless.core import MEMORY_MAP, Core
from lua.headless.inputs import Inputs, RandomInputs, SequentialInputs, read_inputs
from protocol.console import GBA
from protocol.errors import FleetError
from protocol.recorded_inputs import RecordedInputs

__all__ = ["INPUTS", "RANDOM", "GameView", "Player", "Policy", "PolicyChoice", "choose_policy"]

RANDOM = "random"
INPUTS = "inputs"


class GameView:
    """Sight of the game for a policy, after the frame that was played last.

    Args:
        core: the console.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._memories = {name: view.toreadonly() for name, view in core.memories().items()}

    @property
    def memories(self) -> Mapping[str, memoryview]:
        """Memory by name, `IWRAM` and `EWRAM` among them: live and read-only."""
        return self._memories

    def read(self, address: int, size: int) -> int:
        """Read an unsigned little-endian number of some bytes.

        Args:
            address: on the bus, such as 0x03000A14.
            size: its bytes.

        Raises:
            FleetError: no memory has it.
        """
        for name, (base, length) in MEMORY_MAP.items():
            if name in self._memories and base <= address <= base + length - size:
                return int.from_bytes(self._memories[name][address - base : address - base + size], "little")
        raise FleetError(f"The policy reads 0x{address:08X}, where the console has no memory.")

    def picture(self) -> NDArray[np.uint8]:
        """Return the picture, shape (160, 240, 3), RGB."""
        return self._core.framebuffer()


class Policy(Protocol):
    """A player of sessions, one after the other."""

    def reset(self, seed: int) -> None:
        """Begin a session: the console was just switched on.

        Args:
            seed: of the session, 32 bits.
        """
        ...

    def buttons(self, frame: int, game: GameView) -> int | str:
        """Choose the buttons that are held during a frame.

        Args:
            frame: counted from 0 at power-on.
            game: sight of the game before it.

        Returns:
            A combination such as `A+Right` or `None`, or a bit set in the order of `GBA.buttons`.
        """
        ...


class Player:
    """A policy whose choices are checked.

    Args:
        policy: the policy.
        name: of it, for sentences.
    """

    def __init__(self, policy: Policy, name: str) -> None:
        self._policy = policy
        self._name = name

    def reset(self, seed: int) -> None:
        """Begin a session.

        Raises:
            FleetError: the policy raised.
        """
        try:
            self._policy.reset(seed)
        except Exception as error:
            raise FleetError(f"The policy {self._name} failed to begin: {error!r}.") from error

    def buttons(self, frame: int, game: GameView) -> int:
        """Return the buttons that are held during a frame, as a bit set.

        Raises:
            FleetError: the policy raised, or chose something that is no combination.
        """
        try:
            chosen = self._policy.buttons(frame, game)
        except FleetError:
            raise
        except Exception as error:
            raise FleetError(f"The policy {self._name} failed at frame {frame}: {error!r}.") from error
        try:
            pressed = GBA.parse_combination(chosen) if isinstance(chosen, str) else int(chosen)
        except (TypeError, ValueError):
            pressed = -1
        if not 0 <= pressed < 1 << len(GBA.buttons):
            raise FleetError(
                f"The policy {self._name} chose {chosen!r} at frame {frame}: "
                "it must return a combination such as A+Right, or a bit set of the ten buttons."
            )
        return pressed


class _InputsPolicy:
    """Recorded inputs, if there are any, and the random player after their last change."""

    def __init__(self, recorded: RecordedInputs | None = None) -> None:
        self._recorded = recorded
        self._inputs: Inputs = RandomInputs(0)

    def reset(self, seed: int) -> None:
        self._inputs = RandomInputs(seed)
        if self._recorded is not None:
            self._inputs = SequentialInputs(self._recorded, self._inputs)

    def buttons(self, frame: int, game: GameView) -> int:  # noqa: ARG002 - plays blind
        return self._inputs.pressed(frame)


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """A policy that can be sent to recorders, which each make a player of it.

    Args:
        name: as it was asked for.
        recorded: the inputs of `inputs`.
        kind: the class of `module:Class`.
        sha256: of the inputs or of the module; empty where nothing was read.
    """

    name: str
    recorded: RecordedInputs | None = None
    kind: Any = None
    sha256: str = ""

    def player(self) -> Player:
        """Make a player."""
        policy = _InputsPolicy(self.recorded) if self.kind is None else self.kind()
        return Player(cast("Policy", policy), self.name)

    @property
    def module(self) -> ModuleType | None:
        """The module of the class, where it lies in the current folder and is not installed."""
        module = None if self.kind is None else inspect.getmodule(self.kind)
        file = Path(getattr(module, "__file__", None) or Path.cwd().root).resolve()
        return module if file.is_relative_to(Path.cwd()) and "site-packages" not in file.parts else None


def choose_policy(name: str, inputs: Path | None = None) -> PolicyChoice:
    """Find a policy by its name.

    Args:
        name: `random`, `inputs` or `module:Class`; the module may lie in the current folder.
        inputs: the file of `inputs`.

    Raises:
        FleetError: there is no such policy, or it does not go with the file.
        InputFileError: the inputs cannot be read.
    """
    if (name == INPUTS) != (inputs is not None):
        raise FleetError("--policy inputs and --inputs FILE go together: name the file that is played.")
    if inputs is not None:
        recorded = read_inputs(inputs)
        changes = "".join(f"{frame} {keys}\n" for frame, keys in recorded.changes())
        return PolicyChoice(name, recorded, sha256=_sha256(changes))
    if name == RANDOM:
        return PolicyChoice(name)
    module_name, _, class_name = name.partition(":")
    if not (module_name and class_name):
        raise FleetError(f"There is no policy {name!r}: choose {RANDOM}, {INPUTS} or a class of yours, module:Class.")
    kind = _load_class(name, module_name, class_name)
    return PolicyChoice(name, kind=kind, sha256=_sha256(_source(kind)))


def _load_class(name: str, module_name: str, class_name: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)  # A command does not look for modules where it is run; Python does.
    try:
        kind = getattr(import_module(module_name), class_name, None)
    except ImportError as error:
        raise FleetError(
            f"The policy {name} cannot be imported ({error}): run the command in the folder with {module_name}."
        ) from error
    missing = [method for method in ("reset", "buttons") if not callable(getattr(kind, method, None))]
    if not inspect.isclass(kind) or missing:
        raise FleetError(
            f"The policy {name} is no class with the methods reset(seed) and buttons(frame, game): see docs/fleets.md."
        )
    return kind


def _source(kind: Any) -> str:
    module = inspect.getmodule(kind)
    try:
        return inspect.getsource(module or kind)
    except (OSError, TypeError):
        return ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
