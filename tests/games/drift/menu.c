// The title, and the menu in which the ship is mended.
#include "drift.h"

enum { LINES = 5, PRICE = 3, MENDS = 5 };

struct menu *menu; // 0 while it is closed

void title_run(void) {
    while (!(pressed_keys & (KEY_START | KEY_A))) {
        screen_sprite(100 + chance(3), 70, KIND_SHIP);
        screen_number(12, 8, ticks / 60);
        end_frame();
    }
    game_begin();
    mode_enter(MODE_FIELD);
}

void menu_run(void) {
    struct menu open = {.cursor = 0};
    menu = &open;
    do {
        open.opened_frames++;
        if (pressed_keys & KEY_DOWN) open.cursor = (open.cursor + 1) % LINES;
        if (pressed_keys & KEY_UP) open.cursor = (open.cursor + LINES - 1) % LINES;
        if (pressed_keys & KEY_A && coins_tenth >= PRICE && ship->hull < MOST_HULL) {
            coins_tenth -= PRICE;
            ship->hull = ship->hull + MENDS < MOST_HULL ? ship->hull + MENDS : MOST_HULL;
            open.bought++;
        }
        screen_sprite(30, 40 + 16 * open.cursor, KIND_GEM);
        screen_number(2, 0, ship->hull);
        screen_number(9, 0, coins_tenth * 10);
        end_frame();
    } while (!(pressed_keys & (KEY_START | KEY_B)) && open.opened_frames < 400);
    menu = 0;
    mode_enter(MODE_FIELD);
}
