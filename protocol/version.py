"""The three version numbers, which grow independently."""

from typing import Final

__all__ = ["BUS_VERSION", "LINK_VERSION", "PACKAGE_VERSION"]

PACKAGE_VERSION: Final = "0.1.0"
"""Version of the distribution; equals the newest heading of CHANGELOG.md."""

LINK_VERSION: Final = 1
"""Version of the link protocol (emulator and daemon), as in README.md."""

BUS_VERSION: Final = 1
"""Version of the bus protocol (daemon and its subscribers), as in README.md."""
