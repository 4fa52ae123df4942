"""Watch lists of BizHawk's RAM Watch, `.wch`. Pure.

The first line names the system; then one watch a line, in columns separated by tabs: address within its domain (hex,
as wide as the domain's last address), size (`b`, `w`, `d`, `S` for a line between watches), display (`u`, `s`),
big-endian (`0`, `1`), domain, notes (BizHawk, Client.Common, tools/Watch).
"""

from collections.abc import Iterator, Sequence

from daemon.exporting.addresses.symbols import NOT_A_NUMBER, Symbol, SymbolFile, long_arrays, symbol_at, variables
from protocol.console import GBA
from protocol.errors import ExportError
from protocol.wording import counted

__all__ = ["read_watches", "watch_list"]

_REGIONS = {region.name: region for region in GBA.regions}
_DOMAINS = {region.domain: region for region in GBA.regions}
_SIZES = {1: "b", 2: "w", 4: "d"}
_BYTES = {letter: size for size, letter in _SIZES.items()}
_SEPARATOR = "S"
_COMBINED = (_DOMAINS["EWRAM"], _DOMAINS["IWRAM"])
"""The regions of the domain `Combined WRAM`, one after the other."""


def watch_list(symbols: Sequence[Symbol]) -> SymbolFile:
    """Write a watch list; lines end as Windows ends them."""
    watches = [_watch(variable) for variable in variables(symbols)]
    data = "\r\n".join([f"SystemID {GBA.system}", *watches, ""]).encode()
    return SymbolFile(len(watches), data, tuple(long_arrays(symbols)))


def read_watches(file: str, text: str) -> Iterator[Symbol | str]:
    """Read a watch list.

    Args:
        file: its name, for messages.
        text: its content.

    Yields:
        A symbol, or a sentence for a watch that could not be taken over.

    Raises:
        ExportError: it is none.
    """
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line]
    if not rows:
        raise ExportError(f"{file} is no list of named addresses: neither JSON nor a watch list of BizHawk.")
    for row in rows:
        if row[1] == _SEPARATOR:
            continue
        if len(row) < 6:
            yield f"{row[0]} was left out: its line has {counted(len(row), 'column')} instead of 6."
            continue
        digits, kind, display, big_endian, domain, notes = row[:6]
        # Written as we write them: the name, then what it means.
        name, _, meaning = (part.strip() for part in (notes or f"{domain} {digits}").partition(": "))
        try:
            address = _bus_address(int(digits, 16), domain)
        except ValueError:
            yield f"{name} was left out: {digits!r} is not an address."
            continue
        if kind not in _BYTES or (big_endian == "1" and kind != "b"):
            yield f"{name} was left out: it {NOT_A_NUMBER}."
        elif address is None:
            yield f"{name} was left out: the memory domain {domain} is not traced."
        else:
            yield symbol_at(name, address, _BYTES[kind], signed=display == "s", meaning=meaning)


def _watch(variable: Symbol) -> str:
    region = _REGIONS[variable.region]
    address = f"{variable.offset:0{len(f'{region.size - 1:X}')}X}"
    notes = " ".join(f"{variable.name}: {variable.meaning}".split()).removesuffix(":")
    display = "s" if variable.signed else "u"
    return "\t".join((address, _SIZES[variable.size], display, "0", region.domain, notes))


def _bus_address(offset: int, domain: str) -> int | None:
    if domain in _DOMAINS:
        return _DOMAINS[domain].base + offset
    if domain == "Combined WRAM":
        first, second = _COMBINED
        return first.base + offset if offset < first.size else second.base + offset - first.size
    return offset if domain == "System Bus" else None
