"""Origin of a session that was recorded headless, in its metadata: start and parent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocol.session.json_values import entries, text, whole_number
from protocol.session.metadata import SessionMetadata

__all__ = ["HEADLESS", "ORIGIN", "Origin", "Parent", "parse_origin", "savestate_frame"]

ORIGIN = "origin"
"""Key of the origin in `session_metadata.json`."""

HEADLESS = "headless"
"""The kind of origin of a session that no emulator sent."""

_POWER_ON, _SAVESTATE = "power_on", "savestate"


@dataclass(frozen=True, slots=True)
class Parent:
    """The session from which another one branches off.

    Args:
        session: its id when the branch was made.
        uuid: names it, whatever it is renamed to.
        frame_set: the branch begins after this one.
    """

    session: str
    uuid: str
    frame_set: int

    def __str__(self) -> str:
        """Describe the branch."""
        return f"a branch off {self.session} after frame set {self.frame_set}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of a session, `origin` of its metadata.

    Args:
        core: name and version of the core that played.
        has_savestate: whether it began with the savestate that lies in its folder, else at power-on.
        frame: frames that the console had run before the first one that is recorded.
        parent: the session that it branches off, if it does.
    """

    core: str
    has_savestate: bool = False
    frame: int = 0
    parent: Parent | None = None

    def __str__(self) -> str:
        """Describe the origin."""
        start = f"a savestate at frame {self.frame}" if self.has_savestate else "power-on"
        return f"headless on {self.core}, from {start}" + (f", {self.parent}" if self.parent else "")

    def as_map(self) -> dict[str, Any]:
        """Return the origin as the metadata hold it."""
        parent = self.parent
        branch = {"session": parent.session, "uuid": parent.uuid, "frame_set": parent.frame_set} if parent else None
        return {
            "kind": HEADLESS,
            "core": self.core,
            "start": _SAVESTATE if self.has_savestate else _POWER_ON,
            "frame": self.frame,
            **({"parent": branch} if branch else {}),
        }


def parse_origin(recorder: Mapping[str, Any]) -> Origin | None:
    """Read the origin of a session; None where it has none that this version knows.

    Args:
        recorder: of its metadata.
    """
    found = recorder.get(ORIGIN)
    if not isinstance(found, dict) or found.get("kind") != HEADLESS:
        return None
    try:
        return Origin(
            core=text(found["core"]),
            has_savestate=found["start"] == _SAVESTATE,
            frame=whole_number(found["frame"]),
            parent=_parent(entries(found.get("parent"))),
        )
    except (KeyError, TypeError, ValueError):
        return None


def savestate_frame(metadata: SessionMetadata) -> int | None:
    """Return the frame of the savestate from which a session starts; None without one."""
    origin = parse_origin(metadata.recorder)
    return origin.frame if origin and origin.has_savestate else None


def _parent(branch: Mapping[str, Any]) -> Parent | None:
    if not branch:
        return None
    return Parent(text(branch["session"]), text(branch["uuid"]), whole_number(branch["frame_set"]))
