"""How a session comes to be: newly opened, or found on disk. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from protocol.session.annotations import Annotations
from protocol.session.frame_set import FrameSet
from protocol.session.memory import Memory
from protocol.session.metadata import GapCount

__all__ = ["Past", "SessionIdentity"]


@dataclass(frozen=True, slots=True)
class SessionIdentity:
    """Identity of a session, decided when it opens.

    Args:
        session_id: names its folder.
        resume_sha256: of the token with which a later connection goes on with it; the token itself is never stored.
        created: ms since the epoch.
        game_name: from the game config, else the ROM's name.
        game_config: file name of the game config, empty without one.
        is_custom_name: whether the user chose the session id.
        uuid: names it among all sessions; empty for one of an early version.
        config_content: the game config itself, kept with the session: files change and move.
    """

    session_id: str
    resume_sha256: str
    created: int
    game_name: str
    game_config: str
    is_custom_name: bool
    uuid: str = ""
    config_content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """State of a session as this daemon found it on disk.

    Args:
        frame_sets: how many are stored.
        first: the first of them.
        last: the last of them.
        lost: what is known to be lost.
        latched: labels that were latched.
        tags_as_text: whether they are written with the tags as one text.
        recent: the last stored sets, ascending, of at least `FREQ_WINDOW` frames.
        memory: memory after the last set, as far as it is known.
        until: when it ended or was cut off, ms since the epoch.
        found: when this daemon found it, ms since the epoch.
        ended_by: why it ended; empty if it was cut off.
    """

    frame_sets: int
    first: int | None
    last: int | None
    lost: GapCount
    latched: Annotations
    tags_as_text: bool
    recent: tuple[FrameSet, ...]
    memory: Memory
    until: int
    found: int
    ended_by: str
