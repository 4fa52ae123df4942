"""Error classes of gbatrace: whose fault it is and what to do about it, in one sentence.

::

    GbatraceError
    ├── PeerError             the other end of a wire broke the specification
    │   ├── FramingError      not "<n> <payload>"
    │   ├── MessageError      a payload that is not a message of the specification
    │   │   └── GreetingError a HELLO that no daemon can take
    │   └── SequenceError     a message lost, repeated or out of turn
    ├── UserError             a fault that the person at the keyboard can fix
    │   ├── SettingsError     an option with an impossible value
    │   ├── PortInUseError    another program listens there
    │   ├── DataFolderError   the data folder cannot be written
    │   ├── ConfigError       a game config or label set that cannot be used
    │   ├── LabelError        a label that cannot be given
    │   ├── NamesError        a name of memory that cannot be given, or a list of names that cannot be read
    │   ├── SecretError       a command without the secret of the bus
    │   ├── SessionError      a session folder that is missing, damaged or in the way
    │   ├── LogError          a log, or its screenshots, that cannot be imported
    │   ├── AnalysisError     a question about recorded memory that has no answer
    │   │   ├── EvidenceError a reading, an event or an axis that cannot be read or used
    │   │   ├── FilterError   a search or a filter that cannot be read or used
    │   │   ├── MomentError   a moment that the recording does not have
    │   │   └── ValueTypeError a value type that there is not, or a number that does not fit it
    │   ├── ExportError       sessions or names that cannot be exported like that, or not to there
    │   ├── GoalError         a goal that cannot be read
    │   ├── FleetError        a fleet that cannot record like that, or not to there
    │   ├── RomError          a ROM that is missing or is not one
    │   ├── InputFileError    recorded inputs that cannot be read
    │   ├── BizHawkError      a BizHawk that is missing, too old or does not start
    │   └── CoreError         a libretro core that is missing or does not load
    ├── LayoutError           a name that must not become part of a path
    ├── DocumentError         a file of a session folder that is not what it should be
    ├── BusyError             too much is asked at once, or not ready yet: ask again in a moment
    ├── AnalysisProcessError  the process that answers questions about memory failed
    └── StoreError            the disk refused
        ├── DiskFullError     there is no room left
        └── FileHeldError     another program holds a file open
"""

import errno
import sys
from pathlib import Path

__all__ = [
    "AnalysisError",
    "AnalysisProcessError",
    "BizHawkError",
    "BusyError",
    "ConfigError",
    "CoreError",
    "DataFolderError",
    "DiskFullError",
    "DocumentError",
    "EvidenceError",
    "ExportError",
    "FileHeldError",
    "FilterError",
    "FleetError",
    "FramingError",
    "GbatraceError",
    "GoalError",
    "GreetingError",
    "InputFileError",
    "LabelError",
    "LayoutError",
    "LogError",
    "MessageError",
    "MomentError",
    "NamesError",
    "PeerError",
    "PortInUseError",
    "RomError",
    "SecretError",
    "SequenceError",
    "SessionError",
    "SettingsError",
    "StoreError",
    "UserError",
    "ValueTypeError",
    "cannot_listen",
]


_FIRST_FREE_PORT = 1024
"""Ports below it are for the system on POSIX."""

_ON_WINDOWS = sys.platform == "win32"
_ON_MACOS = sys.platform == "darwin"

_AIRPLAY = 5000
"""Port of AirPlay Receiver, which macOS 12 and later start by themselves (Flask's documentation, Quickstart)."""


class GbatraceError(Exception):
    """Base of all our errors. `str()` is one sentence for a player."""

    @property
    def kind(self) -> str:
        """Name of the error on the bus."""
        return type(self).__name__


class PeerError(GbatraceError):
    """The other end of a wire broke the specification.

    Its own connection ends, no other.
    """


class FramingError(PeerError):
    """The byte stream is not a sequence of `"<n> <payload>"`."""


class MessageError(PeerError):
    """A payload is not a message of the specification."""


class GreetingError(MessageError):
    """A HELLO with impossible values.

    Its answer is REFUSED, because the player can fix it in `config.lua`.
    """


class SequenceError(PeerError):
    """A message was lost, repeated or came out of turn."""


class UserError(GbatraceError):
    """A fault that the person at the keyboard can fix; the sentence says how."""


class SettingsError(UserError):
    """An option has an impossible value."""


