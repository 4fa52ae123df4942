"""Video of screenshots without loss, in MP4. Needs PyAV.

Each frame is a screenshot, pixel for pixel: its planes are green, blue and red, and nothing is rounded. FFmpeg decodes
it, and with it PyAV, torchcodec and OpenCV; browsers and the decoders of graphics cards do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from daemon.exporting.dataset import require
from protocol.errors import ExportError
from protocol.session.screenshots import pixels

__all__ = ["H264", "HEVC", "KEYFRAMES", "VideoCodec", "VideoWriter"]

av: Any = require("av", extra="video")

KEYFRAMES = 12
"""Frames from one keyframe to the next, a second of play: most that a reader decodes for a single one."""


@dataclass(frozen=True, slots=True)
class VideoCodec:
    """Codec with its settings.

    Frames stand in their order, for a reader that seeks one loses those that lie before a keyframe and need it. With
    another number of threads the bytes would be others.

    Args:
        encoder: its name in FFmpeg.
        pixel_format: that it takes.
        options: of the encoder.
    """

    encoder: str
    pixel_format: str
    options: Mapping[str, str]


H264 = VideoCodec(
    "libx264rgb", "rgb24", {"qp": "0", "bf": "0", "preset": "veryfast", "g": str(KEYFRAMES), "threads": "1"}
)
"""Fast and small: profile High 4:4:4 Predictive."""

HEVC = VideoCodec(
    "libx265",
    "gbrp",
    {
        "preset": "ultrafast",
        "g": str(KEYFRAMES),
        "x265-params": "lossless=1:bframes=0:pools=1:frame-threads=1:log-level=none:info=0",
    },
)
"""Four times as slow and nearly twice as large, but LeRobot's tools can encode it again without loss."""


class VideoWriter:
    """Writer of one video, at a whole number of frames a second.

    Frame i is shown from i / fps on.

    Args:
        target: file to write, or one opened for writing and seeking.
        fps: frames per second.
        codec: how they are encoded.

    Attributes:
        frames: how many were written.
    """

    def __init__(self, target: Path | BinaryIO, fps: int, codec: VideoCodec = H264) -> None:
        self._container = av.open(str(target) if isinstance(target, Path) else target, "w", format="mp4")
        self._stream: Any = None
        self._fps = fps
        self._codec = codec
        self.frames = 0

    def add(self, png: bytes) -> None:
        """Append a screenshot.

        Raises:
            DocumentError: it cannot be decoded.
            ExportError: it is of another size than the first, or of one that the codec does not take.
        """
        image = pixels(png)
        height, width = image.shape[:2]
        if self._stream is None:
            codec = self._codec
            self._stream = self._container.add_stream(codec.encoder, self._fps, options=dict(codec.options))
            self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, codec.pixel_format
            try:
                self._stream.codec_context.open()
            except av.FFmpegError:
                raise ExportError(
                    f"Screenshots of {width}x{height} pixels cannot be a video: export them without --pictures video."
                ) from None
        if (self._stream.width, self._stream.height) != (width, height):
            raise ExportError(
                f"A screenshot is {width}x{height} pixels, others are {self._stream.width}x{self._stream.height}: "
                "a video needs screenshots of one size."
            )
        frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format=self._codec.pixel_format)
        frame.pts = self.frames
        self._container.mux(self._stream.encode(frame))
        self.frames += 1

    def close(self) -> None:
        """End the video; one without a frame is an empty file."""
        if self.frames:
            self._container.mux(self._stream.encode(None))
        self._container.close()
