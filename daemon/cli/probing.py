"""Command that probes and pokes: `probe`. Shell."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from daemon.analysis.value_types import value_type
from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, json_text
from daemon.console.safe_console import SafeConsole
from daemon.names.book import NameBook
from daemon.names.book_files import session_book
from daemon.names.lookup import name_at
from daemon.probing.request import ProbeGroup, ProbeKind, ProbeRequest, ProbeResult
from daemon.probing.rom_search import add_rom_folder
from daemon.probing.service import probe as probe_session
from daemon.processes.emulator_process import CoreOption
from daemon.settings import DATA_FOLDER, DataOption
from protocol.console import GBA
from protocol.errors import SettingsError
from protocol.session.frame_set import hex_word
from protocol.session.reader import stored_session
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Recorded memory")

_LISTED = 8


@app.command(
    help="""Play on from a moment of a session, in a core of its own, and compare memories.

- `--axis`: which addresses move with Left and Right, which with Up and Down
- `--cursor`: which address is the cursor of a menu
- `--button`: which addresses one button moves, such as A or B
- `--poke`: writes another value: the variable keeps it and its copies follow. With one target its copies are found and
  poked as well.

The game that you play is never touched. The moment is chosen by what the recording shows, unless you name one with
`--at`.
The ROM is found by its hash in the folders that you name once with `--roms`.
""",
    epilog=examples(
        "gbatrace probe --roms D:/roms",
        "gbatrace probe --session evening-run --axis",
        "gbatrace probe game.gba --session evening-run --at 1200 --cursor",
        "gbatrace probe --session evening-run --button A",
        "gbatrace probe --session evening-run --poke 0x020005F4:u16 --name hp",
    ),
)
def probe(
    rom: Annotated[
        Path | None, typer.Argument(metavar="ROM", help="The game, a .gba file; found by its hash without it.")
    ] = None,
    session: Annotated[str, typer.Option(metavar="SESSION", help="The session.")] = "",
    at: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=0, help="Frame set to begin after; chosen without it.")
    ] = None,
    axis: Annotated[bool, typer.Option("--axis", help="Find what the arrows move.")] = False,  # noqa: FBT002
    cursor: Annotated[bool, typer.Option("--cursor", help="Find the cursor of a menu.")] = False,  # noqa: FBT002
    button: Annotated[str, typer.Option("--button", metavar="BUTTON", help="Find what a button moves: A, B, L.")] = "",
    poke: Annotated[
        list[str] | None,
        typer.Option("--poke", metavar="NAME|ADDRESS", help="Poke it, such as 0x03000A14:u16; may be given again."),
    ] = None,
    name: Annotated[
        str, typer.Option(metavar="NAME", help="Give this name to the source that a poke shows, as confirmed.")
    ] = "",
    core: CoreOption = None,
    roms: Annotated[
        Path | None, typer.Option("--roms", metavar="FOLDER", help="Look for ROMs in this folder from now on.")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002
    data: DataOption = DATA_FOLDER,
) -> None:
    """Play on from a moment of a session, in a core of its own, and compare memories."""
    console = SafeConsole()
    if roms is not None:
        folders = add_rom_folder(data, roms)
        if not as_json:
            console.print(f"ROMs are looked for in {escape(', '.join(map(str, folders)))}.")
        if not session:
            return
    if not session:
        raise SettingsError("Name the session with --session, or the folder of your ROMs with --roms.")
    kinds = {
        ProbeKind.AXIS: axis,
        ProbeKind.CURSOR: cursor,
        ProbeKind.BUTTON: bool(button),
        ProbeKind.POKE: bool(poke),
    }
    if sum(kinds.values()) != 1:
        raise SettingsError("Choose one of --axis, --cursor, --button and --poke.")
    if button and button not in GBA.buttons:
        raise SettingsError(f"--button is one of {', '.join(GBA.buttons)}.")
    if name and not poke:
        raise SettingsError("--name goes with --poke: only a poke shows which address is the source.")
    request = ProbeRequest(
        session=session,
        kind=next(kind for kind, is_chosen in kinds.items() if is_chosen),
        targets=tuple(poke or ()),
        button=button,
        at=at,
        rom=str(rom) if rom else "",
        core=str(core) if core else "",
        name=name,
    )
    result = probe_session(data, request)
    if as_json:
        typer.echo(json_text(result.as_map()))
    else:
        _print(console, result, session_book(data, stored_session(data, session)))


def _print(console: SafeConsole, result: ProbeResult, book: NameBook) -> None:
    for group in result.groups:
        if group.candidates:
            console.print(f"[bold]{escape(group.name)}[/bold]")
            console.print(_table(group, book))
    for note in result.notes:
        console.print(escape(note))
    if result.named:
        console.print(f"The name {escape(result.named)} is confirmed.")
    moments = ", ".join(str(moment.at) for moment in result.moments) or "none"
    console.print(
        f"{counted(result.frames, 'frame')} emulated after frame set {moments}, "
        f"{counted(result.forwarded, 'frame')} to get there, on {escape(result.core)}."
    )


def _table(group: ProbeGroup, book: NameBook) -> Table:
    table = Table("address", "name", "type", "value", "verdict", "seen", box=None)
    for each in group.candidates[:_LISTED]:
        kind = value_type(each.type)
        table.add_row(
            hex_word(each.address),
            escape(name_at(book, each.address, kind.width)),
            each.type,
            "unknown" if each.value is None else kind.format(each.value),
            str(each.verdict),
            escape(each.reason),
        )
    return table
