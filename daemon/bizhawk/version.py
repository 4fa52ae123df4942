"""Versions of BizHawk. Pure."""

import re

__all__ = ["OLDEST", "Version", "is_too_old", "parse_version", "version_text"]

Version = tuple[int, ...]
"""Major, minor and, where it is not zero, patch."""

OLDEST: Version = (2, 10)
"""The first version with everything that the script needs."""

_VERSION = re.compile(r"(?:BizHawk )?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:\.\d+)?")


def parse_version(text: str) -> Version | None:
    """Read a version as BizHawk or HELLO gives it: `2.11.1`, `BizHawk 2.10`, `2.11.0.0`.

    Returns:
        None for anything else, such as the name of a developer's build, or of another emulator.
    """
    found = _VERSION.fullmatch(text.strip())
    if found is None:
        return None
    major, minor, patch = (int(part or 0) for part in found.groups())
    return (major, minor, patch) if patch else (major, minor)


def is_too_old(version: Version | None) -> bool:
    """Return whether a version is known not to work."""
    return version is not None and version < OLDEST


def version_text(version: Version | None) -> str:
    """Write a version as people do; empty where it is not known."""
    return "" if version is None else ".".join(map(str, version))
