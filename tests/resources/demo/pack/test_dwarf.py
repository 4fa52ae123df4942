import pytest

from resources.demo.pack.dwarf import Array, Enumeration, Scalar, Structure, Variable, parse_debug_info
from resources.demo.pack.errors import SourceError

DUMP = """\
 <0><b>: Abbrev Number: 1 (DW_TAG_compile_unit)
 <1><10>: Abbrev Number: 2 (DW_TAG_base_type)
    <11>   DW_AT_byte_size   : (data1) 2
    <12>   DW_AT_encoding    : (data1) 5\t(signed)
    <13>   DW_AT_name        : (strp) (offset: 0x1): short int
 <1><20>: Abbrev Number: 3 (DW_TAG_typedef)
    <21>   DW_AT_name        : s16
    <22>   DW_AT_type        : (ref4) <0x10>, short int
 <1><30>: Abbrev Number: 4 (DW_TAG_structure_type)
    <31>   DW_AT_name        : (indirect string, offset: 0x9): point
    <32>   DW_AT_byte_size   : 4
 <2><38>: Abbrev Number: 5 (DW_TAG_member)
    <39>   DW_AT_name        : x
    <3a>   DW_AT_type        : <0x20>
    <3b>   DW_AT_data_member_location: 0
 <2><3c>: Abbrev Number: 5 (DW_TAG_member)
    <3d>   DW_AT_name        : y
    <3e>   DW_AT_type        : <0x20>
    <3f>   DW_AT_data_member_location: 2
 <2><3f>: Abbrev Number: 0
 <1><40>: Abbrev Number: 6 (DW_TAG_array_type)
    <41>   DW_AT_type        : <0x30>
 <2><42>: Abbrev Number: 7 (DW_TAG_subrange_type)
    <43>   DW_AT_upper_bound : 1
 <2><44>: Abbrev Number: 7 (DW_TAG_subrange_type)
    <45>   DW_AT_upper_bound : 2
 <1><50>: Abbrev Number: 8 (DW_TAG_enumeration_type)
    <51>   DW_AT_byte_size   : 1
 <2><52>: Abbrev Number: 9 (DW_TAG_enumerator)
    <53>   DW_AT_name        : MOOD_GOOD
    <54>   DW_AT_const_value : 0
 <1><60>: Abbrev Number: 10 (DW_TAG_variable)
    <61>   DW_AT_name        : path
    <62>   DW_AT_type        : <0x40>
    <63>   DW_AT_location    : 5 byte block: 3 0 0 0 2 \t(DW_OP_addr: 2000010)
 <1><70>: Abbrev Number: 11 (DW_TAG_variable)
    <71>   DW_AT_name        : mood
    <72>   DW_AT_type        : <0x50>
    <73>   DW_AT_declaration : 1
 <1><80>: Abbrev Number: 12 (DW_TAG_variable)
    <81>   DW_AT_specification: <0x70>
    <82>   DW_AT_location    : 5 byte block: 3 0 0 0 3 \t(DW_OP_addr: 3000004)
"""


def test_variables_come_with_address_and_type() -> None:
    number = Scalar(2, signed=True)
    point = Structure("point", 4, (("x", 0, number), ("y", 2, number)))
    assert parse_debug_info(DUMP) == [
        Variable("path", 0x02000010, Array(Array(point, 3), 2)),
        Variable("mood", 0x03000004, Enumeration(1, {0: "MOOD_GOOD"})),
    ]


def test_a_variable_without_an_address_is_left_out() -> None:
    assert parse_debug_info(DUMP[: DUMP.index(" <1><60>")]) == []


def test_an_unknown_type_is_named() -> None:
    union = DUMP.replace("DW_TAG_structure_type", "DW_TAG_union_type")
    with pytest.raises(SourceError, match="path has a type that the symbol list cannot describe"):
        parse_debug_info(union)
