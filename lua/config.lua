--- Settings of the script. Change them and start the script again.
---
--- Values that cannot be used are reported in the Lua console.
--- BizHawk's command line can override a setting: --userdata "scan_mode:atomic;frames_per_set:5"

return {
   --- Regions to scan. `name` is what one is called in the recording (1 to 32 ASCII letters, digits and _ . -), `domain` BizHawk's name of
   --- the memory that holds it, `base` its address on the console's bus, `size` its length in bytes (a multiple of 4). To scan a part of a
   --- domain, give its `offset` there. A region is cut into chunks of equal size, one for each frame of a set; to cut it otherwise, give
   --- their sizes in bytes, multiples of 4 that are the whole region together: `chunk_sizes = { 4096, 4096, 8192, 8192, 8192 }`.
   regions = {
      { name = "iwram", domain = "IWRAM", base = 0x03000000, size = 0x8000 },
      { name = "ewram", domain = "EWRAM", base = 0x02000000, size = 0x40000 },
   },

   --- Frames in a frame set, 1 to 60. Each region is cut into as many chunks.
   frames_per_set = 5,

   --- "chunked": one chunk of each region at each frame.
   --- "atomic": all memory at the last frame of the set, at the instant of the screenshot (BizHawk 2.11.1 or newer).
   --- "full": all memory at every frame (BizHawk 2.11.1 or newer).
   scan_mode = "chunked",

   --- Way of reading memory: "auto" takes the fastest that this BizHawk has, of "bulk" (2.11.1), "hashes" (2.10, 2.11) and "words".
   reader = "auto",

   --- Longest wait of the game for an answer of the daemon, in milliseconds. A healthy daemon answers within a few. With 0 the game stands still
   --- until there is a daemon that answers, however long that takes: nothing is lost then, but the game cannot be played.
   patience = 2000,

   --- Seconds between two attempts to reach a daemon that does not answer; after failures the pause grows to a minute. On Windows each
   --- attempt makes the game stand still for about two seconds.
   reconnect_interval = 5,

   --- The daemon's copy of the memory is checked once in so many frame sets; 0 for never.
   proof_interval = 12,

   --- While there is no daemon, frame sets go to disk, with their screenshots, to be sent when it is back: into this folder next to the script, up
   --- to so many MiB (an hour of play takes about 3,000); 0 for none. The folder has the log and the screenshots that "gbatrace import" reads.
   --- When the folder is full, or the disk, the oldest stay there and the newest wait in memory. BizHawk shows a message for each screenshot.
   --- In a BizHawk that was started without gbatrace they stay there until "gbatrace import --csv" takes the folder, or the next start with it.
   spool_folder = "spool",
   spool_size = 4096,

   --- Frame sets that wait in memory where the disk does not take them (720 are a minute of play); when they are more, the oldest are lost.
   ring_size = 720,

   --- The token that a daemon on another machine requires, and prints when it is opened to other machines. Empty for the one on this machine.
   token = "",

   --- Small text on the emulator's screen while there is no daemon, or when the daemon sends a text. It is never in a recorded
   --- screenshot. The position is in pixels from the upper left corner.
   on_screen = true,
   on_screen_x = 2,
   on_screen_y = 2,

   --- Keys of the keyboard that act in the game window, by BizHawk's names: "Keypad1", "Number1", "F5", "X". A `mark` drops a name into the
   --- recording; a `latch` puts a label on every frame set from now on, and the same key takes it off again. Its field is "context", "scene",
   --- "action", "intent" or "outcome". Take keys that neither the game nor BizHawk uses: F1 to F10 load BizHawk's savestates.
   hotkeys = {
      -- Keypad1 = { latch = { field = "context", value = "battle" } },
      -- Keypad2 = { latch = { field = "context", value = "dialogue" } },
      -- Keypad0 = { mark = "remember this" },
   },
}
