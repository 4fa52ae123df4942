"""Work for a crew, as its tests need it."""

import os
import time
from collections.abc import Callable

from protocol.errors import LogError

__all__ = ["open_work"]


def open_work(tools: dict[str, int]) -> Callable[[int], tuple[int, int]]:
    """Return work that tells who did it; it refuses the piece 13, and a child ends at the piece 99."""

    def work(piece: int) -> tuple[int, int]:
        if piece == 13:
            raise LogError("there is no piece 13")
        if piece == 99 and os.getpid() != tools["parent"]:
            os._exit(1)
        time.sleep(0.001)
        return piece * tools["factor"], os.getpid()

    return work
