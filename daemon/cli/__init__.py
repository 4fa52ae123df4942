"""The command line: one file for each group of commands, put together in `app`."""

__all__: list[str] = []
