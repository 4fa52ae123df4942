"""Split of frame sets into training, validation and test. Pure.

Neighbouring frame sets look alike, and `freq` and `key_history` look back over many of them. Shuffled frame sets
would let a model see the answers; so whole sessions are dealt out, or long contiguous blocks with a gap between them
that belongs to no split.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from protocol.changes import F64
from protocol.errors import ExportError

__all__ = [
    "ALL",
    "GAP",
    "SPLITS",
    "SplitBy",
    "SplitPlan",
    "empty_splits",
    "split_blocks",
    "split_sessions",
    "split_sets",
    "under_split",
]

SPLITS = ("train", "validation", "test")
"""Names of the splits, in the order of `SplitPlan.shares`."""

_PANEL = "Training, validation and test"

ALL = "all"
"""The one split of a dataset that is not split."""

GAP = ""
"""Stands for frame sets that belong to no split."""


class SplitBy(StrEnum):
    """Unit of the split."""

    NONE = "none"
    SESSION = "session"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Plan by which frame sets are dealt out.

    Raises:
        ExportError: the numbers do not make a split.
    """

    by: Annotated[
        SplitBy,
        typer.Option(
            "--split",
            metavar="|".join(SplitBy),
            help="Deal out nothing, whole sessions, or blocks of each session.",
            rich_help_panel=_PANEL,
        ),
    ] = SplitBy.NONE

    shares: Annotated[
        tuple[float, float, float],
        typer.Option(metavar="NUMBER NUMBER NUMBER", help="Shares, which add up to 1.", rich_help_panel=_PANEL),
    ] = (0.8, 0.1, 0.1)

    block: Annotated[
        int,
        typer.Option(metavar="NUMBER", help="Frame sets in a block; 720 are a minute of play.", rich_help_panel=_PANEL),
    ] = 720

    gap: Annotated[
        int,
        typer.Option(
            metavar="NUMBER", help="Frame sets left out where one split meets another.", rich_help_panel=_PANEL
        ),
    ] = 20
    """20 are the 100 frames over which `freq` counts."""

    seed: Annotated[
        int, typer.Option(metavar="NUMBER", help="The same seed deals the same way.", rich_help_panel=_PANEL)
    ] = 0

    def __post_init__(self) -> None:
        if not (min(self.shares) >= 0 and abs(sum(self.shares) - 1) <= 1e-6):  # What is no number is refused as well.
            raise ExportError(
                f"The shares of train, validation and test must add up to 1, not to {sum(self.shares):g}."
            )
        if not 0 <= self.gap < self.block:
            raise ExportError(f"A block of {self.block} frame sets has no room for a gap of {self.gap}.")


def split_sets(
    plan: SplitPlan, sessions: Mapping[str, Sequence[int]], plays: Iterable[Mapping[str, Sequence[int]]] = ()
) -> dict[str, NDArray[np.str_]]:
    """Deal out the frame sets of all sessions.

    Args:
        plan: how.
        sessions: the numbers of each session's frame sets, ascending.
        plays: groups of sessions that are of one play, which is dealt out as one. Each has the places of its sessions'
            frame sets in that play, in their order: equal places show the same.

    Returns:
        For each session the split of each of its frame sets, in the same order; `GAP` for those in none.
    """
    groups = [dict(play) for play in plays]
    copied = {name for group in groups for name in group}
    groups += [{name: numbers} for name, numbers in sessions.items() if name not in copied]
    match plan.by:
        case SplitBy.NONE:
            return {name: np.full(len(numbers), ALL) for name, numbers in sessions.items()}
        case SplitBy.SESSION:
            sizes = {min(group): sum(len(sessions[name]) for name in group) for group in groups}
            of_group = split_sessions(plan, sizes)
            return {name: np.full(len(sessions[name]), of_group[min(group)]) for group in groups for name in group}
        case SplitBy.BLOCK:
            owed = np.zeros(len(SPLITS))
            dealt: dict[str, NDArray[np.str_]] = {}
            for group in sorted(groups, key=min):
                dealt |= _split_play(plan, group, sessions, owed)
            return dealt


def empty_splits(plan: SplitPlan, dealt: Iterable[NDArray[np.str_]]) -> list[str]:
    """Return the splits that have a share and got no frame set.

    Args:
        plan: by which they were dealt out.
        dealt: the splits of each session's frame sets.
    """
    if plan.by is SplitBy.NONE:
        return []
    used = {str(name) for splits in dealt for name in np.unique(splits)}
    return [name for name, share in zip(SPLITS, plan.shares, strict=True) if share > 0 and name not in used]


