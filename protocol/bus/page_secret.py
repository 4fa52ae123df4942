"""Secrets of the page's process: one line on its standard input, from the daemon. Pure."""

from dataclasses import dataclass, field

import orjson

from protocol.errors import SettingsError

__all__ = ["KEY_BYTES", "MIN_PASSWORD", "PASSWORD_VARIABLE", "PageSecret"]

KEY_BYTES = 32
"""Length of the key that signs cookies; the daemon draws it at random."""

MIN_PASSWORD = 8
"""Fewest characters of a password; guessing is throttled as well, see `webui.access.auth`."""

PASSWORD_VARIABLE = "GBATRACE_PASSWORD"  # noqa: S105 - the name of an environment variable
"""Environment variable of the page's password."""


@dataclass(frozen=True, slots=True)
class PageSecret:
    """The secrets of the page's process.

    Args:
        key: signs cookies. It lives as long as the daemon, so that a page process that is started again knows its
            browsers.
        password: opens the page; empty where only invitations do.
        bus: what the page's own commands to the daemon carry.

    Raises:
        SettingsError: the password is too short.
    """

    key: bytes = field(repr=False)
    password: str = field(default="", repr=False)
    bus: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.password and len(self.password) < MIN_PASSWORD:
            raise SettingsError(f"The page's password must have at least {MIN_PASSWORD} characters.")

    def as_line(self) -> str:
        """Write it as one line of text."""
        return orjson.dumps({"key": self.key.hex(), "password": self.password, "bus": self.bus}).decode()

    @classmethod
    def from_line(cls, line: str) -> "PageSecret":
        """Read it.

        Raises:
            SettingsError: the line is not one of ours.
        """
        try:
            match orjson.loads(line):
                case {"key": str(key), "password": str(password), "bus": str(bus)}:
                    return cls(bytes.fromhex(key), password, bus)
        except ValueError:
            pass
        raise SettingsError("The first line of standard input must be the page's secret, as the daemon writes it.")
