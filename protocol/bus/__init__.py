"""The bus between the daemon and its clients: publications, commands, the page's secret."""

__all__: list[str] = []
