"""Command about two people's labels: `agreement`. Shell."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from daemon.agreement.service import compared_people, compared_sessions
from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, SessionArgument, json_text, range_text
from daemon.console.safe_console import SafeConsole
from daemon.settings import DATA_FOLDER, DataOption
from protocol.errors import AnalysisError
from protocol.session.layout import session_id
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Recorded memory")

_SHOWN = 40
"""Disagreements that are printed; `--json` has them all."""


@app.command(
    epilog=examples(
        "gbatrace agreement evening-run",
        "gbatrace agreement evening-run --first ann --second ben",
        "gbatrace agreement evening-run --other evening-run-of-ben --json",
    )
)
def agreement(
    session: SessionArgument,
    first: Annotated[str, typer.Option("--first", metavar="NAME", help="A person; else who labelled most.")] = "",
    second: Annotated[str, typer.Option("--second", metavar="NAME", help="Another person.")] = "",
    other: Annotated[
        str, typer.Option("--other", metavar="SESSION", help="A session of the same play, to compare with instead.")
    ] = "",
    as_json: JsonOption = False,  # noqa: FBT002
    data: DataOption = DATA_FOLDER,
) -> None:
    """Compare the labels of two people: agreement, Cohen's kappa, and the disagreements."""
    if other and (first or second):
        raise AnalysisError("Two people of one session are compared, or two sessions: leave out --other, or the names.")
    answer = (
        compared_sessions(data, session, session_id(other)) if other else compared_people(data, session, first, second)
    )
    if as_json:
        typer.echo(json_text(answer))
        return
    console = SafeConsole()
    if len(answer["compared"]) < 2:
        console.print("Fewer than two people have labelled this session: there is nothing to compare.")
        return
    one, two = (escape(name or "(no name)") for name in answer["compared"])
    table = Table("field", "compared", "agreed", "kappa", f"only {one}", f"only {two}", box=None)
    for each in answer["fields"]:
        table.add_row(*_cells(each))
    console.print(f"[bold]{one}[/bold] and [bold]{two}[/bold]", table)
    if answer["left_out"]:
        console.print(f"{counted(answer['left_out'], 'frame set')} left out, which are not the same in both sessions.")
    console.print(f"{counted(answer['total'], 'disagreement')}{':' if answer['total'] else '.'}")
    for each in answer["disagreements"][:_SHOWN]:
        labels = " / ".join(escape(label or "no label") for label in each["labels"])
        console.print(f"{range_text(each)}  {each['field']}  {labels}")
    if answer["total"] > _SHOWN:
        console.print(f"and {answer['total'] - _SHOWN:,} more: --json lists them.")


def _cells(field: Mapping[str, Any]) -> list[str]:
    compared, kappa = field["compared"], field["kappa"]
    share = f"{field['agreed'] / compared:.1%}" if compared else "-"
    only = (f"{count:,}" for count in field["only"])
    return [field["field"], f"{compared:,}", share, "-" if kappa is None else f"{kappa:.2f}", *only]
