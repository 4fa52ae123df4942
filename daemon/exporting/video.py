"""Video of screenshots without loss: H.264 of RGB pixels, in MP4. Needs PyAV.

Each frame is a screenshot, pixel for pixel (profile High 4:4:4 Predictive, quantiser 0). FFmpeg decodes it, and with it
PyAV, torchcodec and OpenCV; browsers and the decoders of graphics cards do not.
"""

from pathlib import Path
from typing import Any, BinaryIO

from daemon.exporting.dataset import require
from protocol.errors import ExportError
from protocol.session.screenshots import pixels

__all__ = ["VideoWriter"]

av: Any = require("av", extra="video")

_ENCODER = "libx264rgb"

_KEYFRAMES = 12
"""Frames from one keyframe to the next, a second of play: most that a reader decodes for a single one."""

_OPTIONS = {
    "qp": "0",
    "preset": "veryfast",
    "g": str(_KEYFRAMES),
    "threads": "1",  # With another number of them the bytes are others.
}


class VideoWriter:
    """Writer of one video, at a whole number of frames a second.

    Frame i is shown from i / fps on.

    Args:
        target: file to write, or one opened for writing and seeking.
        fps: frames per second.

    Attributes:
        frames: how many were written.
    """

    def __init__(self, target: Path | BinaryIO, fps: int) -> None:
        self._container = av.open(str(target) if isinstance(target, Path) else target, "w", format="mp4")
        self._stream: Any = None
        self._fps = fps
        self.frames = 0

    def add(self, png: bytes) -> None:
        """Append a screenshot.

        Raises:
            DocumentError: it cannot be decoded.
            ExportError: it is of another size than the first.
        """
        image = pixels(png)
        height, width = image.shape[:2]
        if self._stream is None:
            self._stream = self._container.add_stream(_ENCODER, self._fps, options=_OPTIONS)
            self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "rgb24"
        if (self._stream.width, self._stream.height) != (width, height):
            raise ExportError(
                f"A screenshot is {width}x{height} pixels, others are {self._stream.width}x{self._stream.height}: "
                "a video needs screenshots of one size."
            )
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts = self.frames
        self._container.mux(self._stream.encode(frame))
        self.frames += 1

    def close(self) -> None:
        """End the video; one without a frame is an empty file."""
        if self._stream is not None:
            self._container.mux(self._stream.encode(None))
        self._container.close()
