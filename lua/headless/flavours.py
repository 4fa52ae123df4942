"""The releases of BizHawk that are imitated, and how they differ for a script. Pure.

Seen by running a script inside the releases' own assemblies.
"""

from typing import Literal, get_args

__all__ = ["BULK_READS", "FLAVOURS", "NEWEST", "QUICK_SAVES_ONLY", "UNPROTECTED_MAIN", "Flavour"]

Flavour = Literal["2.10", "2.11", "2.11.1"]
"""A release of BizHawk."""

FLAVOURS: tuple[Flavour, ...] = get_args(Flavour)
"""All of them, oldest first."""

NEWEST: Flavour = "2.11.1"
"""The one that most people download."""

BULK_READS = frozenset[Flavour]({"2.11.1"})
"""Those with `memory.read_bytes_as_binary_string`."""

UNPROTECTED_MAIN = frozenset[Flavour]({"2.10"})
"""Those where `pcall` in the main chunk does not protect: the script ends at its next call into BizHawk."""

QUICK_SAVES_ONLY = frozenset[Flavour]({"2.10"})
"""Those that fire `onsavestate` for quick saves only."""
