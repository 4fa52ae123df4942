"""Label commands of browsers and programs: brought into the form of the bus and handed to the daemon, who alone writes.

A command names its frame sets as `frame_sets` (a list), `first` and `last`, `ranges` [[first, last]…] or
`seconds` and `until` (what was recorded in the last seconds up to a frame set).
"""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from flask_socketio import SocketIO

from protocol.errors import GbatraceError
from webui.errors import BusError, NotReadyError, QueryError
from webui.index import Index
from webui.offload import offload

__all__ = ["Labelling"]

_COMMANDS = ("label", "latch", "undo", "redo")

_PATIENCE = 120.0
"""Seconds for a label command: one that concerns a whole long session writes tens of thousands of files."""

_MAX_SETS = 100_000
"""Most frame sets in one command; their numbers fit into a request of the bus."""

Ask = Callable[[str, Mapping[str, Any], float], Any]


class Labelling:
    """Passes label commands on.

    Args:
        ask: asks the daemon: command, arguments, patience in seconds.
        index: gives the index of the data folder.
    """

    def __init__(self, ask: Ask, index: Callable[[], Index]) -> None:
        self._ask = ask
        self._index = index

    def listen(self, socketio: SocketIO) -> None:
        """Answer the Socket.IO events `label`, `latch`, `undo` and `redo`.

        The answer is `{"ok": true, "result"}` or `{"ok": false, "message", "again"}`; `again` says that the daemon was
        not there and the same command may be sent again.
        """
        for command in _COMMANDS:
            socketio.on_event(command, self._handler(command))

    def carry_out(self, command: str, wish: Mapping[str, Any]) -> Any:
        """Carry a command out and return the daemon's answer.

        Raises:
            QueryError: the frame sets are named in no way that is known.
            BusError: the daemon is not there.
            CommandError: the daemon refuses.
        """
        arguments = {name: wish.get(name, "") for name in ("session", "who", "origin")}
        if command in {"label", "latch"}:
            arguments["labels"] = wish.get("labels", {})
        if command == "label":
            arguments |= {name: wish[name] for name in ("add_tags", "remove_tags") if name in wish}
            arguments |= self._meant(wish)
        return self._ask(command, arguments, _PATIENCE)

    def _handler(self, command: str) -> Callable[..., dict[str, Any]]:
        def handle(wish: Any = None, *_: Any) -> dict[str, Any]:
            if not isinstance(wish, dict):
                return {"ok": False, "again": False, "message": "A label command is an object."}
            try:
                return {"ok": True, "result": self.carry_out(command, wish)}
            except (BusError, NotReadyError) as error:
                return {"ok": False, "again": True, "message": str(error)}
            except GbatraceError as error:
                return {"ok": False, "again": False, "message": str(error)}

        return handle

    def _meant(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        match wish:
            case {"seconds": int() | float() as seconds, "until": int(until), "session": str(session)}:
                index = self._index()
                offload(index.open_session, session)
                first, last = offload(index.last_seconds, session, until, min(max(seconds, 0), 1e9))
                return {"first": first, "last": last}
            case {"ranges": list(ranges)} if ranges and all(_is_range(pair) for pair in ranges):
                if len(ranges) == 1:
                    return {"first": ranges[0][0], "last": ranges[0][1]}
                if sum(last - first + 1 for first, last in ranges) > _MAX_SETS:
                    raise QueryError(f"One command can label at most {_MAX_SETS} frame sets in several ranges.")
                return {"frame_sets": list(chain.from_iterable(range(first, last + 1) for first, last in ranges))}
            case _:
                return {name: wish[name] for name in ("frame_sets", "first", "last") if name in wish}


def _is_range(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair)
