"""Command that writes a game for stable-retro: `integration`. Shell."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, RomOption, SessionArgument, json_text
from daemon.console.safe_console import SafeConsole
from daemon.integrating.integration import IntegrationOptions, write_integration
from daemon.processes.emulator_process import CoreOption
from daemon.settings import DATA_FOLDER, DataOption
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Other tools")


@app.command(
    help="""Write the folder with which stable-retro plays a game: names, goal and a start.

- `data.json`: the names of the game's memory
- `scenario.json`: reward and end of its goal, as far as a scenario can say them; what it cannot is refused
- a start state: the moment after a frame set of the session, which is played again up to there
- `metadata.json`, `rom.sha`

In Python, `stable_retro.data.Integrations.add_custom_path(...)` names the folder that you gave with `--output`, as an
absolute path.
""",
    epilog=examples(
        "gbatrace integration evening-run --at 812 --output custom_integrations",
        "gbatrace integration evening-run --at 812 --output custom_integrations --goal goal.json --with-rom",
    ),
)
def integration(
    session: SessionArgument,
    at: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Frame set after which an episode starts.")],
    output: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Folder of integrations; the game gets its own in it.")
    ],
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the game there; made of the ROM's.")] = "",
    state: Annotated[str, typer.Option(metavar="NAME", help="Name of the start.")] = "Start",
    goal: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with the goal; the game config's without it.")
    ] = None,
    with_rom: Annotated[bool, typer.Option("--with-rom", help="Copy the game into the folder.")] = False,  # noqa: FBT002
    rom: RomOption = None,
    core: CoreOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
    data: DataOption = DATA_FOLDER,
) -> None:
    """Write the folder with which stable-retro plays a game."""
    options = IntegrationOptions(
        session=session,
        at=at,
        output=output,
        name=name,
        state=state,
        goal=goal,
        rom=str(rom) if rom else "",
        core=core,
        copies_rom=with_rom,
    )
    written = write_integration(data, options)
    if as_json:
        document = {"folder": str(written.folder), "variables": written.variables, "notes": list(written.notes)}
        typer.echo(json_text(document))
        return
    console = SafeConsole()
    console.print(
        f"Wrote {escape(str(written.folder))} with {counted(written.variables, 'variable')} and the start "
        f"{escape(state)}, after frame set {at} of {escape(session)}."
    )
    for note in written.notes:
        console.print(f"  {escape(note)}")
