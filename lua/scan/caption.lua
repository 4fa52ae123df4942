--- The small text on the emulator's screen: the state of the link or what the daemon shows, and for a moment what a key has done.

---@class gbatrace.Caption
---@field private notice_text string
---@field private frames integer for which the notice is still shown
local Caption = {}
Caption.__index = Caption

local M = {}

--- A second and a half.
local NOTICE_FRAMES = 90

---@return gbatrace.Caption
function M.new()
   return setmetatable({ notice_text = "", frames = 0 }, Caption)
end

--- Show something for a moment.
---@param text string
function Caption:notice(text)
   self.notice_text, self.frames = text, NOTICE_FRAMES
end

--- The text of this frame. Call once a frame.
---@param standing string what is shown anyway, or empty
---@return string text empty for none
function Caption:text(standing)
   if self.frames == 0 then
      return standing
   end
   self.frames = self.frames - 1
   local notice = "[" .. self.notice_text .. "]"
   return standing == "" and notice or standing .. " " .. notice
end

return M
