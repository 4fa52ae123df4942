"""The dataset card of a Hugging Face dataset. Pure.

Its head is YAML (Hugging Face Hub, "Dataset Cards"): JSON values are YAML as well, so they are written as JSON.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from daemon.exporting.manifest import COUNTED_LABELS
from daemon.exporting.options import DatasetOptions
from daemon.names.named_address import NamedAddress
from protocol.console import GBA
from protocol.wording import counted

__all__ = ["SIZE_CATEGORIES", "dataset_card"]

SIZE_CATEGORIES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
"""Size categories of the Hugging Face Hub: number of rows below which each applies, and its name."""

_SHOWN_VALUES = 12
_TO_FILL_IN = "**to be filled in** (and in the head of this file, `license`)"
_ABOUT = (
    f"{GBA.name} play, traced with gbatrace: each row is a *frame set*, by default five frames of play, with the "
    "memory words that changed, the buttons held at each frame, the screenshot after the last one, and labels "
    "that people gave."
)
_RIGHTS = (
    "Pictures and memory come from a game whose rights belong to others: **to be filled in**: who owns them, and on "
    "which grounds they may be passed on. ROM hashes and every version are in `dataset.json`; the ROM itself is not "
    "part of the dataset."
)


def dataset_card(
    games: Sequence[str],
    counts: Sequence[Mapping[str, Any]],
    splits: Sequence[str],
    buttons: Sequence[str],
    variables: Sequence[NamedAddress],
    options: DatasetOptions,
) -> bytes:
    """Write `README.md`.

    Args:
        games: each game once.
        counts: `counts` of each session, as in `dataset.json`.
        splits: the dataset's splits, in order.
        buttons: names of the button columns.
        variables: the columns of `variables`.
        options: title, licence, seed and label set.
    """
    title = options.title or f"{', '.join(games) or GBA.name}: memory, pictures and buttons"
    rows = sum(count["frame_sets"] for count in counts)
    labelled = sum(count["labelled"] for count in counts)
    head = {
        "pretty_name": title,
        "license": options.licence or "other",
        "size_categories": [_size(rows)],
        "task_categories": ["image-classification", "reinforcement-learning", "time-series-forecasting"],
        "tags": ["game", "gameplay", "game-boy-advance", "emulator-memory", "gbatrace"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": name, "path": f"data/{name}/*.parquet"} for name in splits],
            }
        ],
    }
    lines = [
        "---",
        *(f"{key}: {_json(value)}" for key, value in head.items()),
        "---",
        f"# {title}",
        "",
        _ABOUT,
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        'dataset = load_dataset("path/to/this/folder")',
        "```",
        "",
        "## What is in it",
        "",
        "| | |",
        "|---|---|",
        f"| sessions | {len(counts):,} |",
        f"| frame sets | {rows:,} |",
        f"| of them labelled | {labelled:,} ({_percent(labelled, rows)}) |",
        f"| of them labelled completely | {sum(count['complete'] for count in counts):,} |",
        f"| without a flaw | {sum(count['whole'] for count in counts):,} |",
        f"| episodes without a discontinuity | {sum(count['episodes'] for count in counts):,} |",
        *(f"| memory changes in `{name}` | {number:,} |" for name, number in _sum(counts, "changes").items()),
        *(f"| split `{name}` | {counted(number, 'frame set')} |" for name, number in _sum(counts, "splits").items()),
        "",
        f"Buttons, in the order of the columns of `buttons`: {', '.join(buttons)}.",
        f"Splits are dealt by {options.split.by.value}, seed {options.split.seed}.",
        *([f"Labels were chosen from the label set {options.label_set}."] if options.label_set else []),
        "",
        *_variables_table(variables),
        *_label_tables(counts),
        "## Licence and rights",
        "",
        f"Licence of the recordings: {options.licence or _TO_FILL_IN}.",
        "",
        _RIGHTS,
        "",
    ]
    return "\n".join(lines).encode()


def _variables_table(variables: Sequence[NamedAddress]) -> list[str]:
    if not variables:
        return []
    return [
        "## Variables",
        "",
        "Values of named addresses after each frame set, in `variables`; null where one is not known.",
        "",
        "| name | address | type | unit | what it is | |",
        "|---|---|---|---|---|---|",
        *(
            f"| {_cell(name.name)} | {name.address:08X} | {name.type} | {_cell(name.scale.unit)} "
            f"| {_cell(' '.join(name.note.split()))} | {_cell(_meanings(name))} |"
            for name in variables
        ),
        "",
    ]


def _meanings(name: NamedAddress) -> str:
    shown = [f"{number} {meaning}" for number, meaning in list(name.values.items())[:_SHOWN_VALUES]]
    return ", ".join([*shown, *(f"bit {bit} {meaning}" for bit, meaning in name.bits.items())])


def _label_tables(counts: Sequence[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    for name in COUNTED_LABELS:
        values: Counter[str] = Counter()
        for count in counts:
            values.update(count["label_values"][name])
        if not values:
            continue
        common = values.most_common(_SHOWN_VALUES)
        rest = len(values) - len(common)
        lines += [
            f"### {name}",
            "",
            "| value | frame sets |",
            "|---|---|",
            *(f"| {_cell(value)} | {number:,} |" for value, number in common),
            *([f"| and {rest} more | {values.total() - sum(number for _, number in common):,} |"] if rest else []),
            "",
        ]
    return lines


def _sum(counts: Sequence[Mapping[str, Any]], key: str) -> dict[str, int]:
    summed: Counter[str] = Counter()
    for count in counts:
        summed.update(count[key])
    return dict(summed)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def _size(rows: int) -> str:
    return next((name for bound, name in SIZE_CATEGORIES if rows < bound), "10M<n<100M")


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
