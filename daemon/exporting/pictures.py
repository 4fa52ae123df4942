"""Origin of the screenshot of a frame set: its own, or that of an older one. Pure.

A frame set whose screenshot never came carries the last one before it, and a flaw says so. That picture shows another
moment: a model that takes it for what the player saw learns from a lie.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from daemon.exporting.batch import NOTHING
from protocol.session.flaws import borrowed_from
from protocol.session.frame_set import FrameSet

__all__ = ["OldPictures", "picture_from", "without_old_pictures"]


class OldPictures(StrEnum):
    """Treatment of frame sets that carry the screenshot of an older one."""

    DROP = "drop"
    """They have no picture, and are in no episode of steps."""

    KEEP = "keep"
    """They keep the older picture; `picture_from` is the mask."""


def picture_from(frame_set: FrameSet, *, has_screenshot: bool) -> int:
    """Return the frame set whose screenshot this one carries, `NOTHING` where it has none.

    Args:
        frame_set: the frame set.
        has_screenshot: whether there is a screenshot with it.
    """
    if not has_screenshot:
        return NOTHING
    borrowed = (borrowed_from(flaw) for flaw in frame_set.flaws)
    return next((origin for origin in borrowed if origin is not None), frame_set.frame_set_id)


def without_old_pictures(sets: Sequence[FrameSet], pictures: Sequence[int]) -> tuple[list[FrameSet], list[int]]:
    """Take older screenshots from the frame sets that carry them.

    Args:
        sets: the frame sets.
        pictures: where the screenshot of each is from.

    Returns:
        Both, as they are then.
    """
    own = [item.frame_set_id == origin for item, origin in zip(sets, pictures, strict=True)]
    return (
        [item if is_own or not item.png else replace(item, png=b"") for item, is_own in zip(sets, own, strict=True)],
        [origin if is_own else NOTHING for origin, is_own in zip(pictures, own, strict=True)],
    )
