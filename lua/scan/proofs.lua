--- Schedule of proofs: one chunk every so many sets, each in turn.

local chunks = require("scan.chunks")

---@class gbatrace.Proofs
---@field private interval integer sets; 0 for never
---@field private turns { chunk: gbatrace.Chunk, position: integer }[]
---@field private turn integer
---@field private done integer? set of the last proof
local Proofs = {}
Proofs.__index = Proofs

local M = {}

---@param schedule gbatrace.Chunk[][]
---@param interval integer sets; 0 for never
---@return gbatrace.Proofs
function M.new(schedule, interval)
   return setmetatable({ interval = interval, turns = chunks.in_order(schedule), turn = 1 }, Proofs)
end

--- Return whether a proof of a chunk is due after the scan of this frame.
---@param set integer
---@param position integer
---@return boolean
function Proofs:is_due(set, position)
   return self.interval ~= 0
      and set % self.interval == 0
      and self.done ~= set
      and self.turns[self.turn].position == position
end

--- The chunk to prove after the scan of this frame.
---@param set integer
---@param position integer
---@return gbatrace.Chunk?
function Proofs:due(set, position)
   if not self:is_due(set, position) then
      return nil
   end
   local chunk = self.turns[self.turn].chunk
   self.turn, self.done = self.turn % #self.turns + 1, set
   return chunk
end

return M