class PortInUseError(UserError):
    """Another program listens on a port that we need.

    Args:
        purpose: what the port is for, in a player's words.
        host: the address that was asked for.
        port: the port number.
        option: the command-line option that chooses another port.
    """

    def __init__(self, purpose: str, host: str, port: int, option: str) -> None:
        self.purpose, self.host, self.port, self.option = purpose, host, port, option
        super().__init__(purpose, host, port, option)

    def __str__(self) -> str:
        by = "AirPlay Receiver" if _ON_MACOS and self.port == _AIRPLAY else "another gbatrace"
        return (
            f"Port {self.port} on {self.host} ({self.purpose}) is in use, perhaps by {by}: "
            f"stop that program or choose another port with {self.option}."
        )


def cannot_listen(number: int | None, purpose: str, host: str, port: int, option: str, host_option: str) -> UserError:
    """Choose the error for an address on which the system does not let us listen.

    Args:
        number: the system's error number.
        purpose: what the port is for, in a player's words.
        host: the address that was asked for.
        port: the port number.
        option: the command-line option that chooses another port.
        host_option: the one that chooses another address.
    """
    if number in {errno.EADDRNOTAVAIL, errno.ENODEV, errno.EINVAL}:
        return SettingsError(f"This machine has no address {host}: choose one of its own with {host_option}.")
    if number == errno.EACCES and _ON_WINDOWS:
        return SettingsError(
            f"Windows lets no program listen on port {port} ({purpose}): it is reserved, for Hyper-V or WSL perhaps, "
            f"or another program has it. Choose another with {option}; "
            "`netsh interface ipv4 show excludedportrange protocol=tcp` lists those that are reserved."
        )
    if number == errno.EACCES and port < _FIRST_FREE_PORT:
        return SettingsError(
            f"Port {port} ({purpose}) is reserved for the system: choose one above 1023 with {option}."
        )
    return PortInUseError(purpose, host, port, option)


class DataFolderError(UserError):
    """The data folder cannot be created or written."""


class ConfigError(UserError):
    """A game config or label set cannot be used."""


class LabelError(UserError):
    """A label cannot be given: no such field, value or frame set."""


class NamesError(UserError):
    """A name of memory cannot be given, or a list of names cannot be read."""


class SecretError(UserError):
    """A command that does not carry the secret of the bus."""


class SessionError(UserError):
    """A session folder is missing, damaged or in the way."""


class LogError(UserError):
    """A log, or its screenshots, cannot be imported."""


class AnalysisError(UserError):
    """A question about recorded memory has no answer: its address was not recorded, for one."""


class FilterError(AnalysisError):
    """A search, one of its filters or a moment cannot be read, or not be used on this recording."""


class EvidenceError(AnalysisError):
    """A reading, an event or an axis cannot be read, or not be used on this recording."""


class MomentError(AnalysisError):
    """The recording has no such moment."""


class ValueTypeError(AnalysisError):
    """There is no such value type, or a number that does not fit it."""


class ExportError(UserError):
    """Sessions or names cannot be exported in that form, or not to that place."""


class GoalError(UserError):
    """A goal cannot be read, or has a name that the game does not have."""


class FleetError(UserError):
    """A fleet cannot record like that, or not to that place."""


class RomError(UserError):
    """A ROM is missing or is not one."""


class InputFileError(UserError):
    """A file of recorded inputs cannot be read, or has a line that is not an input.

    Args:
        path: the file.
        line: the line's number, from 1; 0 for the file as a whole.
        problem: what is wrong, without a full stop.
    """

    def __init__(self, path: Path, line: int, problem: str) -> None:
        self.path, self.line, self.problem = path, line, problem
        super().__init__(path, line, problem)

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line else f"{self.path}"
        return f"{where}: {self.problem}."


class BizHawkError(UserError):
    """BizHawk is missing, too old, or does not start."""


class CoreError(UserError):
    """A libretro core is missing or does not load."""


class LayoutError(GbatraceError):
    """A name that must not become part of a path."""


class DocumentError(GbatraceError):
    """A file of a session folder is not what it should be; the sentence does not name the file."""


class BusyError(GbatraceError):
    """Too much is asked at once, or what is asked for is not ready yet: ask again in a moment."""


class AnalysisProcessError(GbatraceError):
    """The process that answers questions about memory failed; recording does not depend on it."""


class StoreError(GbatraceError):
    """The disk refused to store something."""


class DiskFullError(StoreError):
    """There is no room left in the data folder."""


class FileHeldError(StoreError):
    """Another program holds a file open: it cannot be renamed, replaced or deleted."""
