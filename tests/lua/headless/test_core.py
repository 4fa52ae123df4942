"""The memory map, and the interface of a console as the smallest one has it."""

from itertools import pairwise

from lua.headless.core import MEMORY_MAP, MEMORY_SIZES, REGISTERS, Core
from protocol.console import GBA
from tests.fakes.consoles import SyntheticCore


def test_memories_lie_apart_on_the_bus() -> None:
    places = sorted(MEMORY_MAP.values())
    assert all(base + size <= following for (base, size), (following, _) in pairwise(places))


def test_a_console_has_all_of_it() -> None:
    core: Core = SyntheticCore()
    assert {name: len(view) for name, view in core.memories().items()} == MEMORY_SIZES | {"ROM": 0x400}
    assert core.framebuffer().shape == (GBA.height, GBA.width, 3)
    assert core.registers() == dict.fromkeys(REGISTERS, 0) | {GBA.pc_register: 0x0800_0000}
