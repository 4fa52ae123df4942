"""Key bindings of the page: those that ship, overridden by the user's `keys.json`. Shell.

A key that the user gives to an action is taken from the one that has it by default: a later version may need new keys,
and the user's file must go on working.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import resources
from protocol.errors import ConfigError
from resources.config_files import read_object

__all__ = ["page_keys"]


def page_keys(data_folder: Path | None) -> tuple[dict[str, list[str]], list[str]]:
    """Find the keys of the page by action, and a sentence where the user's cannot be used.

    Args:
        data_folder: where `keys.json` may be; None where it is not known yet.
    """
    shipped = _checked("default.json", read_object(resources.key_bindings()))
    own = data_folder / "keys.json" if data_folder is not None else None
    try:
        if own is not None and own.is_file():
            given = _checked("keys.json", read_object(own))
            taken = {key for keys in given.values() for key in keys}
            left = {name: [key for key in keys if key not in taken] for name, keys in shipped.items()}
            return {**left, **given}, []
    except (ConfigError, OSError) as error:
        return shipped, [f"{error} The default keys are used instead."]
    return shipped, []


def _checked(file: str, document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the keys of a file, checked.

    Raises:
        ConfigError: names the file, the key and what is wrong with it.
    """
    owners: dict[str, str] = {}
    for name, keys in document.items():
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise ConfigError(f"{file}: `{name}` must be a list of keys.")
        for key in keys:
            if key in owners:
                raise ConfigError(f"{file}: the key {key} stands for both {owners[key]} and {name}.")
            owners[key] = name
    return dict(document)
