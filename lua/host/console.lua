--- The Lua console.

local M = {}

---@param text string
function M.say(text)
   console.log("gbatrace: " .. text)
end

return M
