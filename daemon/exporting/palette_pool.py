"""Thread pool that recodes screenshots by a palette. Shell.

Threads do, for Pillow and zlib release the interpreter's lock.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from daemon.exporting.recoding import PaletteRecoder

__all__ = ["recoded"]

_MOST_THREADS = 4
"""Each has a batch of screenshots in memory."""


def recoded(batches: Iterable[Sequence[bytes]]) -> Iterator[list[bytes]]:
    """Recode batches of PNGs, several at a time; see `PaletteRecoder.recode`.

    Yields:
        The batches in their order.

    Raises:
        DocumentError: a screenshot cannot be decoded.
    """
    threads = min(_MOST_THREADS, os.cpu_count() or 1)

    def recode(pngs: Sequence[bytes]) -> list[bytes]:
        recoder = PaletteRecoder()  # One for each batch: what comes out must not depend on which thread took which.
        return [recoder.recode(png) for png in pngs]

    waiting: deque[Future[list[bytes]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for pngs in batches:
            waiting.append(pool.submit(recode, pngs))
            if len(waiting) >= threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
