---@meta

--- Ports through which the pure parts use the emulator; `host/` implements them.

---@class gbatrace.Host
---@field game gbatrace.GamePort
---@field memory gbatrace.MemoryHost
---@field disk gbatrace.DiskPort
---@field say fun(text: string) to the Lua console
---@field draw fun(text: string) on the emulator's screen, for this frame
---@field seconds fun(): integer whole seconds since the epoch
---@field run_link fun(link: gbatrace.Link) carry out the actions of the link
---@field leave_handover fun(text: string) for the script that BizHawk starts in place of this one
---@field take_handover fun(): string? from the script before
---@field has_socket boolean whether there is a socket to a daemon; without one everything goes to the spool

---@class gbatrace.GamePort
---@field NO_SYSTEM string
---@field rom_hash fun(): string
---@field rom_name fun(): string
---@field system fun(): string
---@field client fun(): string
---@field frame_count fun(): integer
---@field has_pc fun(): boolean
---@field pc fun(): integer
---@field joypad fun(): table<string, any>
---@field skips_frames fun(): boolean whether the emulator does not draw every frame just now
---@field keys fun(): table<string, any> of the computer's keyboard that are down

---@class gbatrace.MemoryHost
---@field probe fun(domain: string): gbatrace.MemoryPort
---@field domains fun(): table<string, integer>

--- BizHawk's own functions; nil where this BizHawk lacks one. Addresses start at 0 in their domain, lengths are bytes.
---@class gbatrace.MemoryPort
---@field word fun(address: integer, domain: string): integer little-endian
---@field bulk (fun(address: integer, length: integer, domain: string): string)?
---@field hash (fun(address: integer, length: integer, domain: string): string)? SHA-256, upper-case hex
---@field bytes (fun(address: integer, length: integer, domain: string): integer[])?

---@class gbatrace.DiskPort
---@field screenshot fun(path: string): boolean, string? write the screen to a PNG, and make the folders that it needs
---@field read fun(path: string): gbatrace.Reading?
---@field write fun(path: string, mode: "ab"|"wb"): gbatrace.Writing?, string?
---@field is_free fun(path: string): boolean whether no other emulator has the file open or claims it
---@field claim fun(path: string) mark a file as this emulator's
---@field unclaim fun(path: string)
---@field remove fun(path: string)

--- A file that is open for reading.
---@class gbatrace.Reading
---@field size integer bytes
---@field slice fun(offset: integer, length: integer): string? nil if that part is not there
---@field close fun()

--- A file that is open for writing at its end.
---@class gbatrace.Writing
---@field write fun(text: string): boolean, string? when it returns, the text has left this process
---@field close fun()

--- Reads chunks and remembers them. All readers give the same changes for the same memory.
---@class gbatrace.Reader
---@field name gbatrace.ReaderName
---@field rebaseline fun(self: gbatrace.Reader, chunk: gbatrace.Chunk) read a chunk as a baseline, without changes
---@field scan fun(self: gbatrace.Reader, chunk: gbatrace.Chunk, changes: gbatrace.Changes): integer fill the columns, return how many words changed
---@field image fun(self: gbatrace.Reader, chunk: gbatrace.Chunk): string the words as last read, little-endian

---@alias gbatrace.ReaderName "bulk"|"hashes"|"words"
---@alias gbatrace.ScanMode "chunked"|"atomic"|"full"

--- A block of memory that is scanned.
---@class gbatrace.Region
---@field name string
---@field domain string BizHawk's memory domain
---@field base integer bus address of its first byte
---@field offset integer of its first byte in the domain
---@field size integer bytes
---@field chunk_sizes integer[]? bytes of each chunk; nil where they are equal

--- The user's settings, checked; see `config.lua` for what they mean.
---@class gbatrace.Settings
---@field regions gbatrace.Region[]
---@field frames_per_set integer
---@field scan_mode gbatrace.ScanMode
---@field reader gbatrace.ReaderName|"auto"
---@field patience integer ms
---@field reconnect_interval integer seconds
---@field proof_interval integer sets, 0 for never
---@field ring_size integer sets
---@field spool_size integer MiB, 0 for none
---@field spool_folder string
---@field token string that a daemon on another machine requires, or empty
---@field on_screen boolean
---@field on_screen_x integer pixels
---@field on_screen_y integer pixels
---@field hotkeys gbatrace.Binding[]