def under_split(split: str, path: str) -> str:
    """Return the path of a split's file below the dataset: `path` itself where nothing is split."""
    return path if split == ALL else f"{split}/{path}"


def split_sessions(plan: SplitPlan, sizes: Mapping[str, int]) -> dict[str, str]:
    """Deal out whole sessions, the largest first, to the split furthest from its share.

    Every split with a share gets a session before any gets its second, as long as there are enough.

    Args:
        plan: shares and seed.
        sizes: frame sets of each session.
    """
    random = Random(plan.seed)  # noqa: S311 - a deal that can be repeated, no secret
    order = sorted(sizes)
    random.shuffle(order)
    order.sort(key=lambda name: -sizes[name])
    total = sum(sizes.values()) or 1
    dealt = dict.fromkeys(SPLITS, 0)
    wanted = {name: share for name, share in zip(SPLITS, plan.shares, strict=True) if share > 0}
    taken: dict[str, str] = {}
    for session in order:
        empty = [name for name in wanted if name not in taken.values()]
        choice = max(empty or wanted, key=lambda name: wanted[name] - dealt[name] / total)
        taken[session] = choice
        dealt[choice] += sizes[session]
    return taken


def split_blocks(plan: SplitPlan, numbers: Sequence[int], salt: str = "", owed: F64 | None = None) -> NDArray[np.str_]:
    """Deal out the contiguous blocks of one session.

    Args:
        plan: shares, block, gap and seed.
        numbers: the session's frame sets, or their places in a play, in any order; numbers that are missing count
            towards the gap.
        salt: makes sessions differ under one seed.
        owed: blocks that each split has got too few of in the sessions before, shape (3,); brought up to date. So many
            short sessions together come to the shares that none of them has blocks enough for.

    Returns:
        The split of each frame set, shape (n,).
    """
    ids = np.asarray(numbers, np.int64)
    if not len(ids):
        return np.empty(0, "U10")
    first = ids.min()
    block = (ids - first) // plan.block
    dealt = np.array(_deal(plan, int(block.max()) + 1, salt, np.zeros(len(SPLITS)) if owed is None else owed), "U10")
    splits: NDArray[np.str_] = dealt[block]
    borders = np.flatnonzero(dealt[1:] != dealt[:-1]) + 1
    starts = first + borders * plan.block
    after = np.searchsorted(starts, ids, side="right") - 1
    near = (after >= 0) & (ids - starts[after] < plan.gap) if len(starts) else np.zeros(len(ids), bool)
    splits[near] = GAP
    return splits


def _split_play(
    plan: SplitPlan, play: Mapping[str, Sequence[int]], sessions: Mapping[str, Sequence[int]], owed: F64
) -> dict[str, NDArray[np.str_]]:
    """Deal out the blocks of one play, and return the splits of each of its sessions."""
    together = split_blocks(plan, [place for places in play.values() for place in places], min(play), owed)
    edges = np.cumsum([len(places) for places in play.values()])[:-1]
    parts = dict(zip(play, np.split(together, edges), strict=True))
    for name, splits in parts.items():
        _widen_gaps(splits, np.asarray(sessions[name], np.int64), plan.gap)
    return parts


def _widen_gaps(splits: NDArray[np.str_], numbers: NDArray[np.int64], gap: int) -> None:
    """Take the frame sets after a jump to another split, as a savestate makes one, out of it."""
    kept = np.flatnonzero(splits != GAP)
    before, after = kept[:-1], kept[1:]
    for place in after[(splits[before] != splits[after]) & (numbers[after] - numbers[before] <= gap)].tolist():
        splits[(numbers >= numbers[place]) & (numbers < numbers[place] + gap)] = GAP


def _deal(plan: SplitPlan, blocks: int, salt: str, owed: F64) -> list[str]:
    owed += np.array(plan.shares) * blocks
    deal: list[str] = []
    for _ in range(blocks):
        place = int(owed.argmax())
        owed[place] -= 1
        deal.append(SPLITS[place])
    deal.sort(key=SPLITS.index)
    Random(f"{plan.seed}/{salt}").shuffle(deal)  # noqa: S311
    return deal
