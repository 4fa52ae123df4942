"""Frame sets as columns for the log of changes, in a job to the writer. Pure.

They are written in the daemon, twelve times a second for each emulator, and read in the writer many at once.
"""

from protocol.packing import pack, unpack
from protocol.session.change_log_builder import LoggedSet
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName

__all__ = ["logged_set", "set_columns"]


def set_columns(frame_set: FrameSet) -> bytes:
    """Write what the log takes of a frame set."""
    frames, scans = frame_set.frames, frame_set.changes
    return pack(
        (
            [frame.frame for frame in frames],
            [frame.timestamp for frame in frames],
            [frame.current_keys for frame in frames],
            [scan.region for scan in scans],
            [scan.frame for scan in scans],
            [len(scan.addresses) for scan in scans],
            # In this machine's own order of bytes: the socket ends on it.
            b"".join([scan.addresses.data for scan in scans]),
            b"".join([scan.previous.data for scan in scans]),
            b"".join([scan.current.data for scan in scans]),
        )
    )


def logged_set(number: int, check: int, columns: bytes, rebaselined: tuple[ChunkName, ...]) -> LoggedSet:
    """Read a frame set for the log.

    Args:
        number: its id.
        check: `set_check` of its `event.json`.
        columns: as `set_columns` writes them.
        rebaselined: chunks that were seen for the first time or anew in it.
    """
    frames, timestamps, keys, regions, run_frames, lengths, addresses, previous, current = unpack(columns)
    return LoggedSet(
        number=number,
        check=check,
        frames=frames,
        timestamps=timestamps,
        keys=keys,
        run_regions=regions,
        run_frames=run_frames,
        run_lengths=lengths,
        addresses=addresses,
        previous=previous,
        current=current,
        rebaselined=rebaselined,
    )
