--- The armour of the link: BizHawk decodes what a script sends as UTF-8, so each byte from 0x80 up travels as the two-byte UTF-8
--- form of the code point with that number. Armouring byte by byte, armour(a .. b) is armour(a) .. armour(b).

local gsub = string.gsub

local M = {}

---@type table<string, string>
local ARMOURED = {}
---@type table<string, string>
local BARE = {}
for code = 0x80, 0xFF do
   ARMOURED[string.char(code)] = utf8.char(code)
   BARE[utf8.char(code)] = string.char(code)
end

---@param bytes string
---@return string
function M.armour(bytes)
   return (gsub(bytes, "[\x80-\xFF]", ARMOURED))
end

---@param payload string as `armour` wrote it
---@return string
function M.unarmour(payload)
   return (gsub(payload, "[\xC2\xC3][\x80-\xBF]", BARE))
end

return M
