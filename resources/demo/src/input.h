// The buttons of the console.
#pragma once

#include "gba.h"

enum key {
    KEY_A = 1 << 0,
    KEY_B = 1 << 1,
    KEY_SELECT = 1 << 2,
    KEY_START = 1 << 3,
    KEY_RIGHT = 1 << 4,
    KEY_LEFT = 1 << 5,
    KEY_UP = 1 << 6,
    KEY_DOWN = 1 << 7,
    KEY_R = 1 << 8,
    KEY_L = 1 << 9,
};

extern u16 keys_held;
extern u16 keys_pressed;
extern u16 keys_repeated;

// Read the buttons; once a frame.
void input_poll(void);

static inline bool pressed(u16 keys) { return keys_pressed & keys; }
static inline bool held(u16 keys) { return keys_held & keys; }

// Move a menu's cursor up and down, round the ends. Returns whether it moved.
bool input_cursor(u8 *cursor, u8 count);
