"""Game of an environment: its ROM, game config, names and goal. Shell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from daemon.environment.options import EnvironmentOptions
from daemon.environment.variables import is_in_memory
from daemon.goals.goal_file import read_goal_file
from daemon.goals.goals import Goal, parse_goal
from daemon.names.book import NameBook
from daemon.names.book_files import read_book, rom_place
from daemon.names.config_names import config_names
from daemon.names.named_address import NamedAddress
from daemon.probing.rom_search import find_rom_by_hash
from protocol.errors import RomError
from resources.config_files import find_game_config, read_game_config, read_game_configs
from resources.game_config import GameConfig, choose_game_config

__all__ = ["Game", "chosen_names", "find_game"]

_SUFFIXES = {".gba", ".agb"}


@dataclass(frozen=True, slots=True)
class Game:
    """A game to be played.

    Args:
        rom: its file.
        config: its game config, where it was named; None: the one that fits the ROM.
        config_file: the game config's file, likewise.
    """

    rom: Path
    config: GameConfig | None = None
    config_file: Path | None = None

    def book(self, data_folder: Path, rom_hash: str) -> NameBook:
        """Read the names of its memory.

        Args:
            data_folder: has a person's own.
            rom_hash: SHA-1 of the ROM, upper-case hex.
        """
        place = rom_place(data_folder, rom_hash)
        if self.config is not None:
            place = replace(place, config_names=config_names(self.config))
        return read_book(place)[0]

    def goal(
        self, data_folder: Path, rom_hash: str, given: Mapping[str, str] | str | None, names: Sequence[NamedAddress]
    ) -> Goal | None:
        """Read its goal: as given, from a file, or that of its game config; None without any.

        Raises:
            GoalError: it cannot be read, or has a name that there is not.
        """
        document: object
        if isinstance(given, str):
            document, where = read_goal_file(Path(given)), given
        elif given is not None:
            document, where = dict(given), "`goal`"
        else:
            config = self.config or _fitting(data_folder, self.rom, rom_hash)
            if config is None or "goal" not in config.content:
                return None
            document, where = config.content["goal"], config.file
        return parse_goal(document, [name.name for name in names], where)


def find_game(options: EnvironmentOptions) -> Game:
    """Find the ROM of an environment.

    Raises:
        ConfigError: there is no such game config.
        RomError: its ROM is not found; the sentence says what to do.
    """
    named = Path(options.game)
    if named.suffix.lower() in _SUFFIXES:
        return Game(named)
    data_folder = Path(options.data_folder)
    file = find_game_config(named, data_folder)
    config = read_game_config(file)
    if options.rom:
        return Game(Path(options.rom), config, file)
    if not config.rom_hashes:
        raise RomError(f"{config.file} does not say which ROM it is for: name the game, a .gba file, with `rom`.")
    return Game(find_rom_by_hash(data_folder, config.rom_hashes, config.file), config, file)


def chosen_names(book: NameBook, names: Sequence[str]) -> list[NamedAddress]:
    """Choose the names that are observed: these, or all that lie in work memory.

    Raises:
        NamesError: there is no such name.
    """
    if names:
        return [book.get(name) for name in names]
    return [name for name in book.names if is_in_memory(name)]


def _fitting(data_folder: Path, rom: Path, rom_hash: str) -> GameConfig | None:
    return choose_game_config(read_game_configs(data_folder, report=lambda _problem: None), rom.stem, rom_hash)
