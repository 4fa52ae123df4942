"""Names of the files in a data folder. Pure. Path parts are validated here and nowhere else.

::

    <data folder>/
        <session id>/
            session_metadata.json
            events.jsonl
            annotation_history.jsonl
            annotation_seal.json
            checksums.jsonl
            proofs.jsonl
            changes.log
            searches.json
            start_state.zst
            memory_<frame set id>.bin.zst
            <frame set id>/
                event.json
                <frame set id>.png
                annotations.json
        .writing-<session id>/
            <frame set id>/
        names/
            <SHA-1 of the ROM, or the game's name>.json

`.memory_index/<session id>/` of the data folder is a cache of the analysis, `.savestates/<session id>/` one of probes:
they can be deleted at any time. `.roms` names folders of ROMs, a line each; `.rom_hashes` remembers what is in them.

A session has no other folders: the original's later app takes every folder in it for a frame set. So a frame set is
written beside its session and gets its place by rename. Older sessions of gbatrace have the images in a folder
`memory/<frame set id>.bin.zst`.
"""

import re
import unicodedata
from pathlib import Path

from protocol.errors import LayoutError
from protocol.link.messages import MAX_SET

__all__ = [
    "DAMAGED",
    "MAKING",
    "NAMES",
    "PARTIAL",
    "STAGING",
    "UNREADABLE",
    "SessionFolder",
    "frame_set_id",
    "is_unfinished",
    "memory_image_id",
    "name_book",
    "partial_path",
    "session_folder",
    "session_id",
    "session_slug",
    "shortened",
]

PARTIAL = ".partial"
"""Ending of a file's name while it is being written."""

STAGING = ".writing-"
"""Beginning of the name of the folder in which frame sets of a session are written."""

NAMES = "names"
"""Folder of a data folder with the names of memory that a person gave, a file for each game."""

MAKING = ".making-"
"""Beginning of a folder's name while a whole session is made in it: by an import, a merge or an export."""

_OLDER_PARTIAL = ".partial-"
"""Beginning of the name of a frame set's folder while an early version wrote it."""

DAMAGED = ".damaged-"
"""Beginning of the name that an unreadable frame set gets when its session goes on behind it."""

UNREADABLE = "annotations.json.unreadable"
"""Name that unreadable labels get when their frame set is labelled anew."""

_MAX_CHARACTERS, _MAX_BYTES = 120, 240
"""Longest name of a session, in characters and in bytes of UTF-8: file systems have room for 255 bytes."""

_FORBIDDEN = frozenset('\\/:*?"<>|%#[]{}$`^;~=')
"""Characters that no folder can have on Windows, or that have a meaning in a URL, a shell or a dataset's path."""

