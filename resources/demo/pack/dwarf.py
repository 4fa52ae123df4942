"""Global variables of a linked program and their types, out of its DWARF 4."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from elftools.dwarf.die import DIE
from elftools.elf.elffile import ELFFile

from resources.demo.pack.errors import SourceError

__all__ = ["Array", "Enumeration", "Scalar", "Structure", "Type", "Variable", "read_structures", "read_variables"]


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


_ADDRESS = 0x03
"""DW_OP_addr: the location is the fixed address that follows."""

_SIGNED = {0x05, 0x06}
"""DW_ATE_signed, DW_ATE_signed_char."""


def read_variables(program: bytes) -> list[Variable]:
    """Read a linked program's variables with a fixed address, in the order of its DWARF.

    Raises:
        SourceError: a variable has a type this reader does not know.
    """
    with ELFFile(io.BytesIO(program)) as file:
        entries = (entry for unit in file.get_dwarf_info().iter_CUs() for entry in unit.iter_DIEs())
        return [
            Variable(name := _name(entry), address, _type(_referenced(entry, "DW_AT_type"), name))
            for entry in entries
            if entry.tag == "DW_TAG_variable" and (address := _address(entry)) is not None
        ]


def read_structures(program: bytes) -> dict[str, Structure]:
    """Read a linked program's structures by their tags.

    Raises:
        SourceError: a member has a type this reader does not know.
    """
    with ELFFile(io.BytesIO(program)) as file:
        entries = (entry for unit in file.get_dwarf_info().iter_CUs() for entry in unit.iter_DIEs())
        found = (_type(entry, "a structure") for entry in entries if entry.tag == "DW_TAG_structure_type")
        return {kind.tag: kind for kind in found if isinstance(kind, Structure) and kind.tag}


def _address(entry: DIE) -> int | None:
    location = entry.attributes.get("DW_AT_location")
    if location is None or location.form != "DW_FORM_exprloc" or location.value[:1] != [_ADDRESS]:
        return None
    return int.from_bytes(bytes(location.value[1:]), "little")


def _declaration(entry: DIE, attribute: str) -> DIE:
    """Return the entry, or the declaration that it completes where only that has an attribute."""
    while attribute not in entry.attributes and "DW_AT_specification" in entry.attributes:
        entry = entry.get_DIE_from_attribute("DW_AT_specification")
    return entry


def _name(entry: DIE) -> str:
    name: bytes = _declaration(entry, "DW_AT_name").attributes["DW_AT_name"].value
    return name.decode()


def _referenced(entry: DIE, attribute: str) -> DIE:
    return _declaration(entry, attribute).get_DIE_from_attribute(attribute)


def _type(entry: DIE, variable: str) -> Type:
    match entry.tag:
        case "DW_TAG_typedef" | "DW_TAG_const_type" | "DW_TAG_volatile_type" if "DW_AT_type" in entry.attributes:
            return _type(_referenced(entry, "DW_AT_type"), variable)
        case "DW_TAG_base_type":
            return Scalar(_number(entry, "byte_size"), _number(entry, "encoding") in _SIGNED)
        case "DW_TAG_pointer_type":
            return Scalar(_number(entry, "byte_size"), signed=False)
        case "DW_TAG_enumeration_type":
            names = {_number(child, "const_value"): _name(child) for child in entry.iter_children()}
            return Enumeration(_number(entry, "byte_size"), names)
        case "DW_TAG_structure_type":
            tag = _name(entry) if "DW_AT_name" in entry.attributes else ""
            return Structure(tag, _number(entry, "byte_size"), tuple(_members(entry, variable)))
        case "DW_TAG_array_type":
            kind = _type(_referenced(entry, "DW_AT_type"), variable)
            for bound in reversed(list(entry.iter_children())):
                kind = Array(kind, _number(bound, "upper_bound") + 1)
            return kind
    raise SourceError(f"{variable} has a type that the symbol list cannot describe")


def _members(entry: DIE, variable: str) -> Iterator[tuple[str, int, Type]]:
    for child in entry.iter_children():
        if child.tag == "DW_TAG_member":
            kind = _type(_referenced(child, "DW_AT_type"), variable)
            yield _name(child), _number(child, "data_member_location"), kind


def _number(entry: DIE, attribute: str) -> int:
    value: int = entry.attributes[f"DW_AT_{attribute}"].value
    return value
