"""A cache of Hugging Face datasets for each test that reads by them."""

from pathlib import Path

import pytest

__all__ = ["datasets_cache"]


@pytest.fixture
def datasets_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what `datasets` caches in the test's own folder."""
    import datasets  # noqa: PLC0415 - takes seconds, and few tests need it

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
