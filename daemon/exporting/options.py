"""Options of an export, annotated as the command line offers them. Pure."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from daemon.exporting.memory import MemoryForm
from daemon.exporting.pictures import OldPictures
from daemon.exporting.split import SplitPlan
from daemon.exporting.variables import VariableChoice
from protocol.errors import ExportError

__all__ = ["DatasetOptions", "ImageMode"]

_EXAMPLES = "Examples and episodes"
_CARD = "Dataset card"


class ImageMode(StrEnum):
    """Form of the screenshots."""

    BYTES = "bytes"
    """Each is in the dataset, as PNG."""

    PATHS = "paths"
    """Each is named by its path below the data folder, with `/` between the parts."""

    NONE = "none"
    """They are left out."""

    VIDEO = "video"
    """They are frames of videos, without loss; in lerobot and webdataset."""


@dataclass(frozen=True, slots=True)
class DatasetOptions:
    """Choices for a dataset; a format ignores those that do not concern it.

    Raises:
        ExportError: a number is out of its range.
    """

    images: Annotated[
        ImageMode,
        typer.Option(
            "--images",
            "--pictures",
            metavar="|".join(ImageMode),
            help="Screenshots as bytes, as paths below the data folder, not at all, or as video (lerobot, webdataset).",
        ),
    ] = ImageMode.BYTES

    old_pictures: Annotated[
        OldPictures,
        typer.Option(
            metavar="|".join(OldPictures),
            help="Frame sets whose screenshot never came: drop the older one they carry, or keep it.",
        ),
    ] = OldPictures.DROP

    variables: Annotated[
        VariableChoice,
        typer.Option(
            "--variables",
            "--names",
            metavar="|".join(VariableChoice),
            help="Named addresses whose values are written with each frame set.",
        ),
    ] = VariableChoice.ALL

    memory: Annotated[
        MemoryForm,
        typer.Option(
            metavar="|".join(MemoryForm),
            help="Memory after each frame set: all of it, the words that ever changed, or now and then all of it.",
        ),
    ] = MemoryForm.NONE

    csv_header: Annotated[
        bool, typer.Option("--csv-header", help="Names of the columns as first row of csv.", rich_help_panel=_EXAMPLES)
    ] = False

    goal: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="JSON with reward, done and reset_on; without it `goal` of the game config counts.",
        ),
    ] = None

    split: SplitPlan = field(default_factory=SplitPlan)

    window: Annotated[
        int, typer.Option(metavar="NUMBER", help="Frame sets in an example of jsonl.", rich_help_panel=_EXAMPLES)
    ] = 8

    stride: Annotated[
        int,
        typer.Option(metavar="NUMBER", help="Frame sets from one example to the next.", rich_help_panel=_EXAMPLES),
    ] = 4

    max_changes: Annotated[
        int,
        typer.Option(
            metavar="NUMBER",
            help="Most memory changes of a frame set in an example, those of the rarest addresses first.",
            rich_help_panel=_EXAMPLES,
        ),
    ] = 64

    labelled_only: Annotated[
        bool,
        typer.Option("--labelled-only", help="Leave out examples without a label.", rich_help_panel=_EXAMPLES),
    ] = False

    max_episode: Annotated[
        int,
        typer.Option(
            metavar="NUMBER",
            help="Frame sets in the longest episode of lerobot and minari, or clip of webdataset; 240 are 20 seconds.",
            rich_help_panel=_EXAMPLES,
        ),
    ] = 240

    language: Annotated[
        bool,
        typer.Option(
            "--language/--no-language",
            help="Labels in the language columns of lerobot, which its readers before 0.6 refuse.",
            rich_help_panel=_EXAMPLES,
        ),
    ] = False

    task: Annotated[
        str,
        typer.Option(
            metavar="TEXT", help='Task in lerobot; without it "Play" and the game.', rich_help_panel=_EXAMPLES
        ),
    ] = ""

    title: Annotated[
        str, typer.Option(metavar="TEXT", help="Name of the dataset; without it the game's.", rich_help_panel=_CARD)
    ] = ""

    licence: Annotated[str, typer.Option(metavar="TEXT", help="Identifier of the licence.", rich_help_panel=_CARD)] = ""

    label_set: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Label set of the labels, with its version; without it that of the game.",
            rich_help_panel=_CARD,
        ),
    ] = ""

    def __post_init__(self) -> None:
        for name, least in (("window", 1), ("stride", 1), ("max_changes", 0), ("max_episode", 2)):
            if getattr(self, name) < least:
                raise ExportError(f"--{name.replace('_', '-')} must be at least {least}, not {getattr(self, name)}.")

    def as_map(self) -> dict[str, Any]:
        """Return the choices as they stand in `dataset.json`; a goal stands there itself."""
        return {name: value for name, value in asdict(self).items() if name != "goal"}
