"""Check of a game file before BizHawk is started with it. Shell: reads the file."""

import zipfile
from pathlib import Path

from protocol.errors import RomError

__all__ = ["check_game_file"]

_SUFFIX = ".gba"


def check_game_file(path: Path) -> str:
    """Check that a file is a game for BizHawk.

    BizHawk opens archives itself; only those of zip are looked into here.

    Args:
        path: a game, or an archive that holds one.

    Returns:
        A sentence for the player where there is something to know, else nothing.

    Raises:
        RomError: there is no such file, it is empty, or there is no game in it.
    """
    if path.is_dir():
        raise RomError(f"{path} is a folder: name the game in it, a .gba or .zip file.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise RomError(f"There is no game at {path}: name a .gba or .zip file.") from None
        raise RomError(f"The game {path} cannot be read ({error.strerror or error}).") from None
    if empty:
        raise RomError(f"The game {path} is empty: copy it here again.")
    return _look_into(path) if path.suffix.casefold() == ".zip" else ""


def _look_into(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            games = [file for file in archive.infolist() if file.filename.casefold().endswith(_SUFFIX)]
    except (zipfile.BadZipFile, OSError, UnicodeDecodeError):
        raise RomError(f"{path} is not a zip archive, or a damaged one: copy it here again.") from None
    if not games:
        raise RomError(f"There is no {_SUFFIX} file in {path}: name another archive, or the game itself.")
    if not any(game.file_size for game in games):
        raise RomError(f"The game in {path} is empty: copy it here again.")
    return f"{path.name} holds {len(games)} games: BizHawk asks which one to play." if len(games) > 1 else ""
