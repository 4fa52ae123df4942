"""Reads a linked program's global variables and their types out of the debug information, as `readelf` prints it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from resources.demo.pack.errors import SourceError

__all__ = ["Array", "Enumeration", "Scalar", "Structure", "Type", "Variable", "parse_debug_info"]


@dataclass(frozen=True)
class Scalar:
    """A number."""

    size: int
    """Bytes."""
    signed: bool


@dataclass(frozen=True)
class Enumeration:
    """A number whose values have names."""

    size: int
    """Bytes."""
    names: Mapping[int, str]


@dataclass(frozen=True)
class Array:
    """Equal elements in a row; several dimensions are arrays of arrays."""

    element: "Type"
    count: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.element.size * self.count


@dataclass(frozen=True)
class Structure:
    """Named members."""

    tag: str
    size: int
    """Bytes."""
    members: tuple[tuple[str, int, "Type"], ...]
    """Name, offset in bytes, type."""


Type = Scalar | Enumeration | Array | Structure


@dataclass(frozen=True)
class Variable:
    """A global variable."""

    name: str
    address: int
    type: Type


@dataclass
class _Entry:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["_Entry"] = field(default_factory=list)


_ENTRY = re.compile(r"\s*<(?P<depth>[0-9a-f]+)><(?P<offset>[0-9a-f]+)>: Abbrev Number: \d+ \(DW_TAG_(?P<tag>\w+)\)")
_ATTRIBUTE = re.compile(r"\s*<[0-9a-f]+>\s+DW_AT_(?P<name>\w+)\s*: (?P<value>.*)")
_ADDRESS = re.compile(r"\(DW_OP_addr: (?P<address>[0-9a-f]+)\)")
_REFERENCE = re.compile(r"<0x(?P<offset>[0-9a-f]+)>")
_FORM = re.compile(r"^\((data\d+|[su]data|str[xp]?\d?|line_strp|string|implicit_const)\) ")
_SIGNED_ENCODINGS = ("(signed)", "(signed char)")


def parse_debug_info(dump: str) -> list[Variable]:
    """Read what `readelf --debug-dump=info` printed.

    Args:
        dump: its output (DWARF 4; offsets of types are those of the whole section).

    Returns:
        Every variable with a fixed address, in the order of the dump.

    Raises:
        SourceError: a variable has a type this reader does not know.
    """
    entries = _parse_entries(dump)
    variables = []
    for entry in entries.values():
        location = _ADDRESS.search(entry.attributes.get("location", ""))
        if entry.tag == "variable" and location is not None:
            name = _text(_inherited(entries, entry, "name"))
            kind = _type(entries, _offset(_inherited(entries, entry, "type")), name)
            variables.append(Variable(name, int(location["address"], 16), kind))
    return variables


def _parse_entries(dump: str) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    path: list[_Entry] = []
    for line in dump.splitlines():
        if head := _ENTRY.match(line):
            entry = _Entry(head["tag"])
            del path[int(head["depth"], 16) :]
            if path:
                path[-1].children.append(entry)
            path.append(entry)
            entries[head["offset"]] = entry
        elif path and (attribute := _ATTRIBUTE.match(line)):
            path[-1].attributes[attribute["name"]] = attribute["value"].strip()
    return entries


def _text(value: str) -> str:
    return _FORM.sub("", value).rsplit("): ", 1)[-1]


def _number(value: str) -> int:
    return int(_FORM.sub("", value).split()[0], 0)


def _offset(value: str) -> str:
    found = _REFERENCE.search(value)
    return found["offset"] if found else ""


def _inherited(entries: Mapping[str, _Entry], entry: _Entry, name: str) -> str:
    """An attribute of an entry, or of the declaration that the entry completes."""
    while name not in entry.attributes:
        origin = entry.attributes.get("specification") or entry.attributes.get("abstract_origin")
        if origin is None:
            raise SourceError(f"the debug information has a variable without a {name}")
        entry = entries[_offset(origin)]
    return entry.attributes[name]


def _type(entries: Mapping[str, _Entry], offset: str, variable: str) -> Type:
    entry = entries.get(offset)
    match entry:
        case _Entry("typedef" | "const_type" | "volatile_type"):
            return _type(entries, _offset(entry.attributes.get("type", "")), variable)
        case _Entry("base_type"):
            signed = entry.attributes["encoding"].endswith(_SIGNED_ENCODINGS)
            return Scalar(_number(entry.attributes["byte_size"]), signed)
        case _Entry("pointer_type"):
            return Scalar(_number(entry.attributes["byte_size"]), signed=False)
        case _Entry("enumeration_type"):
            names = {
                _number(child.attributes["const_value"]): _text(child.attributes["name"]) for child in entry.children
            }
            return Enumeration(_number(entry.attributes["byte_size"]), names)
        case _Entry("structure_type"):
            members = tuple(_members(entries, entry, variable))
            return Structure(_text(entry.attributes.get("name", "")), _number(entry.attributes["byte_size"]), members)
        case _Entry("array_type"):
            kind = _type(entries, _offset(entry.attributes.get("type", "")), variable)
            for bound in reversed(entry.children):
                kind = Array(kind, _number(bound.attributes["upper_bound"]) + 1)
            return kind
    raise SourceError(f"{variable} has a type that the symbol list cannot describe")


def _members(entries: Mapping[str, _Entry], entry: _Entry, variable: str) -> Iterator[tuple[str, int, Type]]:
    for child in entry.children:
        if child.tag == "member":
            name = _text(child.attributes["name"])
            yield (
                name,
                _number(child.attributes["data_member_location"]),
                _type(entries, _offset(child.attributes["type"]), variable),
            )
