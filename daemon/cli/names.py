"""Commands for names of memory: `names list` and its like, once `symbols`. Shell."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

import resources
from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, json_text, spread_options
from daemon.console.safe_console import SafeConsole
from daemon.disk.files import map_os_errors, replace_file
from daemon.names.book_files import edit_book, read_book, rom_place, session_place
from daemon.names.commands import book_answer
from daemon.names.edits import BookPlace, give_name, import_list
from daemon.names.entries import WrittenNames
from daemon.names.formats import NAME_FORMATS, read_names, write_names
from daemon.names.named_address import NamedAddress, Status
from daemon.settings import DATA_FOLDER, DataOption
from protocol.disk import read_file
from protocol.errors import ExportError, NamesError, SettingsError
from protocol.session.reader import stored_session
from protocol.wording import counted

__all__ = ["GameChoice", "GivenFields", "app"]

app = Commands(panel="Other tools")
names_app = Commands("names", "Names of memory: which address means what in a game.", panel="Recorded sessions")
app.add_commands(names_app)

_FORMATS = "\n".join(f"- **{name}**: {known.summary}" for name, known in NAME_FORMATS.items())
FormatOption = Annotated[str, typer.Option("--format", metavar="FORMAT", help="One of those above.")]
OutputOption = Annotated[Path, typer.Option("--output", metavar="FILE", help="File to write; it must not exist.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name.")]


@dataclass(frozen=True, slots=True)
class GameChoice:
    """Choice of the game whose names are meant: by one of its sessions, or by its ROM."""

    session: Annotated[str, typer.Option(metavar="SESSION", help="A session of the game.")] = ""
    rom: Annotated[str, typer.Option(metavar="HASH", help="Or SHA-1 of its ROM.")] = ""
    data: DataOption = DATA_FOLDER

    def place(self) -> BookPlace:
        """Find the game's book.

        Raises:
            SettingsError: both or none of the two is given.
            GbatraceError: there is no such session, or that is no hash.
        """
        if bool(self.session) == bool(self.rom):
            raise SettingsError("Name the game, by one of its sessions (--session) or by the hash of its ROM (--rom).")
        if self.rom:
            return rom_place(self.data, self.rom)
        return session_place(self.data, stored_session(self.data, self.session))


@dataclass(frozen=True, slots=True)
class GivenFields:
    """Fields of a name on the command line; what is not given stays as it is."""

    address: Annotated[str, typer.Option(metavar="HEX", help="Bus address of the first byte.")] = ""
    type: Annotated[str, typer.Option(metavar="TYPE", help="u8, s16, u32be, bcd16, fixed20.12, float32, …")] = ""
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What it is.")] = None
    unit: Annotated[str | None, typer.Option(metavar="TEXT", help="Unit in which it is shown.")] = None
    factor: Annotated[float | None, typer.Option(metavar="NUMBER", help="Shown is value * factor + offset.")] = None
    offset: Annotated[float | None, typer.Option(metavar="NUMBER", help="Shown is value * factor + offset.")] = None
    value: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER=TEXT", help="Meaning of a value; may be given again.")
    ] = None
    bit: Annotated[
        list[str] | None, typer.Option(metavar="NUMBER=TEXT", help="Meaning of a bit; may be given again.")
    ] = None
    status: Annotated[str, typer.Option(metavar="STATUS", help=f"How sure it is: {', '.join(Status)}.")] = ""
    evidence: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="What speaks for it; may be given again.")
    ] = None
    watched: Annotated[bool | None, typer.Option("--watched/--not-watched", help="Show its values.")] = None
    alarm: Annotated[str | None, typer.Option(metavar="CONDITION", help="Condition of an alarm: `< 5`.")] = None
    who: Annotated[str, typer.Option(metavar="NAME", help="Your name.")] = ""

    def as_map(self, name: str, base: NamedAddress | None) -> dict[str, Any]:
        """Return the fields as `parse_named_address` takes them.

        Args:
            name: the name.
            base: as it was, None for a new one.
        """
        scale = {key: getattr(self, key) for key in ("factor", "offset", "unit") if getattr(self, key) is not None}
        given: dict[str, Any] = {
            "name": name,
            "address": self.address or None,
            "type": self.type or None,
            "note": self.note,
            "scale": {**(base.scale.as_map() if base else {}), **scale} if scale else None,
            "values": _meanings("--value", self.value),
            "bits": _meanings("--bit", self.bit),
            "status": self.status or None,
            "evidence": self.evidence or None,
            "watched": self.watched,
            "alarm": self.alarm,
            "who": self.who or None,
        }
        return {key: value for key, value in given.items() if value is not None}


@names_app.command("list", epilog=examples("gbatrace names list --session evening-run"))
@spread_options
def list_names(
    game: GameChoice,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """List the names of a game, by address."""
    place = game.place()
    book, notes = read_book(place)
    if as_json:
        document = {"book": place.book, "game": place.game, "names": book_answer(book), "notes": list(notes)}
        typer.echo(json_text(document))
        return
    console = SafeConsole()
    table = Table("address", "name", "type", "status", "from", "note", box=None, pad_edge=False)
    for entry, layer in book.layers.values():
        row = (f"{entry.address:08X}", entry.name, entry.type, str(entry.status), str(layer), entry.note)
        table.add_row(*map(escape, row))
    if book.names:
        console.print(table)
    console.print(f"{counted(len(book.names), 'name')} of {escape(place.game or place.book)}")
    _print_notes(console, notes)


@names_app.command(
    "set", epilog=examples("gbatrace names set hp --session evening-run --address 020005F4 --type u16 --status certain")
)
@spread_options
def set_name(
    name: NameArgument,
    game: GameChoice,
    fields: GivenFields,
    previous: Annotated[
        str, typer.Option(metavar="NAME", help="The name as it was, to rename it or to give it another address.")
    ] = "",
) -> None:
    """Give a name to an address, or change one."""
    place = game.place()
    entry, notes = edit_book(
        place,
        lambda book: give_name(place, book, fields.as_map(name, book.find(previous or name)), previous),
    )
    console = SafeConsole()
    console.print(f"{escape(entry.name)} is {entry.type} at {entry.address:08X} ({entry.status}).")
    _print_notes(console, notes)


@names_app.command(epilog=examples("gbatrace names remove hp --session evening-run"))
@spread_options
def remove(name: NameArgument, game: GameChoice) -> None:
    """Take a name away; one that ships stays away."""
    entry = edit_book(game.place(), lambda book: (book.without(name), book.get(name)))
    SafeConsole().print(f"{entry.address:08X} is not called {escape(entry.name)} any more.")


@names_app.command(
    "import",
    help=f"""Add the names of lists of this or other tools.

