"""Observations of an environment: a space of Gymnasium, and its members. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from daemon.environment.options import Observed
from daemon.environment.variables import bounds_of
from daemon.names.named_address import NamedAddress
from protocol.changes import F64, U8
from protocol.console import GBA

__all__ = ["Observer"]

_MEMORY_BYTES = sum(region.size for region in GBA.regions)


class Observer:
    """Observer of a console. What it gives is never used again by it.

    Args:
        parts: of an observation; several make it a dictionary.
        names: of the variables.
        memories: live views of the console's memories, by BizHawk's names.

    Attributes:
        space: of the observations.
    """

    def __init__(
        self, parts: Sequence[Observed], names: Sequence[NamedAddress], memories: Mapping[str, memoryview]
    ) -> None:
        self._parts = parts
        self._count = len(names)
        self._regions = [np.frombuffer(memories[region.domain], np.uint8)[: region.size] for region in GBA.regions]
        self._low, self._high = bounds_of(names)
        self._nothing = np.clip(0.0, self._low, self._high)
        of = {part: self._space(part) for part in parts}
        self.space: spaces.Space[Any] = (
            of[parts[0]] if len(parts) == 1 else spaces.Dict({part.value: space for part, space in of.items()})
        )

    def observe(self, values: F64, picture: U8 | None) -> Any:
        """Return an observation.

        Args:
            values: of named addresses, those of `names` first; one that is not known is shown as 0.
            picture: shape (160, 240, 3); None where it is not observed.
        """
        seen = {part.value: self._see(part, values, picture) for part in self._parts}
        return seen[self._parts[0].value] if len(seen) == 1 else seen

    def _see(self, part: Observed, values: F64, picture: U8 | None) -> NDArray[Any]:
        match part:
            case Observed.PICTURE:
                assert picture is not None  # noqa: S101 - whoever observes it hands it in
                return picture.copy()
            case Observed.MEMORY:
                return np.concatenate(self._regions)
            case Observed.VARIABLES:
                own = values[: self._count]
                return np.where(np.isnan(own), self._nothing, own)

    def _space(self, part: Observed) -> spaces.Space[Any]:
        match part:
            case Observed.PICTURE:
                return spaces.Box(0, 255, (GBA.height, GBA.width, 3), np.uint8)
            case Observed.MEMORY:
                return spaces.Box(0, 255, (_MEMORY_BYTES,), np.uint8)
            case Observed.VARIABLES:
                return spaces.Box(self._low, self._high, dtype=np.float64)
