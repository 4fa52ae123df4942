// Drift: a small ship among drones. A game to test with, written in other habits than the demo game's.
#pragma once

#include "gba.h"

enum mode { MODE_TITLE, MODE_FIELD, MODE_BATTLE, MODE_MENU };

enum key { KEY_A = 1, KEY_B = 2, KEY_START = 8, KEY_RIGHT = 16, KEY_LEFT = 32, KEY_UP = 64, KEY_DOWN = 128 };

enum kind { KIND_SHIP, KIND_DRONE, KIND_GEM };

// Lies on the heap: 20.12 fixed point, IEEE floats, numbers counted from 0 that are shown from 1.
struct actor {
    u16 kind;   // enum kind
    s16 hull;   // hit points left
    s32 x, y;   // 20.12, pixels of the room
    s32 dx, dy; // 20.12, pixels per frame
    float fuel;
    float heat;
    u8 rank; // shown as rank + 1
    u8 lives; // shown as lives + 1
    u16 safe_frames;
};

// Lies on the stack of battle_run() as long as the battle lasts.
struct battle {
    s32 noise;
    s16 enemy_shield;
    s16 own_hull;
    u16 wait;
    u8 choice;
    u8 turns;
};

// Lies on the stack of menu_run().
struct menu {
    u16 opened_frames;
    s8 cursor;
    u8 bought;
};

enum { ROOM_WIDTH = 480, ROOM_HEIGHT = 320, DRONES = 5, GEMS = 4, MOST_HULL = 60, MOST_CHARGE = 99, MOST_FUEL = 80 };

extern enum mode mode;
extern u16 keys, pressed_keys;
extern u32 score_bcd, random_state, ticks;
extern u16 coins_tenth;
extern s16 charge;
extern u8 room;
extern struct actor *ship;
extern struct actor *drones[DRONES], *gems[GEMS];
extern struct battle *battle;
extern struct menu *menu;

// heap.c
void *heap_take(u32 bytes);
void heap_give(void *block);
void heap_clear(void);

// screen.c
void screen_open(void);
void screen_sprite(s32 x, s32 y, u8 look);
void screen_number(u8 column, u8 row, s32 number);
void screen_clear(u8 pattern, u16 colour);

// main.c
void end_frame(void);
void mode_enter(enum mode next);
u32 chance(u32 limit);
void score_add(u32 points);

// field.c
void game_begin(void);
void room_enter(void);
void field_draw(void);
void field_run(void);

// battle.c
void battle_run(void);

// menu.c
void title_run(void);
void menu_run(void);
