#include "dialogue.h"

#include "assets.h"
#include "game.h"
#include "input.h"
#include "message.h"
#include "overworld.h"
#include "party.h"
#include "text.h"

static const char *dialogue_speaker;   /// who speaks, where the name lies in the cartridge
static const char *dialogue_yes;       /// what is said to a yes
static const char *dialogue_no;        /// what is said to a no
static enum dialogue_end dialogue_end; /// what follows the last page
static u8 choice_cursor;               /// 0 yes, 1 no
static bool choosing;                  /// whether the player is being asked

enum { CHOICE_COLUMN = 22, CHOICE_ROW = 9, CHOICE_WIDTH = 8, CHOICE_HEIGHT = 5 };

void dialogue_say(const char *speaker, const char *text, enum dialogue_end end) {
    dialogue_speaker = speaker;
    dialogue_end = end;
    choosing = false;
    message_open(speaker, text);
    scene_enter(SCENE_DIALOGUE);
}

void dialogue_ask(const char *speaker, const char *text, const char *yes, const char *no) {
    dialogue_yes = yes;
    dialogue_no = no;
    dialogue_say(speaker, text, DIALOGUE_ASKS);
}

static void draw_choice(void) {
    text_window(CHOICE_COLUMN, CHOICE_ROW, CHOICE_WIDTH, CHOICE_HEIGHT);
    text_print(CHOICE_COLUMN + 3, CHOICE_ROW + 1, "Yes", choice_cursor == 0 ? PEN_GOLD : PEN_PLAIN);
    text_print(CHOICE_COLUMN + 3, CHOICE_ROW + 3, "No", choice_cursor == 1 ? PEN_GOLD : PEN_PLAIN);
    text_mark(CHOICE_COLUMN + 1, CHOICE_ROW + 1 + 2 * choice_cursor, TILE_POINTER, PEN_PLAIN);
}

static void choose(void) {
    if (input_cursor(&choice_cursor, 2)) draw_choice();
    if (!pressed(KEY_A | KEY_B)) return;
    bool yes = pressed(KEY_A) && choice_cursor == 0;
    text_erase(CHOICE_COLUMN, CHOICE_ROW, CHOICE_WIDTH, CHOICE_HEIGHT);
    dialogue_say(dialogue_speaker, yes ? dialogue_yes : dialogue_no, DIALOGUE_JUST_ENDS);
}

static void update(void) {
    overworld_live();
    if (choosing) {
        choose();
        return;
    }
    if (!message_update()) return;
    switch (dialogue_end) {
    case DIALOGUE_ASKS:
        choosing = true;
        choice_cursor = 0;
        draw_choice();
        break;
    case DIALOGUE_OPENS_SHOP:
        message_close();
        scene_enter(SCENE_SHOP);
        break;
    case DIALOGUE_RESTS:
        party[0].hp = party[0].max_hp;
        message_close();
        scene_change(SCENE_OVERWORLD, CURTAIN_BLACK);
        break;
    case DIALOGUE_JUST_ENDS:
        message_close();
        scene_enter(SCENE_OVERWORLD);
        break;
    }
}

const struct scene_parts dialogue = {.update = update, .draw = overworld_draw};
