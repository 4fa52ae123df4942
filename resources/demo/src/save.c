#include "save.h"

#include "game.h"
#include "input.h"
#include "menu.h"
#include "overworld.h"
#include "party.h"
#include "text.h"

enum { SAVE_MARK = 0x4E524546, CHOICE_YES = 0, CHOICES = 2 };

struct save {
    u32 mark;                          /// 4E524546h when something has been kept
    u32 frame;                         /// frame_counter when it was kept
    struct creature party[PARTY_SIZE]; /// the companion
    struct slot bag[BAG_SIZE];         /// the bag
    struct person player;              /// the player
    enum map map;                      /// the map
    u16 money;                         /// coins
    u8 lights;                         /// lights of the lantern
    bool elder_has_given;              /// whether the first light has been handed over
    u32 checksum;                      /// sum of all bytes before it
};

EWRAM static struct save kept; /// the kept game
static u8 save_cursor;         /// 0 yes, 1 no
static bool save_done;         /// whether the game has just been kept

static u32 checksum(void) {
    u32 sum = 0;
    for (const u8 *at = (const u8 *)&kept; at < (const u8 *)&kept.checksum; at++) sum += *at;
    return sum;
}

bool save_exists(void) { return kept.mark == SAVE_MARK && kept.checksum == checksum(); }

void save_write(void) {
    kept = (struct save){.mark = SAVE_MARK,
                         .frame = frame_counter,
                         .player = player,
                         .map = map,
                         .money = money,
                         .lights = lights,
                         .elder_has_given = elder_has_given};
    for (u8 at = 0; at < PARTY_SIZE; at++) kept.party[at] = party[at];
    for (u8 at = 0; at < BAG_SIZE; at++) kept.bag[at] = bag[at];
    kept.checksum = checksum();
}

void save_read(void) {
    for (u8 at = 0; at < PARTY_SIZE; at++) party[at] = kept.party[at];
    for (u8 at = 0; at < BAG_SIZE; at++) bag[at] = kept.bag[at];
    player = kept.player;
    map = kept.map;
    money = kept.money;
    lights = kept.lights;
    elder_has_given = kept.elder_has_given;
}

static void draw_question(void) {
    text_window(3, 5, 24, 9);
    text_print(5, 7, save_done ? "The game is kept." : "Keep the game here?", PEN_PLAIN);
    if (save_done) return;
    menu_line(8, 9, "Yes", save_cursor == CHOICE_YES);
    menu_line(8, 11, "No", save_cursor != CHOICE_YES);
}

static void enter(void) {
    save_cursor = CHOICE_YES;
    save_done = false;
    menu_open("SAVE");
    draw_question();
}

static void update(void) {
    if (pressed(KEY_A) && !save_done && save_cursor == CHOICE_YES) {
        save_write();
        save_done = true;
        draw_question();
    } else if (pressed(KEY_A | KEY_B)) {
        scene_enter(SCENE_PAUSE_MENU);
    } else if (!save_done && input_cursor(&save_cursor, CHOICES)) {
        draw_question();
    }
}

const struct scene_parts save_menu = {.enter = enter, .update = update};
