--- Data of one scanned frame: the changed words of each chunk as columns.
---
--- Frames are reused, so that the scan makes hardly any garbage.

--- The changed words of one chunk.
---@class gbatrace.Changes
---@field region integer
---@field chunk integer
---@field count integer
---@field gaps integer[] index of the first changed word, then distances
---@field current integer[]
---@field previous integer[]

---@class gbatrace.Frame
---@field position integer in its set, from 0
---@field frame integer the emulator's frame counter
---@field time integer ms since the epoch
---@field pc integer
---@field buttons integer
---@field combination string the buttons by name
---@field history string the last combinations, this one included
---@field count integer chunks that changed
---@field changes gbatrace.Changes[] the first `count` are valid
local Frame = {}
Frame.__index = Frame

local M = {}

---@return gbatrace.Frame
function M.new()
   return setmetatable({ position = 0, frame = 0, time = 0, pc = 0, buttons = 0, combination = "", history = "", count = 0, changes = {} }, Frame)
end

--- Empty the frame, to use it again.
function Frame:clear()
   self.count = 0
end

--- Columns to fill for the next chunk; they count only once `keep` is called.
---@return gbatrace.Changes
function Frame:blank()
   local place = self.count + 1
   local changes = self.changes[place]
   if not changes then
      changes = { region = 0, chunk = 0, count = 0, gaps = {}, current = {}, previous = {} }
      self.changes[place] = changes
   end
   return changes
end

--- Keep the columns that `blank` gave.
---@param chunk gbatrace.Chunk
---@param count integer changed words, at least 1
function Frame:keep(chunk, count)
   self.count = self.count + 1
   local changes = self.changes[self.count]
   changes.region, changes.chunk, changes.count = chunk.region, chunk.number, count
end

return M
