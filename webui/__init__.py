"""The live page: a client of the bus that shows sessions to any number of browsers.

Browser    one connected page; it watches one session at a time.
Feed       what is on its way to one browser: state always arrives, previews only as fast as it acknowledges them.
Preview    the picture and the memory changes of a frame set, sent the moment it is stored; the folders have it too.
Snapshot   what a browser gets when it opens a session: which frame sets there are, and the session's events.
Index      `index.sqlite`: what the folders say of labels and facts, so that a long session opens and filters at once.
Runs       one label field over a session: `[first, last, value]` of neighbours with the same value.
LabelOptions  what the page offers for a game: options and hotkeys of its label set, meanings of its buttons.
Statistics what a session is made of, counted a little further with every question and kept in the index.
Labelling  the way of label commands, from browsers and programs, to the daemon, which alone writes.
LiveState  what the page server knows of the daemon, its link and its sessions.
"""

__all__: list[str] = []
