"""Video files of a LeRobot dataset. Needs PyAV.

Episodes follow each other in a file; the row of an episode says where it begins and ends (LeRobot,
docs/source/lerobot-dataset-v3.mdx).
"""

from collections.abc import Sequence
from typing import Any

from daemon.exporting.destination import Facts, Unit
from daemon.exporting.lerobot_features import IMAGE, VIDEO_PATH
from daemon.exporting.split import under_split
from daemon.exporting.video import HEVC, VideoWriter
from protocol.session.frame_set import FrameSet

__all__ = ["VideoFiles"]

_LONGEST_S = 900
"""Seconds of play in a file: LeRobot compares times in single precision, to a ten-thousandth of a second."""


class VideoFiles:
    """Video files of one split while a session is written; each session begins a new one.

    Args:
        split: the split.
        fps: frames per second.
        files_per_chunk: files in a folder.
        unit: where to write.
        before: the facts of the sessions written before.

    Attributes:
        used: how many files were begun.
    """

    def __init__(self, split: str, fps: int, files_per_chunk: int, unit: Unit, before: Sequence[Facts]) -> None:
        self._split, self._fps, self._unit, self._per_chunk = split, fps, unit, files_per_chunk
        self._first_file = sum(fact["videos"].get(split, 0) for fact in before)
        self.used = 0
        self._video: VideoWriter | None = None

    def write(self, sets: Sequence[FrameSet]) -> dict[str, Any]:
        """Append an episode's screenshots, and return what its row says of them."""
        video = self._with_room(len(sets))
        begin = video.frames
        for item in sets:
            video.add(item.png)
        chunk, file = divmod(self._first_file + self.used - 1, self._per_chunk)
        return {
            f"videos/{IMAGE}/chunk_index": chunk,
            f"videos/{IMAGE}/file_index": file,
            f"videos/{IMAGE}/from_timestamp": begin / self._fps,
            f"videos/{IMAGE}/to_timestamp": video.frames / self._fps,
        }

    def close(self) -> None:
        """End the file."""
        if self._video is not None:
            self._video.close()
            self._video = None

    def _with_room(self, frames: int) -> VideoWriter:
        if self._video is not None and self._video.frames + frames <= _LONGEST_S * self._fps:
            return self._video
        self.close()
        chunk, file = divmod(self._first_file + self.used, self._per_chunk)
        name = VIDEO_PATH.format(video_key=IMAGE, chunk_index=chunk, file_index=file)
        self._video = VideoWriter(self._unit.path(under_split(self._split, name)), self._fps, HEVC)
        self.used += 1
        return self._video
