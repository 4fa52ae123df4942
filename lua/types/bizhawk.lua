---@meta

--- The part of BizHawk's Lua API that `host/` uses (2.10, 2.11 and 2.11.1).

---@class bizhawk.comm
---@field socketServerGetPort fun(): integer?
---@field socketServerSetPort fun(port: integer)
---@field socketServerSetTimeout fun(milliseconds: integer)
---@field socketServerSend fun(text: string): integer
---@field socketServerScreenShot fun(): string
---@field socketServerResponse fun(): string
comm = {}

---@class bizhawk.memory
---@field getmemorydomainlist fun(): table<integer, string>
---@field getmemorydomainsize fun(domain: string): integer
---@field read_u32_le fun(address: integer, domain: string): integer
---@field read_bytes_as_array fun(address: integer, length: integer, domain: string): integer[]
---@field hash_region fun(address: integer, length: integer, domain: string): string
---@field read_bytes_as_binary_string (fun(address: integer, length: integer, domain: string): string)? from 2.11.1 on
memory = {}

---@class bizhawk.emu
---@field framecount fun(): integer
---@field frameadvance fun()
---@field getregister fun(name: string): integer
---@field getregisters fun(): table<string, integer>
---@field getsystemid fun(): string
emu = {}

---@class bizhawk.gameinfo
---@field getromhash fun(): string
---@field getromname fun(): string
gameinfo = {}

---@class bizhawk.client
---@field getversion fun(): string
---@field screenshot fun(path: string)
---@field isturbo fun(): boolean
---@field sleep fun(milliseconds: integer)
---@field getconfig fun(): { FrameSkip: integer, AutoMinimizeSkipping: boolean }
---@field exit fun()
client = {}

---@class bizhawk.joypad
---@field getwithmovie fun(): table<string, any>
---@field set fun(buttons: table<string, boolean>)
joypad = {}

---@class bizhawk.input
---@field get fun(): table<string, any>
input = {}

---@class bizhawk.gui
---@field text fun(x: integer, y: integer, text: string)
gui = {}

---@class bizhawk.console
---@field log fun(text: string)
console = {}

---@class bizhawk.event
---@field onframestart fun(callback: fun())
---@field onframeend fun(callback: fun())
---@field onloadstate fun(callback: fun(name: string))
---@field onsavestate fun(callback: fun(name: string))
---@field onexit fun(callback: fun())
---@field onconsoleclose fun(callback: fun())
event = {}

---@class bizhawk.userdata
---@field get fun(name: string): any
---@field set fun(name: string, value: string)
---@field remove fun(name: string): boolean
userdata = {}
