"""Identity, lifecycle, counts and description of a session, also restored from disk. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum, auto
from typing import Any

from protocol.link.messages import Hello
from protocol.session.annotations import Annotations
from protocol.session.flaws import lacks_screenshot
from protocol.session.frame_set import FrameSet
from protocol.session.memory import Memory
from protocol.session.metadata import CONFIG_CONTENT, GapCount
from protocol.session.origin import ORIGIN
from protocol.version import LINK_VERSION, PACKAGE_VERSION

__all__ = [
    "TRANSITIONS",
    "RestoredState",
    "SessionCounts",
    "SessionIdentity",
    "SessionState",
    "Trigger",
    "config_sentence",
    "describe_recorder",
]


class SessionState(StrEnum):
    """State of a session, as its summary on the bus spells it."""

    LIVE = "live"
    LOST = "lost"
    ENDED = "ended"


class Trigger(Enum):
    """Inputs that change the state of a session."""

    GREETED = auto()
    OPENED = auto()
    NOT_OPENED = auto()
    NOT_STORED = auto()
    DISCONNECTED = auto()
    ENDED = auto()


# Rule 1: a session is live while its emulator is connected and the disk takes what it sends; it starts so.
#
# Rule 2: a session that was lost goes on when the disk has its folder ready for a new connection. One that the disk
# refuses again is lost anew: the emulator that keeps coming keeps it from being overdue.
#
# Rule 3: a session that ended can be gone on with. Until the disk is ready for that it counts as lost.
#
# Anything that has no place in the table leaves the state, and the time since which it holds, as they are.

TRANSITIONS: Mapping[SessionState, Mapping[Trigger, SessionState]] = {
    SessionState.LIVE: {
        Trigger.OPENED: SessionState.LIVE,
        Trigger.NOT_OPENED: SessionState.LOST,
        Trigger.NOT_STORED: SessionState.LOST,
        Trigger.DISCONNECTED: SessionState.LOST,
        Trigger.ENDED: SessionState.ENDED,
    },
    SessionState.LOST: {
        Trigger.OPENED: SessionState.LIVE,
        Trigger.NOT_OPENED: SessionState.LOST,
        Trigger.ENDED: SessionState.ENDED,
    },
    SessionState.ENDED: {Trigger.GREETED: SessionState.LOST},
}


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
        origin: of a session that no emulator sent, `protocol.session.origin`; empty else.
    """

    session_id: str
    resume_sha256: str
    created: int
    game_name: str
    game_config: str
    is_custom_name: bool
    uuid: str = ""
    config_content: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """Counts of a session's frame sets.

    Args:
        stored: how many are stored.
        first: the first of them.
        last: the last of them.
        lost: known losses among those that were played.
    """

    stored: int = 0
    first: int | None = None
    last: int | None = None
    lost: GapCount = field(default_factory=GapCount)

    def with_set(self, frame_set: FrameSet) -> "SessionCounts":
        """Count a frame set that is stored."""
        number, lost = frame_set.frame_set_id, self.lost
        if not frame_set.whole:
            bare = int(lacks_screenshot(frame_set.flaws))
            lost = replace(lost, flawed=lost.flawed + 1, screenshots=lost.screenshots + bare)
        return SessionCounts(self.stored + 1, number if self.first is None else self.first, number, lost)

    def as_map(self) -> dict[str, int | None]:
        """Return the session counts of the bus (protocol/README.md, 7)."""
        return {
            "frame_sets": self.stored,
            "first_set": self.first,
            "last_set": self.last,
            "flawed_sets": self.lost.flawed,
            "lost_sets": self.lost.frame_sets,
            "lost_screenshots": self.lost.screenshots,
        }

    def with_gap(self, frame_sets: int) -> "SessionCounts":
        """Count frame sets that will never come."""
        return replace(self, lost=replace(self.lost, frame_sets=self.lost.frame_sets + frame_sets))


@dataclass(frozen=True, slots=True)
class RestoredState:
    """State of a session as this daemon found it on disk.

    Args:
        counts: what is stored, and known to be lost.
        latched: labels that were latched.
        tags_as_text: whether they are written with the tags as one text.
        recent: the last stored sets, ascending, of at least `FREQ_WINDOW` frames.
        memory: memory after the last set, as far as it is known.
        until: when it ended or was cut off, ms since the epoch.
        found: when this daemon found it, ms since the epoch.
        ended_by: why it ended; empty if it was cut off.
    """

    counts: SessionCounts
    latched: Annotations
    tags_as_text: bool
    recent: tuple[FrameSet, ...]
    memory: Memory
    until: int
    found: int
    ended_by: str


def config_sentence(identity: SessionIdentity, hello: Hello) -> str:
    """Write the end of a sentence about a session's game config, for the terminal."""
    if identity.game_config:
        return f"uses the game config {identity.game_config}"
    return (
        "has no game config, so its buttons have no meanings: put one into game_configs in the data folder, "
        f'with "rom_hashes": ["{hello.rom_hash}"]'
    )


def describe_recorder(identity: SessionIdentity, hello: Hello) -> dict[str, Any]:
    """Describe how a session is recorded: `recorder` of its metadata."""
    return {
        "gbatrace_version": PACKAGE_VERSION,
        "link_version": LINK_VERSION,
        "script_version": hello.script,
        "client": hello.client,
        "system": hello.system,
        "rom_name": hello.rom_name,
        "rom_hash": hello.rom_hash,
        "scan_mode": hello.scan_mode.value,
        "reader": hello.reader,
        "regions": [region.as_map() for region in hello.regions],
        "buttons": hello.buttons,
        **({ORIGIN: dict(identity.origin)} if identity.origin else {}),
        **({CONFIG_CONTENT: dict(identity.config_content)} if identity.config_content else {}),
    }
