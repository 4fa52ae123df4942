"""Options of an export, as the person who asks for it chooses them. Pure."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from daemon.exporting.split import SplitPlan
from protocol.errors import ExportError

__all__ = ["DatasetOptions", "ImageMode"]


class ImageMode(StrEnum):
    """Form of the screenshots."""

    BYTES = "bytes"
    """Each is in the dataset, as PNG."""

    PATHS = "paths"
    """Each is named by its path below the data folder, with `/` between the parts."""

    NONE = "none"
    """They are left out."""


@dataclass(frozen=True, slots=True)
class DatasetOptions:
    """Choices for a dataset. A format ignores what it has no use for.

    Args:
        images: what becomes of the screenshots.
        split: which frame sets are for training, validation and test.
        label_set: name and version of the label set that the labels were chosen from; empty for that of the game.
        window: frame sets in a window of `jsonl`.
        stride: frame sets from the start of one window to the start of the next.
        max_changes: most memory changes that a window tells of one frame set, those of the rarest addresses first.
        labelled_only: leave out windows without a label.
        max_episode: longest episode of `lerobot` and `minari`, frame sets; 240 are 20 seconds of play.
        task: what the player does, for `lerobot`; empty for "Play <game>".
        language: write labels into the language columns of `lerobot`, which releases before 0.5 cannot read.
        title: name of the dataset in its card; empty for the game's name.
        licence: identifier of its licence in its card; empty to leave a placeholder.

    Raises:
        ExportError: a number is out of its range.
    """

    images: ImageMode = ImageMode.BYTES
    split: SplitPlan = field(default_factory=SplitPlan)
    label_set: str = ""
    window: int = 8
    stride: int = 4
    max_changes: int = 64
    labelled_only: bool = False
    max_episode: int = 240
    task: str = ""
    language: bool = True
    title: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        for name, least in (("window", 1), ("stride", 1), ("max_changes", 0), ("max_episode", 2)):
            if getattr(self, name) < least:
                raise ExportError(f"--{name.replace('_', '-')} must be at least {least}, not {getattr(self, name)}.")

    def as_map(self) -> dict[str, Any]:
        """Return the choices as they stand in `dataset.json`."""
        return asdict(self)
