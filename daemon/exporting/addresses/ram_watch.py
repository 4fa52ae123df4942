"""A `.wch` file of BizHawk's RAM Watch. Pure.

The first line names the system; then one watch a line, in columns separated by tabs: address within its domain (hex,
as wide as the domain's last address), size (`b`, `w`, `d`), display (`u`, `s`), big-endian (`0`, `1`), domain, notes
(BizHawk, Client.Common, tools/Watch).
"""

from collections.abc import Sequence

from daemon.exporting.addresses.symbols import Symbol, SymbolFile, long_arrays, variables
from protocol.console import GBA

__all__ = ["watch_list"]

_DOMAINS = {region.name: (region.domain, len(f"{region.size - 1:X}")) for region in GBA.regions}
"""BizHawk's name of each region, and the hex digits of an address in it."""

_SIZES = {1: "b", 2: "w", 4: "d"}


def watch_list(symbols: Sequence[Symbol]) -> SymbolFile:
    """Write a watch list; lines end as Windows ends them."""
    watches = [_watch(variable) for variable in variables(symbols)]
    data = "\r\n".join([f"SystemID {GBA.system}", *watches, ""]).encode()
    return SymbolFile(len(watches), data, tuple(long_arrays(symbols)))


def _watch(variable: Symbol) -> str:
    domain, digits = _DOMAINS[variable.region]
    notes = " ".join(f"{variable.name}: {variable.meaning}".split())
    display = "s" if variable.signed else "u"
    return "\t".join(
        (f"{variable.offset:0{digits}X}", _SIZES[variable.size], display, "0", domain, notes.removesuffix(":"))
    )
