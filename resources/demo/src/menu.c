#include "menu.h"

#include "assets.h"
#include "look.h"
#include "party.h"
#include "text.h"
#include "video.h"

static const u16 evening[] = {COLOUR(0x262447), COLOUR(0x3a3566), COLOUR(0x7448a0), COLOUR(0xf58fa6), COLOUR(0xf8a765)};

void menu_open(const char *title) {
    text_clear();
    video_show(SHOW_TEXT | SHOW_SPRITES);
    video_gradient(evening, COUNT_OF(evening), 0, SCREEN_HEIGHT - 1);
    text_window(0, 0, 30, 3);
    text_print(2, 1, title, PEN_GOLD);
}

void menu_line(u8 column, u8 row, const char *text, bool chosen) {
    text_mark(column, row, chosen ? TILE_POINTER : TILE_FRAME + 4, PEN_PLAIN);
    text_print(column + 2, row, text, chosen ? PEN_GOLD : PEN_PLAIN);
}

void menu_load_portrait(void) { sprites_load(species_facts[party[0].species].sheet, LOOK_OWN_TILE, BANK_OWN); }