_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
_MAX_GAME = 60
_FRAME_SET_ID = re.compile(r"0|[1-9][0-9]{0,9}")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for devices, with any ending."""


def session_id(text: str) -> str:
    """Return `text` if it can name a session's folder on every system.

    Raises:
        LayoutError: it cannot.
    """
    # Compatible forms count as well: Windows takes COM¹ for a device, and a full-width stroke reads as a real one.
    plain = unicodedata.normalize("NFKC", text)
    device = plain.split(".", 1)[0].rstrip().lower() in _RESERVED
    if device or not (_is_writable(text) and _is_writable(plain)):
        raise LayoutError(
            f"{text[:60]!r} cannot be a session's name: use letters, digits, blanks, points, dashes and underscores"
        )
    return text


def session_slug(text: str, longest: int) -> str:
    """Make a part of a session's name of any text.

    Its letters and digits, whatever their script, are joined by dashes.

    Args:
        text: such as the name of a game.
        longest: most characters of the answer, at most 60.
    """
    composed = unicodedata.normalize("NFKC", text.casefold())
    words = "".join(char if _is_word(char) else " " for char in composed).split()
    slug = "-".join(words)[:longest].strip("-")
    return slug if _is_writable(slug) else "game"


def shortened(name: str, room: int) -> str:
    """Shorten a session's name so that `room` ASCII characters more make a session's name again."""
    name = name[: _MAX_CHARACTERS - room]
    while len(name.encode()) > _MAX_BYTES - room:
        name = name[:-1]
    return name.rstrip(" .")


def _is_writable(name: str) -> bool:
    if not (name and len(name) <= _MAX_CHARACTERS and name[0].isalnum() and name[-1] not in " ."):
        return False
    if not _FORBIDDEN.isdisjoint(name) or any(unicodedata.category(char)[0] in "CZ" and char != " " for char in name):
        return False
    return len(name.encode()) <= _MAX_BYTES


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def frame_set_id(text: str) -> int:
    """Read the number of a frame set, as it stands in a path or a URL.

    Raises:
        LayoutError: it is not such a number.
    """
    if not _FRAME_SET_ID.fullmatch(text) or int(text) > MAX_SET:
        raise LayoutError(f"{text[:60]!r} is not the number of a frame set")
    return int(text)


def memory_image_id(name: str) -> int:
    """Read the number of the frame set from the name of a memory image, an older one too.

    Raises:
        LayoutError: it is not such a name.
    """
    return frame_set_id(name.removeprefix("memory_").removesuffix(".bin.zst"))


def name_book(data_folder: Path, rom_hash: str, game: str) -> Path:
    """Return the path of the names that a person gave in a game.

    Args:
        data_folder: the session folders.
        rom_hash: SHA-1 of the ROM, hex; anything else where it is not known.
        game: the game's name, which then stands for it.
    """
    name = rom_hash.upper() if _SHA1.fullmatch(rom_hash) else session_slug(game, _MAX_GAME)
    return data_folder / NAMES / f"{name}.json"


def is_unfinished(name: str) -> bool:
    """Return whether a file or folder with this name was left half-written."""
    return name.startswith(_OLDER_PARTIAL) or name.endswith(PARTIAL)


def partial_path(path: Path) -> Path:
    """Return the path of a file while it is being written."""
    return path.with_name(path.name + PARTIAL)


def session_folder(data_folder: Path, name: str) -> "SessionFolder":
    """Return the folder of a session.

    Raises:
        LayoutError: the name cannot be a session's.
    """
    return SessionFolder(data_folder / session_id(name))


class SessionFolder:
    """The paths of one session.

    Args:
        path: the session's folder; its name is the session id.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def metadata(self) -> Path:
        """`session_metadata.json`, written when the session starts and again when it ends."""
        return self.path / "session_metadata.json"

    @property
    def events(self) -> Path:
        """`events.jsonl`, one event a line, appended."""
        return self.path / "events.jsonl"

    @property
    def annotation_history(self) -> Path:
        """`annotation_history.jsonl`, one entry a line, appended."""
        return self.path / "annotation_history.jsonl"

    @property
    def annotation_seal(self) -> Path:
        """`annotation_seal.json`, the seal of the history of labels."""
        return self.path / "annotation_seal.json"

    @property
    def checksums(self) -> Path:
        """`checksums.jsonl`, one frame set or memory image a line, appended."""
        return self.path / "checksums.jsonl"

    @property
    def proofs(self) -> Path:
        """`proofs.jsonl`, one hash of the emulator's own memory a line, appended."""
        return self.path / "proofs.jsonl"

    @property
    def change_log(self) -> Path:
        """`changes.log`, the log of changes, which can be made again from the folders."""
        return self.path / "changes.log"

    @property
    def rejected_rows(self) -> Path:
        """`rejected_rows.csv`, lines of an imported log that were no rows."""
        return self.path / "rejected_rows.csv"

    @property
    def start_state(self) -> Path:
        """`start_state.zst`, the savestate from which a session begins that was recorded headless."""
        return self.path / "start_state.zst"

    @property
    def searches(self) -> Path:
        """`searches.json`, named searches in the session's memory."""
        return self.path / "searches.json"

    @property
    def search_lock(self) -> Path:
        """File that is there, and locked, while a search is being saved."""
        return self.path / ".saving_search"

    @property
    def lock(self) -> Path:
        """File that is there, and locked, while the session is being recorded."""
        return self.path / ".recording"

    @property
    def label_lock(self) -> Path:
        """File that is there, and locked, while one gbatrace edits the session's labels."""
        return self.path / ".labelling"

    @property
    def older_memory(self) -> Path:
        """The folder of full memory images in an older session."""
        return self.path / "memory"

    def memory_image(self, number: int) -> Path:
        """Return the path of a memory image.

        It holds all regions, one after the other, as they were after the frame set; zstandard.
        """
        return self.path / f"memory_{number}.bin.zst"

    def frame_set(self, number: int) -> Path:
        """Return the folder of a frame set."""
        return self.path / str(number)

    @property
    def staging(self) -> Path:
        """Folder beside the session's, on the same file system, in which frame sets are written."""
        return self.path.with_name(f"{STAGING}{self.path.name}")

    def partial(self, number: int) -> Path:
        """Return the folder of a frame set that has not got its place by rename yet."""
        return self.staging / str(number)

    def event(self, number: int) -> Path:
        """Return the path of a frame set's `event.json`."""
        return self.frame_set(number) / "event.json"

    def screenshot(self, number: int) -> Path:
        """Return the path of a frame set's screenshot, a PNG."""
        return self.frame_set(number) / f"{number}.png"

    def annotations(self, number: int) -> Path:
        """Return the path of a frame set's labels, `annotations.json`."""
        return self.frame_set(number) / "annotations.json"
