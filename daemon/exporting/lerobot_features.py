"""Features of a LeRobot dataset, for LeRobot, Arrow and the Hub's viewer. Needs pyarrow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from numpy.typing import NDArray

from daemon.exporting.dataset import require

__all__ = ["IMAGE", "LANGUAGE", "VIDEO_PATH", "Feature", "arrow_column", "arrow_schema", "language_column"]

pa = require("pyarrow")

IMAGE = "observation.image"
"""Name of the screenshot."""

LANGUAGE = ("language_persistent", "language_events")
"""Names of the columns of language, which LeRobot reads from 0.6.0 on."""

VIDEO_PATH = "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
"""Path of a video file below the dataset."""

_VIDEO = {
    "video.codec": "hevc",
    "video.pix_fmt": "gbrp",
    "video.channels": 3,
    "video.g": 12,
    "video.crf": 0,
    "video.preset": "ultrafast",
    "video.extra_options": {"x265-params": "lossless=1:bframes=0"},
    "has_audio": False,
    "is_depth_map": False,
}
"""Description of the videos, as LeRobot's `get_video_info` gives it, but for their size and speed.

Its tools encode videos again by these settings.
"""

_TEXT = {"dtype": "string", "_type": "Value"}


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature: a screenshot, rows of language, or one or more numbers.

    Args:
        name: its name.
        dtype: `image`, `video`, `language`, or a type of numbers.
        names: of its numbers, several or one; None for a single number without.
    """

    name: str
    dtype: str
    names: Sequence[str] | None = None

    @property
    def length(self) -> int:
        """Number of its numbers."""
        return 1 if self.names is None else len(self.names)

    def as_info(self, screenshot: Sequence[int], fps: int) -> dict[str, Any]:
        """Describe it as `info.json` does.

        Args:
            screenshot: height, width and channels of screenshots.
            fps: frames per second of videos.
        """
        if self.dtype in ("image", "video"):
            size = {"video.height": screenshot[0], "video.width": screenshot[1], "video.fps": fps}
            return {
                "dtype": self.dtype,
                "shape": list(screenshot),
                "names": ["height", "width", "channels"],
                **({"info": size | _VIDEO} if self.dtype == "video" else {}),
            }
        return {"dtype": self.dtype, "shape": [self.length], "names": None if self.names is None else list(self.names)}

    def arrow_type(self) -> Any:
        """Return its type; LeRobot keeps a feature of shape (1,) as plain values."""
        if self.dtype == "image":
            return pa.struct([("bytes", pa.binary()), ("path", pa.string())])
        if self.dtype == "language":
            return _row_type(pa.json_(), timed=self.name == LANGUAGE[0])
        one = pa.type_for_alias(self.dtype)
        return one if self.length == 1 else pa.list_(one, self.length)

    def as_hub(self) -> dict[str, Any]:
        """Describe it as `datasets` does."""
        if self.dtype == "image":
            return {"_type": "Image"}
        if self.dtype == "language":
            timed = {"timestamp": {"dtype": "float32", "_type": "Value"}} if self.name == LANGUAGE[0] else {}
            row = {"role": _TEXT, "content": _TEXT, "style": _TEXT, **timed, "camera": _TEXT}
            return {
                "feature": row | {"tool_calls": {"feature": {"_type": "Json"}, "_type": "List"}},
                "_type": "List",
            }
        one = {"dtype": self.dtype, "_type": "Value"}
        return one if self.length == 1 else {"feature": one, "length": self.length, "_type": "List"}


def arrow_schema(features: Sequence[Feature]) -> Any:
    """Return the schema of the data files; videos have no column in them."""
    features = [feature for feature in features if feature.dtype != "video"]
    told = {feature.name: feature.as_hub() for feature in features}
    fields = [(feature.name, feature.arrow_type()) for feature in features]
    return pa.schema(fields, metadata={"huggingface": orjson.dumps({"info": {"features": told}})})


def arrow_column(column: NDArray[Any]) -> Any:
    """Build a column of numbers, of shape (n,) or (n, length)."""
    if column.ndim == 1 or column.shape[1] == 1:
        return pa.array(column.ravel())
    return pa.FixedSizeListArray.from_arrays(pa.array(column.ravel()), column.shape[1])


def language_column(rows: Sequence[Sequence[Mapping[str, Any]]], *, timed: bool) -> Any:
    """Build a language column; Arrow builds no JSON from Python, so that part is cast."""
    return pa.array(rows, _row_type(pa.string(), timed=timed)).cast(_row_type(pa.json_(), timed=timed))


def _row_type(tool_call: Any, *, timed: bool) -> Any:
    """Return the type of a language column: a list of rows."""
    fields = [
        pa.field("role", pa.string(), nullable=False),
        pa.field("content", pa.string()),
        pa.field("style", pa.string()),
        *([pa.field("timestamp", pa.float32(), nullable=False)] if timed else []),
        pa.field("camera", pa.string()),
        pa.field("tool_calls", pa.list_(tool_call)),
    ]
    return pa.list_(pa.struct(fields))
