"""BizHawk's `memory` library over synthetic memory, asked from Lua."""

import hashlib

import pytest

from tests.fakes.consoles import SyntheticCore
from tests.lua.headless.conftest import StartScript


@pytest.fixture
def core() -> SyntheticCore:
    filled = SyntheticCore()
    filled.memories()["IWRAM"][:8] = bytes([0x78, 0x56, 0x34, 0xF2, 0, 0x0A, 0xFF, 0x80])
    filled.memories()["IWRAM"][0x7FFC:] = b"\x01\x02\x03\x04"
    return filled


def answers(start: StartScript, core: SyntheticCore, text: str, flavour: str = "2.11.1") -> list[str]:
    return start(text, core, flavour=flavour).console.lines


def test_the_list_of_domains_counts_from_zero(start: StartScript) -> None:
    lines = start("local d = memory.getmemorydomainlist() print(d[0], d[9], d[10], #d)").console.lines
    assert lines == ["IWRAM\tSystem Bus\tnil\t9"]


def test_functions_are_userdata(start: StartScript) -> None:
    assert start("print(type(memory.read_u8), memory.read_u8 ~= nil, memory.nonsense)").console.lines == [
        "userdata\tTrue\tnil"
    ]


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("read_u8(3, 'IWRAM')", 0xF2),
        ("read_s8(3, 'IWRAM')", 0xF2 - 0x100),
        ("readbyte(0, 'IWRAM')", 0x78),
        ("read_u16_le(2, 'IWRAM')", 0xF234),
        ("read_u16_be(2, 'IWRAM')", 0x34F2),
        ("read_s16_le(2, 'IWRAM')", 0xF234 - 0x10000),
        ("read_u24_le(1, 'IWRAM')", 0xF23456),
        ("read_s24_be(3, 'IWRAM')", 0xF2000A - 0x1000000),
        ("read_u32_le(0, 'IWRAM')", 0xF2345678),
        ("read_u32_le(1, 'IWRAM')", 0x00F23456),
        ("read_u32_be(0, 'IWRAM')", 0x785634F2),
        ("read_s32_le(0, 'IWRAM')", 0xF2345678 - 0x100000000),
        ("read_u32_le(0x03000000)", 0xF2345678),
        ("read_u32_le(0x03000000, 'System Bus')", 0xF2345678),
        ("read_u32_le(0x40000, 'Combined WRAM')", 0xF2345678),
        ("read_u32_le(8 / 2 - 4, 'IWRAM')", 0xF2345678),
        ("getmemorydomainsize('EWRAM')", 0x40000),
        ("getcurrentmemorydomainsize()", 0x10000000),
    ],
)
def test_reads(start: StartScript, core: SyntheticCore, call: str, value: int) -> None:
    assert answers(start, core, f"print(memory.{call})") == [str(value)]


def test_reads_floats(start: StartScript, core: SyntheticCore) -> None:
    core.memories()["IWRAM"][0:4] = b"\x00\x00\x60\x40"
    core.memories()["IWRAM"][4:8] = b"\x40\x60\x00\x00"
    script = "print(memory.readfloat(0, false, 'IWRAM'), memory.readfloat(4, true, 'IWRAM'))"
    assert answers(start, core, script) == ["3.5\t3.5"]


@pytest.mark.parametrize("address", [-1, 0x7FFD, 0x8000, 1 << 40])
def test_reads_outside_a_domain_warn_and_give_zero(start: StartScript, core: SyntheticCore, address: int) -> None:
    assert answers(start, core, f"print(memory.read_u32_le({address}, 'IWRAM'))") == [
        f"Warning: attempted read of {address} outside the memory size of 32768",
        "0",
    ]


def test_an_unknown_domain_warns_and_falls_back_to_the_current_one(start: StartScript, core: SyntheticCore) -> None:
    assert answers(start, core, "print(memory.read_u32_le(0x03000000, 'WRAM'))") == [
        "Unable to find domain: WRAM, falling back to current",
        str(0xF2345678),
    ]


def test_the_current_domain_can_be_chosen(start: StartScript, core: SyntheticCore) -> None:
    script = (
        "print(memory.getcurrentmemorydomain()) print(memory.usememorydomain('IWRAM'), memory.read_u8(0))"
        " print(memory.usememorydomain('nowhere'), memory.getcurrentmemorydomain())"
    )
    assert answers(start, core, script) == [
        "System Bus",
        f"True\t{0x78}",
        "Unable to find domain: nowhere",
        "False\tIWRAM",
    ]


def test_a_block_as_an_array_counts_from_one(start: StartScript, core: SyntheticCore) -> None:
    script = "local t = memory.read_bytes_as_array(2, 3, 'IWRAM') print(t[0], t[1], t[2], t[3], #t)"
    assert answers(start, core, script) == [f"nil\t{0x34}\t{0xF2}\t0\t3"]


