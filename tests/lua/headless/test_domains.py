"""Memory domains over synthetic memory."""

import pytest

from lua.headless.core import MEMORY_SIZES
from lua.headless.domains import Domain, gba_domains
from tests.fakes.consoles import SyntheticCore


@pytest.fixture
def memories() -> dict[str, memoryview]:
    core = SyntheticCore(rom=bytes(range(256)) * 4)
    for number, name in enumerate(MEMORY_SIZES, 1):
        core.memories()[name][:2] = bytes([number, 0xA0])
        core.memories()[name][-1] = number
    return dict(core.memories())


@pytest.fixture
def domains(memories: dict[str, memoryview]) -> dict[str, Domain]:
    return gba_domains(memories)


def test_names_order_and_sizes_are_bizhawks(domains: dict[str, Domain]) -> None:
    assert {name: domain.size for name, domain in domains.items()} == {
        "IWRAM": 32 * 1024,
        "EWRAM": 256 * 1024,
        "BIOS": 16 * 1024,
        "PALRAM": 1024,
        "VRAM": 96 * 1024,
        "OAM": 1024,
        "ROM": 1024,
        "SRAM": 128 * 1024,
        "Combined WRAM": 288 * 1024,
        "System Bus": 0x1000_0000,
    }
    assert [name for name, domain in domains.items() if not domain.writable] == ["BIOS"]


def test_combined_wram_is_ewram_then_iwram(domains: dict[str, Domain]) -> None:
    combined = domains["Combined WRAM"]
    assert combined.read(0, 2) == domains["EWRAM"].read(0, 2)
    assert combined.read(0x40000, 2) == domains["IWRAM"].read(0, 2)
    assert combined.read(0x3FFFE, 4) == domains["EWRAM"].read(0x3FFFE, 2) + domains["IWRAM"].read(0, 2)
    assert combined.read_u32(0x3FFFE) == int.from_bytes(combined.read(0x3FFFE, 4), "little")
    combined.write(0x3FFFF, b"\x11\x22")
    assert (domains["EWRAM"].read(0x3FFFF, 1), domains["IWRAM"].read(0, 1)) == (b"\x11", b"\x22")


@pytest.mark.parametrize(
    ("address", "name", "offset"),
    [
        (0x0200_0000, "EWRAM", 0),
        (0x0204_0001, "EWRAM", 1),
        (0x0300_0000, "IWRAM", 0),
        (0x03FF_FFFF, "IWRAM", 0x7FFF),
        (0x0500_0400, "PALRAM", 0),
        (0x0600_0000, "VRAM", 0),
        (0x0601_FFFF, "VRAM", 0x17FFF),
        (0x0602_0001, "VRAM", 1),
        (0x0700_0001, "OAM", 1),
        (0x0800_0003, "ROM", 3),
        (0x0A00_0003, "ROM", 3),
        (0x0C00_03FF, "ROM", 0x3FF),
        (0x0E00_0001, "SRAM", 1),
    ],
)
def test_the_system_bus_shows_memories_and_their_mirrors(
    domains: dict[str, Domain], memories: dict[str, memoryview], address: int, name: str, offset: int
) -> None:
    assert domains["System Bus"].read(address, 1)[0] == memories[name][offset]


def test_the_system_bus_reads_runs_across_a_mirrors_edge(domains: dict[str, Domain]) -> None:
    iwram = domains["IWRAM"]
    assert domains["System Bus"].read(0x0300_7FFF, 3) == iwram.read(0x7FFF, 1) + iwram.read(0, 2)


@pytest.mark.parametrize("address", [0x0100_0000, 0x0400_0000, 0x0800_0400])
def test_where_nothing_answers_there_is_zero(domains: dict[str, Domain], address: int) -> None:
    assert domains["System Bus"].read_u32(address) == 0


def test_writes_reach_the_memory_behind_a_mirror(domains: dict[str, Domain]) -> None:
    domains["System Bus"].write(0x0300_8004, b"\x01\x02\x03\x04")
    assert domains["IWRAM"].read_u32(4) == 0x04030201


def test_writes_to_nowhere_and_to_the_bios_are_lost(domains: dict[str, Domain]) -> None:
    bios = domains["BIOS"].read(0, 4)
    domains["System Bus"].write(0x0000_0000, b"\xff\xff")
    domains["System Bus"].write(0x0100_0000, b"\xff\xff")
    assert domains["BIOS"].read(0, 4) == bios


def test_domains_are_live(domains: dict[str, Domain], memories: dict[str, memoryview]) -> None:
    memories["EWRAM"][0x100] = 0x5A
    assert domains["EWRAM"].read_u32(0x100) == 0x5A
