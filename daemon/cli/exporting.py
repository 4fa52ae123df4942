"""Commands that write for other tools: `export`, `dataset check`, `symbols`. Shell."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

import resources
from daemon.cli.commands import Commands, examples
from daemon.cli.options import ProgressOption, SessionsArgument, spread_options
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.exporting.addresses.symbol_export import SYMBOL_FORMATS, SymbolFormat, export_symbols
from daemon.exporting.destination import dataset_problems
from daemon.exporting.exporters import EXPORTERS, ExportFormat, open_exporter
from daemon.exporting.options import DatasetOptions
from daemon.managing.sessions import chosen_sessions
from daemon.settings import DATA_FOLDER, DataOption
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Other tools")
dataset_app = Commands("dataset", "Check datasets that were exported.", panel="Other tools")
app.add_commands(dataset_app)


def _list(formats: Mapping[str, ExportFormat | SymbolFormat]) -> str:
    return "\n".join(f"- **{name}**: {known.summary}" for name, known in formats.items())


@app.command(
    help=f"""Write sessions in a format of other tools.

{_list(EXPORTERS)}

An export that was interrupted goes on where it stopped when the same command is given again. A format ignores the
options that do not concern it.
""",
    epilog=examples(
        "gbatrace export evening-run --format csv --output logs",
        "gbatrace export evening-run morning-run --format parquet --output dataset --split session",
    ),
)
@spread_options
def export(
    sessions: SessionsArgument,
    format_name: Annotated[str, typer.Option("--format", metavar="FORMAT", help="One of those above.")],
    output: Annotated[Path, typer.Option("--output", metavar="FOLDER", help="Folder to write to, new or empty.")],
    options: DatasetOptions,
    data: DataOption = DATA_FOLDER,
    progress: ProgressOption = True,  # noqa: FBT002
) -> None:
    """Write sessions in a format of other tools."""
    chosen = chosen_sessions(data, sessions)
    exporter = open_exporter(format_name, chosen, options)
    total = sum(len(session.frame_set_ids()) for session in chosen)
    with progress_bar("exporting", total, shown=progress) as advance:
        exporter.export(output, advance)
    SafeConsole().print(
        f"Exported {counted(total, 'frame set')} of {counted(len(chosen), 'session')} to {escape(str(output))}"
    )


@dataset_app.command("check", epilog=examples("gbatrace dataset check parquet"))
def check(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders that were exported to.")],
) -> None:
    """Compare every file of a dataset with its checksum.

    Ends with code 1 if one differs from `dataset.json`.
    """
    console = SafeConsole()
    sound = True
    for folder in folders:
        problems = list(dataset_problems(folder))
        sound = sound and not problems
        for problem in problems:
            console.print(f"[red]✗[/red] [bold]{escape(str(folder))}[/bold]: {escape(problem)}")
        if not problems:
            console.print(f"[green]✓[/green] [bold]{escape(str(folder))}[/bold] is as it was exported.")
    raise typer.Exit(0 if sound else 1)


@app.command(
    help=f"""Write a list of named addresses for other tools.

{_list(SYMBOL_FORMATS)}

The list is JSON: objects with `name`, `address`, `region`, `type` and, for arrays, `count` and `stride`. Files of the
formats above are read as well, and so are the code notes of RetroAchievements.
""",
    epilog=examples(
        "gbatrace symbols demo --format wch --output fernlight.wch",
        "gbatrace symbols symbols.json --format stable-retro --output data.json",
    ),
)
def symbols(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list, or `demo` for that of the demo game.")],
    format_name: Annotated[str, typer.Option("--format", metavar="FORMAT", help="One of those above.")],
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="File to write; it must not exist.")],
) -> None:
    """Write a list of named addresses for other tools."""
    listed = resources.demo_symbols() if str(file) == "demo" else file
    written = export_symbols(listed, format_name, output)
    console = SafeConsole()
    console.print(f"Wrote {written.named:,} named address{'' if written.named == 1 else 'es'} to {escape(str(output))}")
    for note in written.notes:
        console.print(f"  {escape(note)}")
