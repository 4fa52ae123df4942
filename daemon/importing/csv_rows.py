"""Frame sets become rows of the log, at the speed of numpy. Pure."""

import numpy as np
from numpy.typing import NDArray

from protocol.changes import U16, U32
from protocol.console import NO_KEYS
from protocol.session.change_rows import MAX_FREQ
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges, hex_word

__all__ = ["log_rows"]

# A row is built as wide as the widest could be, with NUL where it is narrower; the NULs are then taken out.

_HEX = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), "<u2")
_DECIMAL = np.frombuffer(b"".join(str(n).encode().ljust(4, b"\0") for n in range(MAX_FREQ + 1)), "<u4")
_WORDS = np.frombuffer(b"00000000,00000000,00000000,", np.uint8)


def log_rows(frame_set: FrameSet) -> bytes:
    """Write the rows of a frame set; nothing where nothing changed."""
    scans = frame_set.changes
    counts = [len(scan.addresses) for scan in scans]
    if not sum(counts):
        return b""
    frames = {frame.frame: frame for frame in frame_set.frames}
    openings = _padded([_opening(frames[scan.frame], scan) for scan in scans])
    closings = _padded([_closing(frames[scan.frame], scan, frame_set.frame_set_id) for scan in scans])
    rows = np.concatenate(
        (
            np.repeat(openings, counts, axis=0),
            _words(scans),
            _counts([scan.freq for scan in scans]),
            np.repeat(closings, counts, axis=0),
        ),
        axis=1,
    )
    return rows.tobytes().replace(b"\0", b"")


def _opening(frame: FrameRecord, scan: ScanChanges) -> bytes:
    return f"{frame.timestamp},{scan.region},{frame.frame},".encode()


def _closing(frame: FrameRecord, scan: ScanChanges, frame_set_id: int) -> bytes:
    keys = f"{_quoted(' | '.join(frame.key_history))},{_quoted(frame.current_keys or NO_KEYS)}"
    return f",{hex_word(frame.pc)},{keys},{frame_set_id},{scan.chunk}\n".encode()


def _quoted(text: str) -> str:
    if any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _padded(texts: list[bytes]) -> NDArray[np.uint8]:
    width = max(map(len, texts))
    return np.frombuffer(b"".join(text.ljust(width, b"\0") for text in texts), np.uint8).reshape(-1, width)


def _words(scans: tuple[ScanChanges, ...]) -> NDArray[np.uint8]:
    columns = ([scan.addresses for scan in scans], [scan.previous for scan in scans], [scan.current for scan in scans])
    digits = np.stack([_hex_digits(column) for column in columns], axis=1)
    text = np.tile(_WORDS, (len(digits), 1))
    text.reshape(-1, 3, 9)[:, :, :8] = digits
    return text


def _hex_digits(columns: list[U32]) -> NDArray[np.uint8]:
    big_endian = np.concatenate(columns).astype(">u4").view(np.uint8)
    return _HEX.take(big_endian).view(np.uint8).reshape(-1, 8)


def _counts(columns: list[U16]) -> NDArray[np.uint8]:
    return _DECIMAL.take(np.concatenate(columns)).view(np.uint8).reshape(-1, 4)
