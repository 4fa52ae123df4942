"""The terminal of the person at the keyboard.

`safe_console` — rich's console without foreign control characters; `console_thread` — a queue before a console that may
stand still; `terminal` — event lines above a status line; `progress_bar` — the progress of a command.
"""

__all__: list[str] = []
