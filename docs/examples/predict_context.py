"""Predicts what is going on in a game, its context, from pictures and memory of sessions that were labelled.

    gbatrace export evening morning night --format parquet --memory words --output parquet
    python -m pip install pandas pyarrow pillow scikit-learn
    python predict_context.py parquet --hold-out night

It learns from all sessions of the Parquet export but one, and says which share of the labelled frame sets of that one
it gets right: from pictures alone, and from pictures with memory.
"""

import argparse
import io
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image
from sklearn.ensemble import ExtraTreesClassifier

SMALL = (30, 20)
"""Pixels, width and height, that a picture is reduced to."""

MOST_VALUES = 32
"""Most values that a byte may take: one with more of them counts something rather than telling a situation."""

TELLING_BYTES = 256
"""Bytes of memory that are learned from: those that tell the label best, each by itself."""

Column = NDArray[np.uint8]


def read(folder: Path) -> pd.DataFrame:
    """Read the frame sets with a context and a picture: their session, picture, memory and label."""
    sets = pd.read_parquet(folder / "frame_sets", columns=["session", "frame_set_id", "image", "memory"])
    labels = pd.read_parquet(folder / "annotations", columns=["session", "frame_set_id", "context"])
    rows = sets.merge(labels, on=["session", "frame_set_id"]).dropna(subset=["context", "image", "memory"])
    rows["session"] = rows.session.astype(str).str.removeprefix("s-")
    return rows.reset_index(drop=True)


def pictures(rows: pd.DataFrame) -> Column:
    """Return the pictures, made small: shape (n, 3 * width * height)."""
    small = []
    for png in rows.image:
        with Image.open(io.BytesIO(png)) as picture:
            small.append(np.asarray(picture.convert("RGB").resize(SMALL, Image.Resampling.BOX)).ravel())
    return np.stack(small)


def memory(rows: pd.DataFrame) -> Column:
    """Return the bytes of the words that ever changed, little-endian: shape (n, 4 * words)."""
    return np.stack(rows.memory.to_numpy()).astype("<u4").view(np.uint8)


def telling(values: Column, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of the bytes that tell labels best, each by itself: shape (k,).

    Args:
        values: bytes by frame set, shape (n, bytes).
        labels: of the frame sets, from 0: shape (n,).
    """
    count = int(labels.max()) + 1
    right = np.zeros(values.shape[1], np.int64)
    for place in np.flatnonzero((values != values[0]).any(0)):
        seen = np.bincount(values[:, place] * np.int64(count) + labels, minlength=256 * count).reshape(256, count)
        if (seen.sum(1) > 0).sum() <= MOST_VALUES:
            right[place] = seen.max(1).sum()  # Frame sets that its commonest label for each value gets right.
    return np.argsort(-right, kind="stable")[:TELLING_BYTES]


def share_right(features: Column, labels: NDArray[np.int64], held_out: NDArray[np.bool_]) -> float:
    """Learn from the sessions that are not held out; gives the share that is right in the one that is."""
    model = ExtraTreesClassifier(100, random_state=0)
    model.fit(features[~held_out], labels[~held_out])
    return float(model.score(features[held_out], labels[held_out]))


def main(words: Sequence[str] | None = None) -> dict[str, float]:
    """Learn, predict, and print the shares; returns them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path, help="folder of a Parquet export with --memory words")
    parser.add_argument("--hold-out", required=True, metavar="SESSION", help="session to predict")
    chosen = parser.parse_args(words)

    began = time.perf_counter()
    rows = read(chosen.dataset)
    held_out = (rows.session == chosen.hold_out).to_numpy()
    if not held_out.any() or held_out.all():
        parser.error(f"{chosen.hold_out} must be one of several labelled sessions: {', '.join(rows.session.unique())}")
    labels, names = pd.factorize(rows.context, sort=True)
    print(f"{(~held_out).sum()} frame sets to learn from, {held_out.sum()} to predict, {len(names)} contexts")

    seen, bytes_ = pictures(rows), memory(rows)
    both = np.hstack([seen, bytes_[:, telling(bytes_[~held_out], labels[~held_out])]])
    commonest = float((labels[held_out] == np.bincount(labels[~held_out]).argmax()).mean())
    found = {
        "the commonest context": commonest,
        "pictures": share_right(seen, labels, held_out),
        "pictures and memory": share_right(both, labels, held_out),
    }
    for source, share in found.items():
        print(f"{source}: {share:.1%} right")
    print(f"{time.perf_counter() - began:.0f} seconds")
    return found


if __name__ == "__main__":
    main()
