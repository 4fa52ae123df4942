std = "lua54"
max_line_length = 160
codes = true

files["lua/host"] = {
   read_globals = { "client", "comm", "console", "emu", "event", "gameinfo", "gui", "input", "joypad", "memory", "userdata" },
}

-- Declarations for the language server; they define BizHawk's globals and nothing runs them.
files["lua/types"] = {
   globals = { "client", "comm", "console", "emu", "event", "gameinfo", "gui", "input", "joypad", "memory", "userdata" },
}
