"""The synthetic console that tests and benches use in place of a real one."""

import numpy as np

from lua.headless.core import MEMORY_SIZES, REGISTERS, Core
from tests.fakes.consoles import SyntheticCore


def test_it_is_a_console() -> None:
    core: Core = SyntheticCore()
    assert {name: len(view) for name, view in core.memories().items()} == MEMORY_SIZES | {"ROM": 0x400}
    assert core.framebuffer().shape == (160, 240, 3)
    assert core.registers() == dict.fromkeys(REGISTERS, 0) | {"R15": 0x0800_0000}


def test_each_frame_does_what_the_test_says() -> None:
    def paint_and_count(core: SyntheticCore, pressed: int) -> None:
        core.memories()["IWRAM"][0] += 1 + pressed
        core.picture[0, 0] = pressed

    core = SyntheticCore(paint_and_count)
    core.run_frame(0)
    core.run_frame(4)
    assert core.memories()["IWRAM"][0] == 6
    assert np.array_equal(core.framebuffer()[0, 0], [4, 4, 4])


def test_a_state_brings_all_memory_back() -> None:
    core = SyntheticCore(rom=b"\x01" * 0x400)
    core.memories()["EWRAM"][7] = 7
    core.memories()["SRAM"][-1] = 9
    state = core.save_state()
    core.reset()
    assert not any(any(core.memories()[name]) for name in MEMORY_SIZES)
    core.load_state(state)
    assert (core.memories()["EWRAM"][7], core.memories()["SRAM"][-1], core.memories()["ROM"][0]) == (7, 9, 1)
