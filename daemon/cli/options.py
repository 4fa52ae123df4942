"""Options that several commands share, and dataclasses spread into options. Pure.

Each option is written once, as the annotation of a field (`Settings`, `PlayArguments`, `DatasetOptions`) or here. A
command takes the dataclass:

    @app.command()
    @spread_options
    def serve(settings: Annotated[Settings, Offered("data_folder", "link_port")]) -> None: ...
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer
from typer.models import OptionInfo

__all__ = [
    "BizHawkOption",
    "Offered",
    "ProgressOption",
    "SessionArgument",
    "SessionsArgument",
    "spread_options",
]

BizHawkOption = Annotated[
    Path | None, typer.Option("--bizhawk", metavar="FOLDER", help="BizHawk's folder; found in the usual places.")
]
ProgressOption = Annotated[bool, typer.Option("--progress/--no-progress", help="Show a progress bar.")]
SessionArgument = Annotated[str, typer.Argument(metavar="SESSION", help="The session's name.")]
SessionsArgument = Annotated[list[str], typer.Argument(metavar="SESSION", help="Sessions by name, or `all`.")]


@dataclass(frozen=True, slots=True)
class Offered:
    """Fields of a dataclass that a command offers as options; the others keep their defaults."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, slots=True)
class _Spread:
    """A dataclass that is spread into options.

    Args:
        kind: the dataclass.
        options: of its own fields.
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
            spreads[name] = _spread(kind, next((note for note in notes if isinstance(note, Offered)), None))
            parameters += spreads[name].parameters()
        else:
            parameters.append(parameter.replace(annotation=hints[name], kind=Parameter.KEYWORD_ONLY))

    @wraps(command)
    def run(**given: Any) -> None:
        built = {name: spread.build(given) for name, spread in spreads.items()}
        command(**built, **given)

    run.__signature__ = signature(command).replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def _spread(kind: Any, offered: Offered | None) -> _Spread:
    hints = get_type_hints(kind, include_extras=True)
    chosen = [field for field in fields(kind) if offered is None or field.name in offered.names]
    options = tuple(_option(field, hints[field.name]) for field in chosen if _is_option(hints[field.name]))
    inner = {field.name: _spread(hints[field.name], None) for field in chosen if is_dataclass(hints[field.name])}
    return _Spread(kind, options, {name: spread for name, spread in inner.items() if list(spread.parameters())})


def _is_option(hint: Any) -> bool:
    return any(isinstance(note, OptionInfo) for note in get_args(hint)[1:])


def _option(field: Field[Any], hint: Any) -> Parameter:
    default = Parameter.empty if field.default is MISSING else field.default
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)
