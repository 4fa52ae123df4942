"""Export of one session apart from the others, for an engine. Shell.

What a session needs of those before it is the vocabulary of combinations. So the combinations of all sessions are
counted first, a task for each, and then each is written as if they had been written before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from daemon.exporting.actions import Combinations
from daemon.exporting.buttons import Buttons
from daemon.names.named_address import NamedAddress
from protocol.session.change_log_reader import logged_blocks
from protocol.session.reader import SessionReader

__all__ = ["SessionTask", "logged_combinations"]


@dataclass(frozen=True, slots=True, eq=False)
class SessionTask:
    """A session that is exported apart.

    Args:
        session: its folder.
        numbers: its frame sets, ascending.
        splits: the split of each, shape (n,).
        names: the names of its game.
        combinations: those of the sessions before it, in order, as `Combinations.counts` gives them.
    """

    session: Path
    numbers: Sequence[int]
    splits: NDArray[np.str_]
    names: Sequence[NamedAddress]
    combinations: dict[str, int]


def logged_combinations(session: SessionReader, numbers: Sequence[int], buttons: Buttons) -> dict[str, int] | None:
    """Read a session's combinations from its log of changes.

    Args:
        session: the session.
        numbers: its frame sets, ascending.
        buttons: of the dataset.

    Returns:
        Frames by combination, as they first come; None where the log does not have every frame of every frame set.
    """
    metadata = session.metadata
    if metadata.is_of_a_log:
        return None
    combinations, logged = Combinations(), 0
    for block in logged_blocks(session):
        if (block.frame_counts != metadata.num_frames_per_set).any():
            return None
        logged += len(block.numbers)
        bits = np.array([buttons.bits(name) for name in block.combinations], np.uint32)
        combinations.numbers(bits[block.keys])
    return combinations.counts() if logged == len(numbers) else None
