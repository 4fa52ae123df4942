"""`gbatrace keys` as it is typed."""

from pathlib import Path

from typer.testing import CliRunner

from daemon.cli.app import command_line


def test_keys_are_made_in_the_data_folder_or_in_another(tmp_path: Path) -> None:
    for words, folder in (
        (["keys", "laptop"], tmp_path / ".keys" / "bus" / "laptop"),
        (["keys", "laptop", "--bus-keys", str(tmp_path / "own")], tmp_path / "own" / "laptop"),
    ):
        result = CliRunner().invoke(command_line(), [*words, "--data", str(tmp_path)])
        assert result.output == f"Copy this folder to laptop, in a way that nobody else can read:\n  {folder}\n"
        assert (folder / "server.key").is_file()
