"""Command that plays sessions again: `replay`. Shell."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, ProgressOption, RomOption, SessionArgument, json_text
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.processes.emulator_process import CoreOption
from daemon.replaying.branch import BranchOptions, record_branch
from daemon.replaying.replay import replay_session
from daemon.settings import DATA_FOLDER, DataOption
from lua.headless.inputs import read_inputs
from protocol.errors import SettingsError
from protocol.recorded_inputs import MAX_PRESSED, parse_presses
from protocol.session.reader import open_session, stored_session
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Recorded sessions")


@app.command(
    help="""Play a session again in a core of its own, and compare memory with the recording.

Every frame set is compared by all of its memory that is known, and by the proofs. The line says that they are equal, or
where they part. Ends with code 1 where not every frame set is proven equal.

With `--from` it presses other buttons from a frame set on and records that as a session of its own, which names this
one as its parent.
""",
    epilog=examples(
        "gbatrace replay evening-run",
        'gbatrace replay evening-run --from 812 --press "Right*30 A*2 None*60"',
        "gbatrace replay evening-run --from 812 --inputs other.inputs --frames 600 --name left-turn",
    ),
)
def replay(
    session: SessionArgument,
    at: Annotated[
        int | None, typer.Option("--from", metavar="NUMBER", min=0, help="Branch off after this frame set.")
    ] = None,
    press: Annotated[
        str, typer.Option(metavar="PRESSES", help="Buttons of the branch: combinations, each with its frames.")
    ] = "",
    inputs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Buttons of the branch, as `gbatrace record --inputs`.")
    ] = None,
    frames: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, max=MAX_PRESSED, help="Frames of the branch; those of the presses without it."
        ),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the branch.")] = "",
    rom: RomOption = None,
    core: CoreOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
    data: DataOption = DATA_FOLDER,
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Play a session again, or branch off it."""
    console = SafeConsole()
    game = str(rom) if rom else ""
    shown = progress and not as_json
    if at is None:
        if press or inputs or frames or name:
            raise SettingsError("--press, --inputs, --frames and --name belong to a branch: say where with --from.")
        count = len(stored_session(data, session).frame_set_ids())
        with progress_bar("playing", count, shown=shown) as advance:
            result = replay_session(data, session, game, core, advance)
        if as_json:
            typer.echo(json_text(result.as_map()))
        else:
            sign = "[green]✓[/green]" if result.is_proven else "[red]✗[/red]"
            console.print(f"{sign} {escape(result.sentence())}")
            for note in result.notes:
                console.print(f"  [dim]{escape(note)}[/dim]")
        raise typer.Exit(0 if result.is_proven else 1)
    pressed = _pressed(press, inputs, frames)
    options = BranchOptions(session=session, at=at, pressed=pressed, name=name, rom=game, core=core)
    with progress_bar("playing", len(pressed), shown=shown) as advance:
        folder = record_branch(data, options, advance)
    if as_json:
        typer.echo(json_text(open_session(folder).metadata_document()))
    else:
        console.print(
            f"Recorded {escape(folder.name)}: {counted(len(pressed), 'frame')} from frame set {at} of "
            f"{escape(session)} on."
        )


def _pressed(press: str, inputs: Path | None, frames: int | None) -> list[int]:
    """Return the buttons held in each frame of a branch; nothing is held behind the presses."""
    if bool(press) == (inputs is not None):
        raise SettingsError("Say what to press with --press or with --inputs.")
    if inputs is None:
        held = parse_presses(press)
        return held if frames is None else [*held, *[0] * frames][:frames]
    recorded = read_inputs(inputs)
    if frames is None and recorded.last_frame >= MAX_PRESSED:
        raise SettingsError(f"{inputs} takes more than {MAX_PRESSED:,} frames: say how many with --frames.")
    return [recorded.pressed(frame) for frame in range(recorded.last_frame + 1 if frames is None else frames)]
