"""Service for the bus's command that edits a label set: its values and how they show. Shell.

The file is `label_sets/<name>.json` in the data folder; one that ships is copied there with its first edit.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from daemon.background import Background
from daemon.disk.file_lock import FileLock
from daemon.disk.files import map_os_errors, replace_file
from daemon.labels.commands import LABEL_SET_ARGUMENTS, parse_header
from protocol.bus.messages import Topic
from protocol.disk import without_links
from protocol.errors import LabelError
from protocol.session.annotations import MAX_VALUE
from protocol.session.layout import session_folder
from protocol.texts import checked_name
from resources.config_files import own_label_set, read_label_set_document, recorded_game_config
from resources.label_set import COLOUR, DEFAULT_LABEL_SET, OPTION_PARTS, edited_label_set, parse_label_set

__all__ = ["LabelSetService"]

_KEY = re.compile(r"[a-z0-9]?")


class LabelSetService:
    """Editor of label sets: a command names a session, and means the label set of its game.

    Args:
        data_folder: the session folders.
        background: runs what touches files.
        publish: the bus.
    """

    def __init__(
        self, data_folder: Path, background: Background, publish: Callable[[str, str, Mapping[str, Any]], None]
    ) -> None:
        self._data_folder = data_folder
        self._background = background
        self._publish = publish

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Awaitable[Any]]]:
        """Return the commands that the bus answers with this service."""
        return {"edit_label_set": self.edit_label_set}

    async def edit_label_set(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Edit a value of a label set, or add it. Done twice, it is done.

        Args:
            arguments: `session`; `field` of the labels; `value`; those of `label` (the shown name), `key` (a letter or
                a digit, empty for none), `colour` (`#5cb0f8`, empty for the page's choice) and `retired` that change;
                `who`, `origin`, `command_id`.

        Returns:
            `label_set`, its name, and `options` of the field afterwards.

        Raises:
            LabelError: an argument is wrong, or there is no such session.
            ConfigError: the label set cannot be read, or another value has the key.
            StoreError: the disk refused.
        """
        header = parse_header(arguments, LABEL_SET_ARGUMENTS)
        field = str(arguments.get("field"))
        edit = _checked(arguments)

        def run() -> tuple[str, list[dict[str, Any]]]:
            if not session_folder(self._data_folder, header.session).metadata.is_file():
                raise LabelError(f"There is no session {header.session}.")
            config = recorded_game_config(self._data_folder, header.session, lambda _problem: None)
            name = config.label_set or DEFAULT_LABEL_SET
            return name, self._edited(name, field, edit)

        name, options = await self._background.run(run)
        body = {"label_set": name, "who": header.who, "origin": header.origin}
        self._publish(Topic.LABEL_SETS, name, body)
        return {"label_set": name, "options": options}

    def _edited(self, name: str, field: str, edit: Mapping[str, Any]) -> list[dict[str, Any]]:
        own = own_label_set(self._data_folder, name)
        with map_os_errors(own):
            own.parent.mkdir(exist_ok=True)
            path = without_links(self._data_folder, own)
            lock = FileLock.take_soon(path.with_name(".editing"))
            if lock is None:
                raise LabelError("Another gbatrace is editing the label set: try again.")
            with lock:
                before = read_label_set_document(self._data_folder, name)
                parse_label_set(name, before)
                after = edited_label_set(name, before, field, edit)
                replace_file(path, orjson.dumps(after, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return parse_label_set(name, after).options[field]


def _checked(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Check the value and its parts."""
    edit: dict[str, Any] = {
        "value": checked_name("A value of a label set", arguments.get("value"), MAX_VALUE, LabelError)
    }
    for part in OPTION_PARTS:
        if part in arguments:
            edit[part] = arguments[part]
    if "label" in edit:
        edit["label"] = checked_name("The name of a value", edit["label"], MAX_VALUE, LabelError)
    if not (isinstance(edit.get("key", ""), str) and _KEY.fullmatch(edit.get("key", ""))):
        raise LabelError("The key of a value is a letter or a digit, or an empty text for none.")
    if type(edit.get("retired", False)) is not bool:
        raise LabelError("`retired` is true or false.")
    colour = edit.get("colour") or "#000000"
    if not (isinstance(colour, str) and COLOUR.fullmatch(colour)):
        raise LabelError("The colour of a value is as #5cb0f8, or an empty text for the page's choice.")
    return edit
