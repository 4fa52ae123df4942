"""Options of a fleet, annotated as the command line offers them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from daemon.processes.emulator_process import CoreOption

__all__ = ["AddressOption", "FleetOptions"]

AddressOption = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Ray cluster, such as ray://host:10001; without it this machine.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOptions:
    """Choices for a fleet."""

    rom: Annotated[Path, typer.Option(metavar="FILE", help="The game, a .gba file.")]

    hours: Annotated[float, typer.Option(metavar="NUMBER", help="Hours of play, of all sessions together.")]

    output: Annotated[
        str,
        typer.Option(
            metavar="FOLDER|URL",
            help="Data folder, new or of this fleet; or a URL that fsspec knows, such as s3://bucket/fleet.",
        ),
    ]

    policy: Annotated[
        str,
        typer.Option(
            metavar="random|inputs|MODULE:CLASS",
            help="Who plays: at random; a recorded file, then at random; or a class of yours.",
        ),
    ] = "random"

    inputs: Annotated[Path | None, typer.Option(metavar="FILE", help="Recorded inputs of `--policy inputs`.")] = None

    seed: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Seed from which each session has its own.")] = 0

    session_minutes: Annotated[
        float, typer.Option(metavar="NUMBER", help="Minutes of play in a session; the last may have fewer.")
    ] = 10

    recorders: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", min=1, help="Recorders at once; without it one for each processor."),
    ] = None

    address: AddressOption = ""

    core: CoreOption = None

    game_config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Game config, instead of the one that fits the game.")
    ] = None
