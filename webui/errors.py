"""Errors of the page server; the message of each is a sentence for the user."""

from protocol.errors import GbatraceError

__all__ = ["BrowserGoneError", "BusError", "CommandError", "MissingError", "NotReadyError", "QueryError"]


class MissingError(GbatraceError):
    """A session, frame set or screenshot is not in the data folder."""


class NotReadyError(GbatraceError):
    """The data folder is not known yet: no daemon has answered."""


class QueryError(GbatraceError):
    """A filter, range or request is invalid."""


class BrowserGoneError(GbatraceError):
    """The browser that asked has ended its connection; nobody reads the sentence."""


class BusError(GbatraceError):
    """The daemon could not be asked, or did not answer in time."""


class CommandError(GbatraceError):
    """The daemon refused a command.

    Args:
        kind: the daemon's name of the error.
        message: its sentence.
    """

    def __init__(self, kind: str, message: str) -> None:
        self._kind, self.message = kind, message
        super().__init__(kind, message)

    @property
    def kind(self) -> str:
        """The daemon's name of the error."""
        return self._kind

    def __str__(self) -> str:
        return self.message