{_FORMATS}

Nothing that is there is lost: a name gets what it lacks, and what a list says differently becomes evidence.
""",
    epilog=examples("gbatrace names import medabots.wch 1234-Notes.json --session evening-run"),
)
@spread_options
def import_lists(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="The lists, or `demo` for the demo game's.")],
    game: GameChoice,
    who: Annotated[str, typer.Option(metavar="NAME", help="Your name.")] = "",
) -> None:
    """Add the names of lists of this or other tools."""
    place, console = game.place(), SafeConsole()
    for file, data in [(_listed(file).name, _read(file)) for file in files]:
        outcome = edit_book(place, partial(import_list, place, file=file, data=data, who=who))
        counts = f"{outcome.added:,} added, {outcome.changed:,} changed, {outcome.unchanged:,} known before"
        console.print(f"{escape(file)}: {counts}")
        _print_notes(console, outcome.notes)


@names_app.command(
    "export",
    help=f"""Write the names of a game for other tools.

{_FORMATS}
""",
    epilog=examples(
        "gbatrace names export --session evening-run --format wch --output medabots.wch",
        "gbatrace names export --list demo --format stable-retro --output data.json",
    ),
)
@spread_options
def export_names(
    game: GameChoice,
    format_name: FormatOption,
    output: OutputOption,
    listed: Annotated[
        Path | None, typer.Option("--list", metavar="FILE", help="Or a list in any of the forms, or `demo`.")
    ] = None,
) -> None:
    """Write the names of a game for other tools."""
    if listed is not None:
        if game.session or game.rom:
            raise SettingsError("Names come from a game or from a list: leave --list out, or --session and --rom.")
        _convert(listed, format_name, output)
        return
    place = game.place()
    book, notes = read_book(place)
    _write(write_names(book.names, format_name, place.game), output, notes)


@app.command(hidden=True)
def symbols(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list, or `demo` for that of the demo game.")],
    format_name: FormatOption,
    output: OutputOption,
) -> None:
    """Write a list of names for other tools; `names export --list` is the newer spelling."""
    _convert(file, format_name, output)


def _convert(file: Path, form: str, output: Path) -> None:
    read = read_names(_listed(file).name, _read(file))
    _write(write_names(read.names, form, read.game), output, read.notes)


def _write(written: WrittenNames, output: Path, notes: Sequence[str]) -> None:
    if output.exists():
        raise ExportError(f"{output} is there already: choose another name, or delete it first.")
    with map_os_errors(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        replace_file(output, written.data)
    console = SafeConsole()
    console.print(f"Wrote {counted(written.named, 'name')} to {escape(str(output))}")
    _print_notes(console, [*notes, *written.notes])


def _listed(file: Path) -> Path:
    return resources.demo_symbols() if str(file) == "demo" else file


def _read(file: Path) -> bytes:
    try:
        return read_file(_listed(file))
    except OSError as error:
        raise NamesError(f"The list {file} cannot be read ({error.strerror or error}).") from None


def _meanings(option: str, given: Sequence[str] | None) -> dict[str, str] | None:
    if not given:
        return None
    parted = [text.partition("=") for text in given]
    if not all(equals for _, equals, _ in parted):
        raise SettingsError(f"{option} is a number and its meaning: {option} 1=poison.")
    return {number.strip(): meaning for number, _, meaning in parted}


def _print_notes(console: SafeConsole, notes: Sequence[str]) -> None:
    for note in notes:
        console.print(f"  {escape(note)}")
