#include "input.h"

enum { REPEAT_DELAY = 18, REPEAT_EVERY = 5, DIRECTIONS = KEY_UP | KEY_DOWN | KEY_LEFT | KEY_RIGHT };

u16 keys_held;          /// buttons held: 1 A, 2 B, 4 Select, 8 Start, 16 Right, 32 Left, 64 Up, 128 Down, 256 R, 512 L
u16 keys_pressed;       /// buttons that went down this frame, bits as in keys_held
u16 keys_repeated;      /// keys_pressed, and directions again and again while they are held
static u8 repeat_timer; /// frames until a held direction repeats

void input_poll(void) {
    u16 now = ~REG_KEYINPUT & 0x3FF;
    keys_pressed = now & ~keys_held;
    keys_held = now;
    keys_repeated = keys_pressed;
    if (keys_pressed & DIRECTIONS) {
        repeat_timer = REPEAT_DELAY;
    } else if ((now & DIRECTIONS) && --repeat_timer == 0) {
        repeat_timer = REPEAT_EVERY;
        keys_repeated |= now & DIRECTIONS;
    }
}

bool input_cursor(u8 *cursor, u8 count) {
    if (keys_repeated & KEY_DOWN)
        *cursor = *cursor + 1 < count ? *cursor + 1 : 0;
    else if (keys_repeated & KEY_UP)
        *cursor = *cursor ? *cursor - 1 : count - 1;
    else
        return false;
    return true;
}
