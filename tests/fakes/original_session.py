"""Session folders of the original's later converters: buttons in a list, no program counter."""

import json
from pathlib import Path
from typing import Any

from tests.fakes.screenshots import png

__all__ = ["converter_event", "make_converter_session"]


def converter_event(number: int) -> dict[str, Any]:
    """Make an `event.json` of four frames; words are unaligned, as its chunks were."""
    frames = [6 * number + frame for frame in (2, 3, 5, 6)]
    row = {"region": "iwram", "address": "03002459", "prev_val": "3703FF00", "curr_val": "3B03FF00", "freq": 6}
    return {
        "timestamp": 1795832223700 + 100 * number,
        "buttons": ["Start", "Start", "Start", "A+Right"],
        "frame_set_id": number,
        "frames_in_set": frames,
        "memory_changes": [{**row, "frame": frame} for frame in frames[:2]],
    }


def make_converter_session(data: Path, name: str = "evening", sets: int = 3) -> Path:
    """Write a session of such frame sets, with the labels of the original's first app."""
    folder = data / name
    for number in range(sets):
        (folder / str(number)).mkdir(parents=True)
        (folder / str(number) / "event.json").write_text(json.dumps(converter_event(number), indent=2))
        (folder / str(number) / f"{number}.png").write_bytes(png(number))
    (folder / "0" / "annotations.json").write_text('{"context": "battle", "tags": "alpha, beta"}')
    metadata = {
        "session_id": name,
        "created_at": "2026-11-27T08:57:03.700000",
        "created_timestamp": 1795769823,
        "total_frame_sets": sets,
        "num_frames_per_set": 6,
        "frame_set_id_range": {"min": 0, "max": sets - 1},
        "source_csv": "event_log.csv",
        "game_config": "metabots_rokusho.json",
        "is_custom_name": True,
        "game_name": "Metabots Rokusho",
    }
    (folder / "session_metadata.json").write_text(json.dumps(metadata, indent=2))
    return folder
