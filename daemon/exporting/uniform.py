"""Properties that must be the same throughout a dataset of arrays. Pure."""

from collections.abc import Sequence

from daemon.exporting.errors import ExportError
from daemon.exporting.pictures import picture_size
from daemon.exporting.transitions import Episode
from protocol.session.metadata import SessionMetadata

__all__ = ["PictureSize", "common_frames"]


def common_frames(sessions: Sequence[SessionMetadata]) -> int:
    """Return how many frames the sets of all sessions have.

    Raises:
        ExportError: they differ.
    """
    sizes = sorted({session.num_frames_per_set for session in sessions})
    if len(sizes) > 1:
        raise ExportError(
            f"These sessions have frame sets of {' and '.join(map(str, sizes))} frames, which do not fit one array: "
            "export them apart."
        )
    return sizes[0]


class PictureSize:
    """Sees to it that all pictures are of one size.

    Attributes:
        known: width and height, None before the first picture.
    """

    def __init__(self) -> None:
        self.known: list[int] | None = None

    def check(self, episode: Episode, session_id: str) -> list[int]:
        """Look at an episode's pictures.

        Returns:
            Width and height.

        Raises:
            ExportError: one of them has another size than those before.
        """
        for item in episode.sets:
            size = list(picture_size(item.png))
            known = self.known = self.known or size
            if size != known:
                raise ExportError(
                    f"The screenshot of frame set {item.frame_set_id} in {session_id} is {size[0]}x{size[1]} pixels, "
                    f"others are {known[0]}x{known[1]}: this format needs pictures of one size."
                )
        return size
