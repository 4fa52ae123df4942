"""Repainting pictures, a batch at a time: work for `daemon.importing.crew`, so that every core helps. Pure."""

from collections.abc import Callable, Sequence

from daemon.exporting.pictures import Repainter

__all__ = ["open_work"]


def open_work(_tools: None) -> Callable[[Sequence[bytes]], list[bytes]]:
    """Get ready to repaint batches of PNGs; see `Repainter.repaint`."""
    repainter = Repainter()
    return lambda pngs: [repainter.repaint(png) for png in pngs]
