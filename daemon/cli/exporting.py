"""`gbatrace export`, `gbatrace dataset check` and `gbatrace symbols`: out of gbatrace into other tools. Shell."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

import resources
from daemon.console.progress_bar import progress_bar
from daemon.console.safe_console import SafeConsole
from daemon.exporting.addresses.symbol_export import SYMBOL_FORMATS, export_symbols
from daemon.exporting.destination import dataset_problems
from daemon.exporting.exporters import EXPORTERS, open_exporter
from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.split import SplitBy, SplitPlan
from daemon.managing.sessions import chosen_sessions
from protocol.wording import counted

__all__ = ["EXPORT_HELP", "SYMBOLS_HELP", "dataset_app", "export", "symbols"]

_FORMATS = "\n\n".join(f"- **{name}**: {known.summary}" for name, known in EXPORTERS.items())
_SYMBOL_FORMATS = "\n\n".join(f"- **{name}**: {known.summary}" for name, known in SYMBOL_FORMATS.items())

_SPLITS = "Training, validation and test"
_EXAMPLES = "Examples and episodes"
_CARD = "What the dataset says of itself"

EXPORT_HELP = f"""Write sessions in a format of other tools.

{_FORMATS}

An export that was interrupted goes on where it stopped when the same command is given again. A format ignores the
options that do not concern it.
"""

SYMBOLS_HELP = f"""Write a list of named addresses for other tools.

{_SYMBOL_FORMATS}

The list is JSON: objects with `name`, `address`, `region`, `type` and, for arrays, `count` and `stride`. What is
written is read as well, and so are the code notes of RetroAchievements.
"""

dataset_app = typer.Typer(no_args_is_help=True, help="Datasets that were exported.")


def export(
    sessions: Annotated[list[str], typer.Argument(help="Sessions by name, or `all`.", metavar="SESSION...")],
    format_name: Annotated[str, typer.Option("--format", help=f"One of {', '.join(EXPORTERS)}.")],
    output: Annotated[Path, typer.Option("--output", help="Folder to write to: new, or empty.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the session folders.")] = Path("data"),
    images: Annotated[
        ImageMode, typer.Option(help="Hold screenshots as bytes, as paths below the data folder, or not at all.")
    ] = ImageMode.BYTES,
    split: Annotated[
        SplitBy, typer.Option(help="What is dealt out: nothing, sessions, or blocks of each.", rich_help_panel=_SPLITS)
    ] = SplitBy.NONE,
    shares: Annotated[
        tuple[float, float, float],
        typer.Option(help="Shares of the three, which add up to 1.", rich_help_panel=_SPLITS),
    ] = (0.8, 0.1, 0.1),
    block: Annotated[int, typer.Option(help="Frame sets in a block.", rich_help_panel=_SPLITS)] = 720,
    gap: Annotated[
        int, typer.Option(help="Frame sets left out where one meets another.", rich_help_panel=_SPLITS)
    ] = 20,
    seed: Annotated[int, typer.Option(help="The same seed deals the same way.", rich_help_panel=_SPLITS)] = 0,
    window: Annotated[int, typer.Option(help="Frame sets in an example of jsonl.", rich_help_panel=_EXAMPLES)] = 8,
    stride: Annotated[
        int, typer.Option(help="Frame sets from one example to the next.", rich_help_panel=_EXAMPLES)
    ] = 4,
    max_changes: Annotated[
        int, typer.Option(help="Most memory changes that an example tells of a frame set.", rich_help_panel=_EXAMPLES)
    ] = 64,
    labelled_only: Annotated[  # noqa: FBT002
        bool, typer.Option("--labelled-only", help="Leave out examples without a label.", rich_help_panel=_EXAMPLES)
    ] = False,
    max_episode: Annotated[
        int, typer.Option(help="Frame sets in the longest episode of lerobot and minari.", rich_help_panel=_EXAMPLES)
    ] = 240,
    language: Annotated[  # noqa: FBT002
        bool, typer.Option("--language/--no-language", help="Labels as language in lerobot.", rich_help_panel=_EXAMPLES)
    ] = True,
    task: Annotated[
        str, typer.Option(help='What the player does; without it "Play" and the game.', rich_help_panel=_CARD)
    ] = "",
    title: Annotated[str, typer.Option(help="Its name; without it the game's.", rich_help_panel=_CARD)] = "",
    licence: Annotated[str, typer.Option(help="Identifier of its licence.", rich_help_panel=_CARD)] = "",
    label_set: Annotated[
        str,
        typer.Option(help="What labels were chosen from; without it the label set of the game.", rich_help_panel=_CARD),
    ] = "",
    progress: Annotated[bool, typer.Option("--progress/--no-progress", help="Show how far it is.")] = True,  # noqa: FBT002
) -> None:
    """See `EXPORT_HELP`."""
    options = DatasetOptions(
        images=images,
        split=SplitPlan(by=split, shares=shares, block=block, gap=gap, seed=seed),
        label_set=label_set,
        window=window,
        stride=stride,
        max_changes=max_changes,
        labelled_only=labelled_only,
        max_episode=max_episode,
        task=task,
        language=language,
        title=title,
        licence=licence,
    )
    chosen = chosen_sessions(data, sessions)
    exporter = open_exporter(format_name, chosen, options)
    total = sum(len(session.frame_set_ids()) for session in chosen)
    with progress_bar("exporting", total, shown=progress) as advance:
        exporter.export(output, advance)
    _console().print(
        f"Exported {counted(total, 'frame set')} of {counted(len(chosen), 'session')} to {escape(str(output))}"
    )


def symbols(
    file: Annotated[Path, typer.Argument(help="The list, or `demo` for that of the demo game.")],
    format_name: Annotated[str, typer.Option("--format", help=f"One of {', '.join(SYMBOL_FORMATS)}.")],
    output: Annotated[Path, typer.Option("--output", help="File to write; it must not exist.")],
) -> None:
    """See `SYMBOLS_HELP`."""
    listed = resources.demo_symbols() if str(file) == "demo" else file
    written = export_symbols(listed, format_name, output)
    console = _console()
    console.print(f"Wrote {written.named:,} named address{'' if written.named == 1 else 'es'} to {escape(str(output))}")
    for note in written.notes:
        console.print(f"  {escape(note)}")


@dataset_app.command("check", epilog="Example:\n\n    gbatrace dataset check parquet")
def check(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders that were exported to.")],
) -> None:
    """Compare every file of a dataset with the checksum in its `dataset.json`. Ends with code 1 if one differs."""
    console = _console()
    sound = True
    for folder in folders:
        problems = list(dataset_problems(folder))
        sound = sound and not problems
        for problem in problems:
            console.print(f"[red]✗[/red] [bold]{escape(str(folder))}[/bold]: {escape(problem)}")
        if not problems:
            console.print(f"[green]✓[/green] [bold]{escape(str(folder))}[/bold] is as it was exported.")
    raise typer.Exit(0 if sound else 1)


def _console() -> SafeConsole:
    return SafeConsole()
