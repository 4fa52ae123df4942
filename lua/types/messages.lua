---@meta

--- Messages of the link. Specification: `protocol/README.md`.

--- Fields of a HELLO; the resume token is the link's own.
---@class gbatrace.Greeting
---@field client string
---@field system string
---@field rom_name string
---@field rom_hash string SHA-1, upper-case hex
---@field regions gbatrace.Region[]
---@field frames_per_set integer
---@field scan_mode gbatrace.ScanMode
---@field reader gbatrace.ReaderName
---@field buttons string[]
---@field token string? that a daemon on another machine requires, or empty

--- Names of events.
---@alias gbatrace.EventName
---| "savestate_loaded"
---| "savestate_saved"
---| "reset"
---| "rewind"
---| "jump"
---| "rom_changed"
---| "mark"
---| "latch"
---| "error"
---| "settings"

---@class gbatrace.Event
---@field frame integer
---@field time integer ms since the epoch
---@field name gbatrace.EventName
---@field details table<string, string|number|boolean>

--- A message of the daemon; which fields it has depends on its kind.
---@class gbatrace.Reply
---@field kind gbatrace.Kind
---@field seq integer
---@field session string? WELCOME
---@field resume string? WELCOME
---@field next_set integer? WELCOME
---@field reason string? REFUSED, FAREWELL
---@field set integer? ACK
---@field commands any[]? ACK: pairs of name and arguments
