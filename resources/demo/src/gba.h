// The console's hardware as GBATEK describes it: number types, memory areas and the registers this game uses.
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;

// Game state that is large or slow to change lives in EWRAM (256 KiB); everything else is in IWRAM (32 KiB).
#define EWRAM __attribute__((section(".ewram")))

#define SCREEN_WIDTH 240
#define SCREEN_HEIGHT 160

#define REG16(address) (*(volatile u16 *)(address))
#define REG32(address) (*(volatile u32 *)(address))

#define REG_DISPCNT REG16(0x04000000)
#define REG_DISPSTAT REG16(0x04000004)
#define REG_BGCNT(n) REG16(0x04000008 + 2 * (n))
#define REG_BGHOFS(n) REG16(0x04000010 + 4 * (n))
#define REG_BGVOFS(n) REG16(0x04000012 + 4 * (n))
#define REG_MOSAIC REG16(0x0400004C)
#define REG_BLDCNT REG16(0x04000050)
#define REG_BLDALPHA REG16(0x04000052)
#define REG_BLDY REG16(0x04000054)
#define REG_DMA0SAD REG32(0x040000B0)
#define REG_DMA0DAD REG32(0x040000B4)
#define REG_DMA0CNT REG32(0x040000B8)
#define REG_DMA3SAD REG32(0x040000D4)
#define REG_DMA3DAD REG32(0x040000D8)
#define REG_DMA3CNT REG32(0x040000DC)
#define REG_KEYINPUT REG16(0x04000130)
#define REG_IE REG16(0x04000200)
#define REG_IME REG16(0x04000208)
#define REG_INTERRUPT_HANDLER REG32(0x03007FFC)

#define PALETTE_BG 0x05000000
#define PALETTE_OBJ 0x05000200
#define VRAM_BG 0x06000000
#define VRAM_OBJ 0x06010000
#define OAM_BASE 0x07000000

enum {
    DMA_ENABLE = 1u << 31,
    DMA_WORDS = 1u << 26,
    DMA_ON_HBLANK = 2u << 28,
    DMA_REPEAT = 1u << 25,
    DMA_SOURCE_FIXED = 2u << 23,
    DMA_TARGET_FIXED = 2u << 21,
};

// Copy whole words with DMA channel 3; the CPU stands still meanwhile.
static inline void dma_copy(const void *source, u32 target, u32 bytes) {
    __asm__ volatile("" ::: "memory"); // what the compiler still holds in registers must be in memory by now
    REG_DMA3SAD = (u32)source;
    REG_DMA3DAD = target;
    REG_DMA3CNT = (bytes / 4) | DMA_ENABLE | DMA_WORDS;
}

// Sleep until the next vertical blank (BIOS call 5).
static inline void wait_for_vblank(void) { __asm__ volatile("swi 0x05" ::: "r0", "r1", "r2", "r3", "memory"); }

// Unpack LZ77 data byte by byte (BIOS call 11h).
static inline void unpack(const void *source, void *target) {
    register u32 r0 __asm__("r0") = (u32)source;
    register u32 r1 __asm__("r1") = (u32)target;
    __asm__ volatile("swi 0x11" : "+r"(r0), "+r"(r1)::"r2", "r3", "memory");
}

// A colour as the palette memory holds it, from 0xRRGGBB.
#define COLOUR(rgb) (((rgb) >> 19 & 31) | ((rgb) >> 11 & 31) << 5 | ((rgb) >> 3 & 31) << 10)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
