"""Commands about names of memory, forwarded to the daemon, which checks them. Shell."""

from collections.abc import Mapping
from typing import Any

from flask_socketio import SocketIO

from webui.live.command_events import Ask, answer_events

__all__ = ["Naming"]

_COMMANDS = ("names", "name", "remove_name", "import_names", "export_names")

_PATIENCE = 30.0
"""Seconds; a book of thousands of names takes a second."""


class Naming:
    """Forwards commands about names to the daemon.

    Args:
        ask: asks the daemon.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def listen(self, socketio: SocketIO) -> None:
        """Answer the Socket.IO events of the commands about names, see `answer_events`."""
        answer_events(socketio, _COMMANDS, self.carry_out)

    def carry_out(self, command: str, arguments: Mapping[str, Any]) -> Any:
        """Carry a command out and return the daemon's answer.

        Raises:
            MessageError: the command cannot be encoded, or is too large.
            BusError: the daemon is not there.
            CommandError: the daemon refuses.
        """
        return self._ask(command, arguments, _PATIENCE)