def test_a_block_as_a_byte_range_counts_from_zero(start: StartScript, core: SyntheticCore) -> None:
    script = "local t = memory.readbyterange(2, 2, 'IWRAM') print(t[0], t[1], t[2])"
    assert answers(start, core, script) == [f"{0x34}\t{0xF2}\tnil"]


def test_a_block_as_a_dict_counts_from_its_address(start: StartScript, core: SyntheticCore) -> None:
    script = "local t = memory.read_bytes_as_dict(2, 2, 'IWRAM') print(t[1], t[2], t[3], t[4])"
    assert answers(start, core, script) == [f"nil\t{0x34}\t{0xF2}\tnil"]


def test_a_block_as_a_binary_string_is_whole_nuls_and_all(start: StartScript, core: SyntheticCore) -> None:
    script = (
        "local s = memory.read_bytes_as_binary_string(0, 0x8000, 'IWRAM')"
        " print(#s, (string.unpack('<I4', s)), s:byte(8))"
    )
    assert answers(start, core, script) == [f"32768\t{0xF2345678}\t{0x80}"]


@pytest.mark.parametrize(("flavour", "has_them"), [("2.10", "False"), ("2.11", "False"), ("2.11.1", "True")])
def test_binary_strings_came_with_2_11_1(start: StartScript, core: SyntheticCore, flavour: str, has_them: str) -> None:
    script = "print(memory.read_bytes_as_binary_string ~= nil) print(memory.hash_region ~= nil)"
    assert answers(start, core, script, flavour) == [has_them, "True"]


@pytest.mark.parametrize(
    ("address", "length", "expected", "warning"),
    [
        (0x7FFE, 4, b"\x03\x04\0\0", "32768..32769"),
        (-2, 4, b"\0\0\x78\x56", "-2..-1"),
        (0x9000, 2, b"\0\0", "32768..36865"),
    ],
)
def test_a_block_that_sticks_out_is_padded_with_zeros(
    start: StartScript, core: SyntheticCore, address: int, length: int, expected: bytes, warning: str
) -> None:
    script = f"print(table.concat(memory.read_bytes_as_array({address}, {length}, 'IWRAM'), ' '))"
    assert answers(start, core, script) == [
        f"Warning: Attempted reads on addresses {warning} outside range of domain IWRAM in ReadByteRange()",
        " ".join(str(byte) for byte in expected),
    ]


def test_hashes_are_sha256_in_upper_case(start: StartScript, core: SyntheticCore) -> None:
    block = bytes(core.memories()["IWRAM"][4:104])
    script = "print(memory.hash_region(4, 100, 'IWRAM')) print(memory.hash_region(0, 0, 'IWRAM'))"
    assert answers(start, core, script) == [
        hashlib.sha256(block).hexdigest().upper(),
        hashlib.sha256(b"").hexdigest().upper(),
    ]


@pytest.mark.parametrize(("address", "length"), [(0x7FFF, 2), (-1, 1), (0x8000, 1)])
def test_a_hash_outside_the_domain_throws(start: StartScript, core: SyntheticCore, address: int, length: int) -> None:
    lines = answers(start, core, f"print((pcall(memory.hash_region, {address}, {length}, 'IWRAM')))")
    assert "outside the bounds of domain IWRAM" in lines[0]
    assert lines[1] == "False"


def test_writes(start: StartScript, core: SyntheticCore) -> None:
    answers(
        start,
        core,
        "memory.write_u32_le(0x10, 0x11223344, 'IWRAM') memory.write_s16_be(0x14, -2, 'IWRAM')"
        " memory.writebyte(0x16, 0x1ff, 'IWRAM') memory.write_bytes_as_array(0x17, {1, 2}, 'IWRAM')"
        " memory.write_bytes_as_dict({[0x20] = 9}, 'IWRAM')",
    )
    assert bytes(core.memories()["IWRAM"][0x10:0x19]).hex() == "44332211fffeff0102"
    assert core.memories()["IWRAM"][0x20] == 9


def test_writes_where_none_are_possible_only_warn(start: StartScript, core: SyntheticCore) -> None:
    assert answers(start, core, "memory.writebyte(0, 1, 'BIOS') memory.writebyte(0x8000, 1, 'IWRAM')") == [
        "Error: the domain BIOS is not writable",
        "Warning: attempted write to 32768 outside the memory size of 32768",
    ]


def test_costs_are_counted_per_call_element_and_byte(start: StartScript, core: SyntheticCore) -> None:
    emulator = start(
        "while true do emu.frameadvance() memory.read_u8(0, 'IWRAM') memory.read_bytes_as_array(0, 100, 'IWRAM')"
        " memory.read_bytes_as_binary_string(0, 1000, 'IWRAM') memory.hash_region(0, 4096, 'IWRAM') end",
        core,
    )
    emulator.run_frame()
    assert emulator.costs.last_frame == (4, 100, 1000, 0)
    assert emulator.costs.last_weighed == pytest.approx((1.8 + (5 + 11) + (5 + 1) + (9.5 + 4096 * 0.012)) / 1000)
