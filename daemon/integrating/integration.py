"""Folder of a stable-retro integration, from a session. Shell.

It holds `data.json` (the names of the game's memory), `scenario.json` (its goal), a start state (a moment of the
session, gzip of what the mGBA core serialises, which is stable-retro's as well), `metadata.json`, which names it, and
`rom.sha`. The ROM itself is the user's: stable-retro plays `rom.gba` of the folder.
"""

import gzip
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from daemon.disk.files import map_os_errors, remove_tree, replace_file
from daemon.exporting.goal_files import read_goal
from daemon.goals.goals import Goal, parse_goal
from daemon.integrating.scenario import write_scenario
from daemon.names.book_files import session_book
from daemon.names.named_address import NamedAddress
from daemon.names.stable_retro import OURS, write_retro_data
from daemon.replaying.branch import moment_state
from protocol.console import GBA
from protocol.errors import ExportError, LayoutError
from protocol.session.layout import session_id, session_slug
from protocol.session.reader import stored_session

__all__ = ["IntegrationOptions", "WrittenIntegration", "write_integration"]

_SYSTEM = "GbAdvance"
"""stable-retro's name of the console, in the names of its games."""

_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationOptions:
    """Options of an integration.

    Args:
        session: a session of the game.
        at: the frame set after which an episode starts.
        output: the folder of integrations, in which the game gets its own.
        name: of the game there, without system and version; empty makes one of the ROM's.
        state: name of the start.
        goal: a file with the goal; that of the session's game config without it.
        rom: path of the game; found by its hash if empty.
        core: a libretro mGBA core; one is looked for if not given.
        copies_rom: whether the ROM is copied into the folder.
    """

    session: str
    at: int
    output: Path
    name: str = ""
    state: str = "Start"
    goal: Path | None = None
    rom: str = ""
    core: Path | None = None
    copies_rom: bool = False


@dataclass(frozen=True, slots=True)
class WrittenIntegration:
    """An integration that was written.

    Args:
        folder: its folder, called as stable-retro calls the game.
        variables: how many variables it has.
        notes: sentences on what is different there.
    """

    folder: Path
    variables: int
    notes: tuple[str, ...]


def write_integration(data_folder: Path, options: IntegrationOptions) -> WrittenIntegration:
    """Write the integration of a game, with a moment of a session as its start.

    Args:
        data_folder: the session folders.
        options: what to write.

    Raises:
        ExportError: the folder is there already, or a scenario cannot say the goal.
        GbatraceError: there is no such session or frame set, the goal cannot be read, the ROM is not found, or the
            game cannot be played again up to the moment.
    """
    reader = stored_session(data_folder, options.session)
    recorder = reader.metadata.recorder
    title = options.name or _camel_case(str(recorder.get("rom_name") or reader.metadata.game_name))
    folder = options.output / f"{_file_name(title)}-{_SYSTEM}-v0"
    if folder.exists():
        raise ExportError(f"{folder} is there already: choose another name, or delete it first.")
    every = session_book(data_folder, reader).names
    names = [name for name in every if GBA.region_at(name.address, name.width) is not None]
    written = write_retro_data(names)
    document: dict[str, Any] = orjson.loads(written.data)
    identifiers = {entry[OURS]["name"]: identifier for identifier, entry in document["info"].items()}
    declared = read_goal([reader], options.goal)
    goal = None if declared is None else parse_goal(declared[0], [name.name for name in names], declared[1])
    scenario = write_scenario(goal, _needed(goal, names), identifiers)
    for alias, identifier in scenario.aliases.items():
        document["info"][alias] = {key: value for key, value in document["info"][identifier].items() if key != OURS}
    moment = moment_state(data_folder, options.session, options.at, options.rom, options.core)
    state = _file_name(options.state)
    files = {
        "data.json": _json(document),
        "scenario.json": _json(scenario.document),
        "metadata.json": _json({"default_state": state}),
        "rom.sha": f"{str(recorder.get('rom_hash') or '').lower()}\n".encode(),
        f"{state}.state": gzip.compress(moment.state, mtime=0),
    }
    _write(folder, files, moment.rom if options.copies_rom else None)
    notes = [*written.notes, *scenario.notes]
    if goal is None:
        notes.append("No goal is declared: nothing is gained there, and nothing ends.")
    if not options.copies_rom:
        notes.append(f"Copy the game, {moment.rom.name}, to {folder / 'rom.gba'}, or write it with --with-rom.")
    return WrittenIntegration(folder, len(names), tuple(notes))


def _file_name(name: str) -> str:
    try:
        return session_id(name)
    except LayoutError:
        raise ExportError(
            f"{name[:60]!r} cannot be the name of a game or a start there: use letters, digits, blanks, points, "
            "dashes and underscores."
        ) from None


def _needed(goal: Goal | None, names: list[NamedAddress]) -> dict[str, NamedAddress]:
    wanted = set() if goal is None else set(goal.names)
    return {name.name: name for name in names if name.name in wanted}


def _write(folder: Path, files: dict[str, bytes], rom: Path | None) -> None:
    """Write the folder, complete or not at all."""
    with map_os_errors(folder):
        folder.mkdir(parents=True)
        try:
            for name, data in files.items():
                replace_file(folder / name, data)
            if rom is not None:
                shutil.copyfile(rom, folder / "rom.gba")
        except BaseException:
            remove_tree(folder, is_patient=False)
            raise


def _json(document: object) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _camel_case(title: str) -> str:
    """Write a title as stable-retro writes the names of its games."""
    words = re.findall(r"[A-Za-z0-9]+", session_slug(title, _LONGEST))
    return "".join(word[0].upper() + word[1:] for word in words) or "Game"
