"""The formats by name, and what each must do.

A format's module, and the library it needs, is imported when it is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from daemon.exporting.buttons import Buttons
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.errors import ExportError
from daemon.exporting.options import DatasetOptions
from daemon.exporting.ram_watch import watch_list
from daemon.exporting.source import SessionSource
from daemon.exporting.stable_retro import retro_data
from daemon.exporting.symbol_lists import read_symbol_list
from daemon.exporting.symbols import Symbol, SymbolFile
from daemon.managing.session_reader import SessionReader

__all__ = ["FORMATS", "SYMBOL_FORMATS", "Dataset", "Writer", "format_named", "symbol_file"]

FORMATS = {
    "parquet": "three tables for DuckDB, polars, pandas and Spark",
    "hf": "a folder for Hugging Face datasets, with pictures and a card",
    "lerobot": "a LeRobotDataset v3.0: picture, buttons, time, labels",
    "minari": "offline-RL episodes for Gymnasium users",
    "webdataset": "tar shards",
    "jsonl": "windows of buttons, changes and labels, one a line",
}
"""What sessions can become, each with what it is."""

SYMBOL_FORMATS = {
    "stable-retro": "data.json of a stable-retro integration",
    "wch": "a RAM Watch list of BizHawk",
}
"""What a list of named addresses can become."""

_MODULES = {name: name for name in FORMATS} | {"hf": "hugging_face"}
_SYMBOL_WRITERS: dict[str, Callable[[Sequence[Symbol]], SymbolFile]] = {
    "stable-retro": retro_data,
    "wch": watch_list,
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset as a format is told of it when it begins.

    Args:
        options: what was chosen.
        buttons: the dataset's buttons.
        sessions: what will come, in order.
    """

    options: DatasetOptions
    buttons: Buttons
    sessions: tuple[SessionReader, ...]


class Writer(Protocol):
    """Writes one dataset."""

    def session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:
        """Write a session.

        Args:
            source: the session.
            unit: where to write.
            before: the facts of the sessions written before it.

        Returns:
            What is needed later, to which `counts` is added: the map of the source's tally.
        """
        ...

    def finish(self, unit: Unit, facts: Sequence[Facts]) -> Facts:
        """Write what belongs to the whole dataset.

        Returns:
            What `dataset.json` says in `details`.
        """
        ...


def format_named(name: str) -> Callable[[Dataset], Writer]:
    """Find a format.

    Raises:
        ExportError: there is none of that name, or its library is not installed.
    """
    if name not in FORMATS:
        raise ExportError(f"There is no format {name!r}; there are {', '.join(FORMATS)}.")
    return cast("Callable[[Dataset], Writer]", import_module(f"daemon.exporting.{_MODULES[name]}").open_writer)


def symbol_file(name: str, symbols: Path) -> SymbolFile:
    """Turn a list of named addresses into another tool's file.

    Raises:
        ExportError: there is no such format, or the list cannot be read or used.
    """
    if name not in _SYMBOL_WRITERS:
        raise ExportError(f"There is no format {name!r} for addresses; there are {', '.join(_SYMBOL_WRITERS)}.")
    try:
        data = symbols.read_bytes()
    except OSError as error:
        raise ExportError(f"The symbol list {symbols} cannot be read ({error.strerror or error}).") from None
    read, notes = read_symbol_list(symbols.name, data)
    written = _SYMBOL_WRITERS[name](read)
    return replace(written, notes=(*notes, *written.notes))
