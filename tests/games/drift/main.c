// One frame after another, and the modes that hand over to each other.
#include "drift.h"

extern void interrupt(void);
extern void screen_commit(void);

enum mode mode; // the state byte
u16 keys, pressed_keys;
u32 score_bcd; // packed decimals
u32 random_state = 0x1234567;
u32 ticks;              // frames since reset
static u16 timer;       // 60ths of a second until the next minute
static u16 seconds;     // since reset
static u8 mode_changes; // a decoy: counts them
static u8 last_mode;    // a decoy: the mode before
static u16 idle_frames; // frames without a button
static u32 presses;     // buttons pressed since reset

u32 chance(u32 limit) {
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 16) % limit;
}

void score_add(u32 points) {
    while (points--) {
        u32 place = 0;
        while ((score_bcd >> place & 15) == 9) {
            score_bcd &= ~(15u << place);
            place += 4;
        }
        score_bcd += 1u << place;
    }
}

void mode_enter(enum mode next) {
    static const u16 colours[4] = {COLOUR(0x201040), COLOUR(0x000818), COLOUR(0x401010), COLOUR(0x104020)};
    last_mode = mode;
    mode = next;
    mode_changes++;
    screen_clear(next, colours[next]);
}

void end_frame(void) {
    wait_for_vblank();
    screen_commit();
    u16 now = ~REG_KEYINPUT & 0x3FF;
    pressed_keys = now & ~keys;
    keys = now;
    ticks++;
    if (ticks % 60 == 0) seconds++;
    timer = timer ? timer - 1 : 3600;
    idle_frames = now ? 0 : idle_frames + 1;
    if (pressed_keys) {
        presses++;
        random_state ^= ticks;
    }
}

int main(void) {
    REG_INTERRUPT_HANDLER = (u32)interrupt;
    REG_DISPSTAT = 1 << 3;
    REG_IE = 1;
    REG_IME = 1;
    screen_open();
    mode_enter(MODE_TITLE);
    for (;;) {
        switch (mode) {
        case MODE_TITLE:
            title_run();
            break;
        case MODE_FIELD:
            field_run();
            break;
        case MODE_BATTLE:
            battle_run();
            break;
        case MODE_MENU:
            menu_run();
            break;
        }
    }
}
