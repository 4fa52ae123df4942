"""Rows of a catalogue and folders that stand for sessions."""

from pathlib import Path

from daemon.fleet.catalogue import CatalogueRow

__all__ = ["make_session", "row"]


def row(session: str, **changes: object) -> CatalogueRow:
    """Make a row."""
    values: dict[str, object] = {
        "session": session,
        "game": "demo",
        "rom_sha1": "AB" * 20,
        "seed": 1,
        "policy": "random",
        "frames": 100,
        "frame_sets": 20,
        "changes": 5,
        "memory_sha256": "cd" * 32,
        "seconds": 1.5,
        "processor_seconds": 0.5,
        "worker": "recorder-1 on here",
        "tries": 1,
    }
    return CatalogueRow(**(values | changes))  # type: ignore[arg-type]


def make_session(workspace: Path, name: str, content: bytes = b"{}") -> Path:
    """Make a folder in a workspace."""
    folder = workspace / name
    (folder / "0").mkdir(parents=True)
    (folder / "session_metadata.json").write_bytes(content)
    (folder / "0" / "event.json").write_bytes(content)
    return folder
