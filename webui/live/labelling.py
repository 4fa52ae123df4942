"""Label commands of browsers and programs, forwarded to the daemon. Shell.

The daemon checks them and carries them out. One way to name frame sets needs the index and is resolved here: `seconds`
and `until`, for the last seconds up to a frame set. A command with a `command_id` may be sent again where no answer
came: it is carried out once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask_socketio import SocketIO

from protocol.link.messages import MAX_SET
from webui.archive.index import Index
from webui.errors import QueryError
from webui.live.command_events import Ask, answer_events
from webui.offload import offload

__all__ = ["Labelling"]

_COMMANDS = ("label", "latch", "undo", "redo", "take_suggestions", "snap", "edit_label_set")

_PATIENCE = 120.0
"""Seconds; a command for a whole long session writes tens of thousands of files."""

_LONGEST = 1e9
"""Longest `seconds`: more than any session, and small enough for SQLite."""

_OTHER_SELECTORS = frozenset({"frame_sets", "ranges", "first", "last"})


class Labelling:
    """Forwards label commands to the daemon.

    Args:
        ask: asks the daemon: command, arguments, patience in seconds.
        index: gives the index of the data folder.
    """

    def __init__(self, ask: Ask, index: Callable[[], Index]) -> None:
        self._ask = ask
        self._index = index

    def listen(self, socketio: SocketIO) -> None:
        """Answer the Socket.IO events of the label commands, see `answer_events`."""
        answer_events(socketio, _COMMANDS, self.carry_out)

    def carry_out(self, command: str, arguments: Mapping[str, Any]) -> Any:
        """Carry a command out and return the daemon's answer.

        Raises:
            QueryError: `seconds` and `until` are not what they should be.
            MessageError: the command cannot be encoded, or is too large.
            MissingError: there is no such session.
            BusError: the daemon is not there.
            CommandError: the daemon refuses.
        """
        session, parts = arguments.get("session"), arguments.get("parts")
        arguments = self._without_seconds(session, arguments)
        if isinstance(parts, list):
            arguments["parts"] = [
                self._without_seconds(session, part) if isinstance(part, dict) else part for part in parts
            ]
        return self._ask(command, arguments, _PATIENCE)

    def _without_seconds(self, session: Any, part: Mapping[str, Any]) -> dict[str, Any]:
        """Replace `seconds` and `until` by `first` and `last`."""
        if not {"seconds", "until"} & part.keys():
            return dict(part)
        others = {name: value for name, value in part.items() if name not in {"seconds", "until"}}
        seconds, until = part.get("seconds"), part.get("until")
        if not isinstance(session, str) or _OTHER_SELECTORS & others.keys():
            raise QueryError("A label command names its frame sets in one way, and the session that has them.")
        if type(until) is not int or not 0 <= until <= MAX_SET:
            raise QueryError("`until` is the number of a frame set.")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not seconds >= 0:
            raise QueryError("`seconds` is a number that is not negative.")
        first, last = offload(_last_seconds, self._index(), session, until, min(seconds, _LONGEST))
        return {**others, "first": first, "last": last}


def _last_seconds(index: Index, session: str, until: int, seconds: float) -> tuple[int, int]:
    """Find the frame sets of the last seconds; their labels need not be known for that."""
    index.compare(session)
    return index.last_seconds(session, until, seconds)
