"""The art becomes C; that the C is right is shown by the game itself."""

import shutil
from pathlib import Path

import pytest

from resources.demo.build import HERE
from resources.demo.pack.assets import pack_assets
from resources.demo.pack.errors import SourceError

ART = HERE / "art"


def test_every_picture_has_a_name_in_the_header() -> None:
    body, head = pack_assets(ART)
    for name in ("stage_valley", "stage_dusk", "sprite_hero", "window_sheet"):
        assert f" {name};" in head
        assert f" {name} = {{" in body
    assert "VALLEY_LANTERN_X = " in head
    assert "SUBJECT_LANTERN = " in head
    assert "INK_CREAM = " in head


def test_the_same_art_gives_the_same_source() -> None:
    assert pack_assets(ART) == pack_assets(ART)


def test_a_stage_has_layers_of_one_size(tmp_path: Path) -> None:
    art = shutil.copytree(ART, tmp_path / "art")
    tiles = "\n".join(["k" * 8] * 8)
    (art / "stage_meadow.txt").write_text(
        f"[far 8x8]\n{tiles}\n[near 16x8]\n{tiles.replace('k', 'kk')}\n", encoding="utf-8"
    )
    with pytest.raises(SourceError, match="stage_meadow: a stage has one to three layers of one size"):
        pack_assets(art)
