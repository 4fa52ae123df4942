"""Values of named addresses in a console's memory, all of them at once. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np

from daemon.analysis.value_types import VALUE_TYPES, ValueType
from daemon.names.named_address import NamedAddress
from protocol.changes import F64, I64, U8
from protocol.console import GBA
from protocol.errors import NamesError

__all__ = ["VariableReader", "bounds_of", "is_in_memory"]


class VariableReader:
    """Reader of named addresses.

    The bytes of all values are gathered into one buffer, where those of a type lie together: so it takes a few calls of
    numpy for each type and not for each name.

    Args:
        names: those to read, in the order of the values; all lie in work memory.
        memories: live views of the console's memories, by BizHawk's names; read again by each `values`.
    """

    def __init__(self, names: Sequence[NamedAddress], memories: Mapping[str, memoryview]) -> None:
        places: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            places.setdefault(name.type, []).append(place)
        self._count = len(names)
        parts: list[tuple[ValueType, slice, I64]] = []
        gathered: dict[str, tuple[list[int], list[int]]] = {}
        size = 0
        for type_name, of_type in places.items():
            kind = VALUE_TYPES[type_name]
            parts.append((kind, slice(size, size + kind.width * len(of_type)), np.array(of_type)))
            for place in of_type:
                region = GBA.region_at(names[place].address, kind.width)
                if region is None:
                    raise NamesError(f"{names[place].name} does not lie in the console's work memory.")
                targets, sources = gathered.setdefault(region.domain, ([], []))
                targets += range(size, size + kind.width)
                first = names[place].address - region.base
                sources += range(first, first + kind.width)
                size += kind.width
        self._buffer = np.zeros(size, np.uint8)
        # What is an integer needs no decoding: its type's view of the buffer has the values.
        self._integers = [(self._buffer[part].view(kind.raw), where) for kind, part, where in parts if kind.is_integer]
        self._others = [
            (kind, self._buffer[part].reshape(-1, kind.width), where)
            for kind, part, where in parts
            if not kind.is_integer
        ]
        self._gathered: list[tuple[U8, I64, I64]] = [
            (np.frombuffer(memories[domain], np.uint8), np.array(targets), np.array(sources))
            for domain, (targets, sources) in gathered.items()
        ]
        self._factors = np.array([name.scale.factor for name in names], np.float64)
        self._offsets = np.array([name.scale.offset for name in names], np.float64)
        self._is_plain = all(name.scale.is_plain for name in names)

    def values(self) -> F64:
        """Return the values of now in their scales, shape (k,).

        Returns:
            NaN where the bytes are no value of the type.
        """
        for memory, targets, sources in self._gathered:
            self._buffer[targets] = memory[sources]
        found = np.empty(self._count)
        for numbers, places in self._integers:
            found[places] = numbers
        for kind, data, places in self._others:
            typed = kind.decode(data)
            found[places] = typed.values
            if typed.valid is not None:
                found[places[~typed.valid]] = np.nan
        return found if self._is_plain else found * self._factors + self._offsets


def bounds_of(names: Sequence[NamedAddress]) -> tuple[F64, F64]:
    """Return the least and the greatest value of each name, in its scale, shape (k,) each."""
    types = [VALUE_TYPES[name.type] for name in names]
    ends = np.array([(kind.least, kind.greatest) for kind in types], np.float64).reshape(-1, 2)
    scales = np.array([(name.scale.factor, name.scale.offset) for name in names], np.float64).reshape(-1, 2)
    scaled = np.sort(ends * scales[:, :1] + scales[:, 1:], axis=1)
    return scaled[:, 0], scaled[:, 1]


def is_in_memory(name: NamedAddress) -> bool:
    """Return whether all bytes of a name lie in the console's work memory."""
    return GBA.region_at(name.address, name.width) is not None
