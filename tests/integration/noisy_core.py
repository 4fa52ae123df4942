"""A console whose memory changes at every frame, the same way for the same seed."""

import numpy as np

from tests.fakes.consoles import SyntheticCore

__all__ = ["noisy_core"]

CHANGES = {"IWRAM": 24, "EWRAM": 96}
"""Words that a frame changes, of each memory."""


def noisy_core(seed: int, rom_name: str = "synthetic") -> SyntheticCore:
    """Make a console that plays by itself; every picture is another one."""
    random = np.random.default_rng(seed)
    frames = 0

    def step(core: SyntheticCore, _pressed: int) -> None:
        nonlocal frames
        frames += 1
        for name, count in CHANGES.items():
            words = np.frombuffer(core.memories()[name], np.uint32)
            hot = random.integers(0, 64, count // 2)
            cold = random.integers(0, len(words), count // 2)
            words[hot] = random.integers(0, 1 << 32, len(hot), dtype=np.uint32)
            words[cold] = random.integers(0, 1 << 32, len(cold), dtype=np.uint32)
        core.pc = 0x0800_0000 + 4 * frames
        core.picture[:] = np.frombuffer(frames.to_bytes(3, "little"), np.uint8)

    return SyntheticCore(step, rom_name=rom_name)
