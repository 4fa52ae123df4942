"""The live page: a client of the bus that shows sessions to any number of browsers.

Browser       one connected page; it watches one session at a time.
BrowserHub    the connected browsers; every update of the bus goes to those it concerns.
Feed          queue of messages to one browser: state always arrives, previews only as fast as it acknowledges them.
Preview       screenshot and memory changes of a frame set, sent the moment it is stored; the folders have it too.
Snapshot      state of a session that a browser opens: which frame sets there are, their labels, the session's events.
Index         `index.sqlite`: labels and facts of the folders, so that a long session opens and filters at once.
Runs          one label field over a session: `[first, last, value]` of neighbours with the same value.
LabelOptions  choices that the page offers for a game: options and hotkeys of its label set, meanings of its buttons.
Statistics    composition of a session, counted a little further with every request and kept in the index.
Labelling     forwards label commands of browsers and programs to the daemon, which alone writes.
LiveState     daemon, link and sessions as last known to the page server.
"""

__all__: list[str] = []
