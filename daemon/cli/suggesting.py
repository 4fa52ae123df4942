"""Commands about labels that memory suggests: `suggest`, `snap`. Shell."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from daemon.analysis.session_history import open_history
from daemon.answering.searched_session import SearchedSession
from daemon.background import Background
from daemon.cli.commands import Commands, examples
from daemon.cli.options import JsonOption, SessionArgument, json_text, range_text
from daemon.console.safe_console import SafeConsole
from daemon.labels.service import LabelService
from daemon.settings import DATA_FOLDER, DataOption
from daemon.suggesting.service import SuggestionService
from daemon.suggesting.suggestions import SUGGESTED_FIELD, suggested_field
from protocol.wording import counted

__all__ = ["app"]

app = Commands(panel="Recorded memory")

_ORIGIN = "command line"

_FieldOption = Annotated[
    str, typer.Option("--field", metavar="FIELD", help="Field of the labels: context, scene, action, intent, outcome.")
]
_WhoOption = Annotated[str, typer.Option("--who", metavar="NAME", help="Your name, which undo goes by.")]


@app.command(
    epilog=examples(
        "gbatrace suggest evening-run",
        "gbatrace suggest evening-run --field scene --take --who ann",
        "gbatrace suggest evening-run --json",
    )
)
def suggest(
    session: SessionArgument,
    field: _FieldOption = SUGGESTED_FIELD,
    take: Annotated[bool, typer.Option("--take", help="Give the suggested labels to the frame sets.")] = False,  # noqa: FBT002
    who: _WhoOption = "",
    as_json: JsonOption = False,  # noqa: FBT002
    data: DataOption = DATA_FOLDER,
) -> None:
    """Suggest labels for frame sets that have none, by the bytes that tell the others."""
    opened = SearchedSession(open_history(data, session))
    answer = opened.suggestions(suggested_field(field)).as_map()
    taken = _carried_out(data, session, "take_suggestions", {"field": field, "who": who}, answer) if take else None
    if as_json:
        typer.echo(json_text({**answer, **({"taken": taken} if taken else {})}))
        return
    console = SafeConsole()
    for each in answer["suggestions"]:
        value, reason = escape(each["value"]), escape(each["reason"])
        console.print(f"{range_text(each)}  [bold]{value}[/bold]  {each['confidence']:.0%}  {reason}")
    if answer["disagreements"]:
        table = Table("frame sets", "label", "memory says", "why", box=None)
        for each in answer["disagreements"]:
            table.add_row(range_text(each), *(escape(each[key]) for key in ("label", "value", "reason")))
        console.print("\nLabels that memory contradicts:", table)
    if answer["note"]:
        console.print(escape(answer["note"]))
    else:
        console.print(f"{counted(len(answer['suggestions']), 'run')} suggested, {field} as told by {_told(answer)}.")
    if taken:
        console.print(f"{counted(taken['changed'], 'frame set')} labelled.")


@app.command(epilog=examples("gbatrace snap evening-run --field context", "gbatrace snap evening-run --json"))
def snap(
    session: SessionArgument,
    field: _FieldOption = SUGGESTED_FIELD,
    who: _WhoOption = "",
    as_json: JsonOption = False,  # noqa: FBT002
    data: DataOption = DATA_FOLDER,
) -> None:
    """Move the ends of labelled runs to the change of memory that they meant, by 1.2 s at most."""
    opened = SearchedSession(open_history(data, session))
    moves = opened.snaps(suggested_field(field), None)
    answer = {"field": field, "moves": moves}
    done = _carried_out(data, session, "snap", {"field": field, "who": who, "all": True}, answer)
    if as_json:
        typer.echo(json_text({**answer, **done}))
        return
    console = SafeConsole()
    for each in moves:
        was, value = (escape(each[key] or "no label") for key in ("label", "value"))
        console.print(f"{range_text(each)}  {was} -> [bold]{value}[/bold]  {escape(each['reason'])}")
    console.print(
        f"{counted(len(answer['moves']), 'end')} moved, {counted(done['changed'], 'frame set')} labelled anew."
    )


def _carried_out(
    data: Path, session: str, command: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]
) -> dict[str, Any]:
    """Carry out a command on what was answered, the way the daemon does."""

    async def ask(_command: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        return answer

    async def run() -> dict[str, Any]:
        background = Background()
        labels = LabelService(
            data,
            background,
            publish=_nothing,
            latch=_nothing,
            now=lambda: time.time_ns() // 1_000_000,
            records=lambda _: False,
        )
        try:
            handler = SuggestionService(ask, labels).handlers()[command]
            found: dict[str, Any] = await handler({**arguments, "session": session, "origin": _ORIGIN})
            return found
        finally:
            labels.release()
            background.close()

    return asyncio.run(run())


def _nothing(*_: object) -> None:
    """Stand in for the bus and for latches, which the command line has none of."""


def _told(answer: Mapping[str, Any]) -> str:
    told: Sequence[str] = answer["told_by"]
    if not told:
        return "the pictures"
    return f"byte {told[0]}" + (f" and {len(told) - 1} others" if len(told) > 1 else "")
