"""Socket.IO events made from publications of the bus and from session folders. Pure.

Their names and what each carries. Times are ms since the epoch; bytes are values of the body itself. `Feed` adds
`meter`: `dropped`, previews this browser did not get since it connected, and `lag`, ms from a preview's publication to
its acknowledgement.

| event | carries |
|---|---|
| `welcome` | `server` {`id`, `version`}, `now`, then as `state` |
| `state` | `daemon` {`status`, `since`, `version`, `data_folder`}, `link`, `sessions` newest first, |
| | `knows_all_sessions`: false after the start, until the daemon and the disk have told theirs |
| `session` | `session`: summary |
| `watched` | `session` id, `ranges` [[first, last]…] of the frame sets on disk, `events`, `events_left_out`, |
| | `labels` {field: [[first, last, value]…]}, `flawed` ranges, `damaged` [[number, sentence]…], |
| | `unread`: number of files that are not read yet (another snapshot follows), |
| | `label_options` (`game_config`, `label_set`, `options`, `semantics`, `problems`), `used_values` by field |
| `labels` | `session` id, `entry`, `who`, `origin`, `kind`, `command_id`, `saved`, `of`, |
| | `labels` [{`frame_set_id`, `annotations`}…] |
| `label_options` | `session` id, `label_options`: its label set was edited |
| `names` | `book`, `who`, `origin`: the names of a game changed |
| `frame_set` | `session` id, `frame_set`: summary, `counts`: of the session, this set included |
| `preview` | `session` id, `frame_set`: summary, `scans` and `columns` of `join_columns`, `png`, `delay` (ms) |
| `event` | `session` id, `event` |
| `problem` | `message`: one sentence |
"""

from collections.abc import Mapping, Sequence
from typing import Any

from webui.live.feed import Message
from webui.live.live_state import LiveState

__all__ = [
    "MAX_EVENTS",
    "MAX_SESSIONS",
    "join_columns",
    "present_event",
    "present_frame_set",
    "present_label_options",
    "present_labels",
    "present_names",
    "present_preview",
    "present_problem",
    "present_session",
    "present_state",
    "present_watched",
    "present_welcome",
]

MAX_SESSIONS = 200
"""Sessions in a message: the newest. The interface for programs lists all of them."""

MAX_EVENTS = 5000
"""Events of a session that a browser gets when it opens the session: the newest."""

_COLUMNS = ("addresses", "previous", "current", "freq")


def present_welcome(state: LiveState, server_id: str, version: str, now: int) -> Message:
    """Make the first message to a browser: the server, and the state."""
    return Message(
        "welcome", {"server": {"id": server_id, "version": version}, "now": now, **present_state(state).body}
    )


def present_state(state: LiveState) -> Message:
    """Make the message that replaces a browser's state of daemon, link and sessions."""
    return Message(
        "state",
        {
            "daemon": {
                "status": state.daemon.value,
                "since": state.since,
                "version": state.version,
                "data_folder": state.data_folder,
            },
            "link": dict(state.link),
            "sessions": state.all_sessions()[:MAX_SESSIONS],
            "knows_all_sessions": state.knows_all_sessions,
        },
    )


def present_session(summary: Mapping[str, Any]) -> Message:
    """Make the message of a session that opened, changed its state or ended."""
    return Message("session", {"session": summary})


def present_watched(
    session: str,
    ranges: Sequence[Sequence[int]],
    events: Sequence[Mapping[str, Any]],
    labels: Mapping[str, Any],
) -> Message:
    """Make the snapshot of the session that a browser opens.

    Args:
        session: its id.
        ranges: first and last number of each unbroken run of frame sets on disk.
        events: all of its events, in order.
        labels: `labels`, `flawed`, `damaged`, `unread`, `label_options` and `used_values`.
    """
    shown = events[-MAX_EVENTS:]
    return Message(
        "watched",
        {
            "session": session,
            "ranges": list(ranges),
            "events": list(shown),
            "events_left_out": len(events) - len(shown),
            **labels,
        },
    )


def present_frame_set(body: Mapping[str, Any]) -> Message:
    """Make the small message of a stored frame set from a publication `set/…`."""
    return Message("frame_set", {name: body[name] for name in ("session", "frame_set", "counts")})


def present_preview(body: Mapping[str, Any], delay: int | None) -> Message:
    """Make the large message with screenshot and memory changes of a frame set.

    Args:
        body: of the publication `set/…`.
        delay: ms from the emulator to this process, None if it has another clock.
    """
    scans, columns = join_columns(body["changes"])
    return Message(
        "preview",
        {
            "session": body["session"],
            "frame_set": body["frame_set"],
            "scans": scans,
            "columns": columns,
            "png": body["png"],
            "delay": delay,
        },
    )


def present_event(session: str, event: Mapping[str, Any]) -> Message:
    """Make the message of a discontinuity, gap, mark or error."""
    return Message("event", {"session": session, "event": event})


def present_labels(body: Mapping[str, Any]) -> Message:
    """Make the message of edited labels from a publication `labels/…`."""
    return Message("labels", {name: value for name, value in body.items() if name != "n"})


def present_label_options(session: str, options: Mapping[str, Any]) -> Message:
    """Make the message of a session's label options after an edit of its label set."""
    return Message("label_options", {"session": session, "label_options": options})


def present_names(body: Mapping[str, Any]) -> Message:
    """Make the message of an edited book; a page whose session has it asks for it."""
    return Message("names", {name: value for name, value in body.items() if name != "n"})


def present_problem(message: str) -> Message:
    """Make the message of an error sentence."""
    return Message("problem", {"message": message})


def join_columns(changes: Sequence[Mapping[str, Any]]) -> tuple[list[list[Any]], bytes]:
    """Join the columns of a set's scans into one block of bytes.

    Returns:
        One `[region, frame, chunk, count]` for each scan; then all addresses, all previous values, all current values
        (4 bytes each) and all frequencies (2 bytes each), little-endian, scan after scan.
    """
    scans = [[scan["region"], scan["frame"], scan["chunk"], len(scan["addresses"]) // 4] for scan in changes]
    return scans, b"".join(scan[name] for name in _COLUMNS for scan in changes)
