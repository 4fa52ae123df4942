"""Options that several commands share, and options made of the fields of a dataclass. Pure.

Each option is written once, with its type, default and help: as the annotation of a field where the code keeps it
(`Settings`, `PlayArguments`, `DatasetOptions`, …), or here. Typer takes no dataclass as a parameter; with
`spread_options` a command does, and is run with one:

    @app.command()
    @spread_options
    def serve(settings: Annotated[Settings, Only("data_folder", "link_port")]) -> None: ...
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import orjson
import typer
from typer.models import OptionInfo

__all__ = [
    "BizHawkOption",
    "JsonOption",
    "Only",
    "ProgressOption",
    "RomOption",
    "SessionArgument",
    "SessionsArgument",
    "json_text",
    "range_text",
    "split_values",
    "spread_options",
]

BizHawkOption = Annotated[
    Path | None, typer.Option("--bizhawk", metavar="FOLDER", help="BizHawk's folder; found in the usual places.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
ProgressOption = Annotated[bool, typer.Option("--progress/--no-progress", help="Show a progress bar.")]
RomOption = Annotated[
    Path | None, typer.Option("--rom", metavar="FILE", help="The game, a .gba file; found by its hash without it.")
]
SessionArgument = Annotated[str, typer.Argument(metavar="SESSION", help="The session's name.")]
SessionsArgument = Annotated[list[str], typer.Argument(metavar="SESSION", help="Sessions by name, or `all`.")]


def json_text(document: Any) -> str:
    """Write what a command prints with `--json`."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def range_text(run: Mapping[str, Any]) -> str:
    """Write the frame sets from `first` to `last`: `42` or `42..60`."""
    return f"{run['first']}" if run["first"] == run["last"] else f"{run['first']}..{run['last']}"


def split_values(given: Iterable[str] | None) -> list[str]:
    """Split values of an option that may be given several times or with commas."""
    return [value.strip() for text in given or () for value in text.split(",") if value.strip()]


class Only:
    """Fields of a dataclass that a command has as options; the others keep their defaults."""

    def __init__(self, *names: str) -> None:
        self.names = names


@dataclass(frozen=True, slots=True)
class _Spread:
    """Dataclass that is spread into options.

    Args:
        kind: the dataclass.
        options: parameters, one for each of its own fields.
        inner: its fields that are dataclasses themselves, by name.
    """

    kind: Any
    options: tuple[Parameter, ...]
    inner: dict[str, "_Spread"]

    def parameters(self) -> Iterator[Parameter]:
        """Yield all options, in the order of the fields."""
        yield from self.options
        for spread in self.inner.values():
            yield from spread.parameters()

    def build(self, given: dict[str, Any]) -> Any:
        """Make the dataclass, taking its values out of those given."""
        values = {option.name: given.pop(option.name) for option in self.options}
        return self.kind(**values, **{name: spread.build(given) for name, spread in self.inner.items()})


def spread_options(command: Callable[..., None]) -> Callable[..., None]:
    """Spread each parameter of a command that is a dataclass into options.

    A field is an option if it is annotated with a `typer.Option`; a field that is a dataclass is spread as well. Names
    are those of the fields unless the annotation gives another.
    """
    hints = get_type_hints(command, include_extras=True)
    spreads: dict[str, _Spread] = {}
    parameters: list[Parameter] = []
    for name, parameter in signature(command).parameters.items():
        kind, *notes = get_args(hints[name]) if get_origin(hints[name]) is Annotated else (hints[name],)
        if is_dataclass(kind):
            spreads[name] = _spread(kind, next((note.names for note in notes if isinstance(note, Only)), None))
            parameters += spreads[name].parameters()
        else:
            parameters.append(parameter.replace(annotation=hints[name], kind=Parameter.KEYWORD_ONLY))

    @wraps(command)
    def run(**given: Any) -> None:
        built = {name: spread.build(given) for name, spread in spreads.items()}
        command(**built, **given)

    run.__signature__ = signature(command).replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def _spread(kind: Any, names: Sequence[str] | None = None) -> _Spread:
    hints = get_type_hints(kind, include_extras=True)
    every = {field.name: field for field in fields(kind)}
    chosen = [every[name] for name in (every if names is None else names)]  # A misspelled name fails at once.
    options = tuple(_option(field, hints[field.name]) for field in chosen if _is_option(hints[field.name]))
    inner = {field.name: _spread(hints[field.name]) for field in chosen if is_dataclass(hints[field.name])}
    return _Spread(kind, options, {name: spread for name, spread in inner.items() if list(spread.parameters())})


def _is_option(hint: Any) -> bool:
    return any(isinstance(note, OptionInfo) for note in get_args(hint)[1:])


def _option(field: Field[Any], hint: Any) -> Parameter:
    default = Parameter.empty if field.default is MISSING else field.default
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)
