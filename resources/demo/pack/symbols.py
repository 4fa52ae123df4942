"""The symbol list: address, type and meaning of each variable in the console's work memory."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from protocol.console import GBA
from resources.demo.pack.dwarf import Array, Enumeration, Scalar, Structure, Type, Variable
from resources.demo.pack.errors import SourceError

__all__ = ["Meanings", "list_symbols", "read_meanings"]

Meanings = Mapping[tuple[str, str], str]
"""(structure tag or "", variable or member) to the text of its `///` comment."""

_SPREAD_UP_TO = 8
"""An array of structures with more elements is listed once per member, with the stride, not once per element."""

_DECLARATION = re.compile(r"(?P<name>\w+)\s*(\[[^\]]*\]\s*)*(=[^;]*)?;\s*///\s*(?P<meaning>.+)$")
_STRUCTURE = re.compile(r"^(typedef )?struct (?P<tag>\w+) \{$")


def read_meanings(sources: Iterable[str]) -> Meanings:
    """Collect the `///` comments that stand behind declarations of variables and members.

    Args:
        sources: the text of each C file.
    """
    meanings: dict[tuple[str, str], str] = {}
    for text in sources:
        tag = ""
        for line in text.splitlines():
            if head := _STRUCTURE.match(line):
                tag = head["tag"]
            elif line.startswith("}"):
                tag = ""
            elif declaration := _DECLARATION.search(line):
                meanings[tag, declaration["name"]] = declaration["meaning"].strip()
    return meanings


def list_symbols(variables: Iterable[Variable], meanings: Meanings) -> list[dict[str, Any]]:
    """Describe every variable in work memory, structures by their members.

    Returns:
        By address: `name`, `address` (eight upper-case hex digits, as on the bus), `region`, `type` (`u8` to `s32`),
        `count` and `stride` (bytes) for arrays, `values` (number to name) for enumerations, `meaning`.

    Raises:
        SourceError: a variable or member has no `///` comment, or its number is no 8, 16 or 32 bits wide.
    """
    rows: list[tuple[int, dict[str, Any]]] = []
    for variable in variables:
        region = GBA.region_at(variable.address)
        if region is None:
            continue
        for name, address, shape, meaning in _flatten(
            variable.name, variable.address, variable.type, meanings, _meaning(meanings, "", variable.name)
        ):
            place = {"name": name, "address": f"{address:08X}", "region": region.name}
            rows.append((address, place | shape | {"meaning": meaning}))
    return [row for _, row in sorted(rows, key=lambda row: (row[0], row[1]["name"]))]


def _meaning(meanings: Meanings, tag: str, name: str) -> str:
    try:
        return meanings[tag, name]
    except KeyError:
        where = f"{tag}.{name}" if tag else name
        raise SourceError(f"{where} has no /// comment with its meaning") from None


def _flatten(
    name: str, address: int, kind: Type, meanings: Meanings, meaning: str
) -> Iterator[tuple[str, int, dict[str, Any], str]]:
    match kind:
        case Structure():
            for member, offset, inner in kind.members:
                whole_meaning = f"{meaning}: {_meaning(meanings, kind.tag, member)}"
                yield from _flatten(f"{name}.{member}", address + offset, inner, meanings, whole_meaning)
        case Array(element=Structure()) if kind.count <= _SPREAD_UP_TO:
            for number in range(kind.count):
                at = address + number * kind.element.size
                yield from _flatten(f"{name}[{number}]", at, kind.element, meanings, meaning)
        case Array(element=Structure() as structure):
            for inner_name, inner_address, shape, text in _flatten(f"{name}[]", address, structure, meanings, meaning):
                if "count" in shape:
                    raise SourceError(f"{inner_name} is an array inside a long array of structures")
                yield inner_name, inner_address, shape | {"count": kind.count, "stride": structure.size}, text
        case Array():
            count, element = kind.count, kind.element
            while isinstance(element, Array):
                count, element = count * element.count, element.element
            if isinstance(element, Structure):
                raise SourceError(f"{name} is a table of structures with more than one dimension")
            yield name, address, _number(name, element) | {"count": count, "stride": element.size}, meaning
        case _:
            yield name, address, _number(name, kind), meaning


def _number(name: str, kind: Scalar | Enumeration) -> dict[str, Any]:
    if kind.size not in (1, 2, 4):
        raise SourceError(f"{name} is {kind.size} bytes wide")
    if isinstance(kind, Scalar):
        return {"type": f"{'s' if kind.signed else 'u'}{8 * kind.size}"}
    prefix = _common_prefix(list(kind.names.values()))
    return {
        "type": f"u{8 * kind.size}",
        "values": {str(value): full[len(prefix) :].lower() for value, full in kind.names.items()},
    }


def _common_prefix(names: list[str]) -> str:
    """Return the words that all names start with: `SCENE_` of `SCENE_BATTLE`, `SCENE_SHOP`."""
    first = names[0].split("_")
    length = 0
    while length < len(first) - 1 and all(name.split("_")[: length + 1] == first[: length + 1] for name in names):
        length += 1
    return "".join(part + "_" for part in first[:length])
