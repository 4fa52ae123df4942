"""Socket.IO events of browsers that are commands to the daemon, and their answers. Shell."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_socketio import SocketIO

from protocol.errors import BusyError, GbatraceError
from webui.errors import BusError, CommandError, NotReadyError

__all__ = ["Ask", "answer_events"]

Ask = Callable[[str, Mapping[str, Any], float], Any]
"""Asks the daemon: command, arguments, patience in seconds."""


def answer_events(
    socketio: SocketIO, commands: Iterable[str], carry_out: Callable[[str, Mapping[str, Any]], Any]
) -> None:
    """Answer events that are called as the commands.

    The answer is `{"ok": true, "result"}` or `{"ok": false, "message", "again"}`; with `again` the daemon was not
    there, or was busy, and the same command may be sent again.

    Args:
        socketio: the browsers' server.
        commands: names of the events.
        carry_out: carries a command out: its name and arguments in, the result out; raises `GbatraceError` to refuse.
    """
    for command in commands:
        socketio.on_event(command, _handler(command, carry_out))


def _handler(command: str, carry_out: Callable[[str, Mapping[str, Any]], Any]) -> Callable[..., dict[str, Any]]:
    def handle(arguments: Any = None, *_: Any) -> dict[str, Any]:
        if not isinstance(arguments, dict):
            return {"ok": False, "again": False, "message": "A command is an object."}
        try:
            return {"ok": True, "result": carry_out(command, arguments)}
        except (BusError, NotReadyError) as error:
            return {"ok": False, "again": True, "message": str(error)}
        except CommandError as error:
            return {"ok": False, "again": error.kind == BusyError.__name__, "message": str(error)}
        except GbatraceError as error:
            return {"ok": False, "again": False, "message": str(error)}

    return handle
