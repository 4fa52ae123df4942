// Naming the companion, letter by letter.
#include "assets.h"
#include "game.h"
#include "input.h"
#include "look.h"
#include "menu.h"
#include "party.h"
#include "text.h"

enum { COLUMNS = 9, ROWS = 4, LAST_ROW = ROWS - 1, GRID_COLUMN = 11, GRID_ROW = 8, LONGEST = NAME_SIZE - 1 };

static const char letters[LAST_ROW][COLUMNS + 1] = {"ABCDEFGHI", "JKLMNOPQR", "STUVWXYZ-"};

static u8 keyboard_column;         /// chosen letter, from the left
static u8 keyboard_row;            /// chosen row; the last one holds Delete and Done
static char typed_name[NAME_SIZE]; /// the name so far, ASCII, ended by zero
static u8 typed_length;            /// its length

static bool at_done(void) { return keyboard_row == LAST_ROW && keyboard_column > COLUMNS / 2; }

static void draw_keyboard(void) {
    for (u8 row = 0; row < LAST_ROW; row++) {
        for (u8 column = 0; column < COLUMNS; column++) {
            bool chosen = row == keyboard_row && column == keyboard_column;
            text_mark(GRID_COLUMN - 1 + 2 * column, GRID_ROW + 2 * row, chosen ? TILE_POINTER : TILE_FRAME + 4,
                      PEN_PLAIN);
            text_letter(GRID_COLUMN + 2 * column, GRID_ROW + 2 * row, letters[row][column],
                        chosen ? PEN_GOLD : PEN_PLAIN);
        }
    }
    menu_line(GRID_COLUMN - 1, GRID_ROW + 2 * LAST_ROW + 1, "Delete", keyboard_row == LAST_ROW && !at_done());
    menu_line(GRID_COLUMN + 9, GRID_ROW + 2 * LAST_ROW + 1, "Done", at_done());
    for (u8 at = 0; at < LONGEST; at++) {
        text_letter(GRID_COLUMN + at, 5, at < typed_length ? typed_name[at] : '_',
                    at < typed_length ? PEN_GOLD : PEN_DIM);
    }
}

static void enter(void) {
    keyboard_column = keyboard_row = typed_length = 0;
    menu_open("WHO IS YOUR COMPANION?");
    menu_load_portrait();
    text_window(0, 3, 9, 17);
    text_window(9, 3, 21, 4);
    text_window(9, 7, 21, 13);
    text_print(11, 18, "Start: done", PEN_DIM);
    draw_keyboard();
}

static void type(void) {
    if (typed_length == LONGEST) return;
    char letter = letters[keyboard_row][keyboard_column];
    bool capital = typed_length == 0 || letter == '-';
    typed_name[typed_length++] = capital ? letter : letter - 'A' + 'a';
    if (typed_length < LONGEST) return;
    keyboard_row = LAST_ROW;
    keyboard_column = COLUMNS - 1;
}

static void finish(void) {
    if (typed_length) {
        for (u8 at = 0; at < NAME_SIZE; at++) party[0].name[at] = at < typed_length ? typed_name[at] : 0;
    }
    scene_change(SCENE_INTRO_CUTSCENE, CURTAIN_BLACK);
}

static void update(void) {
    input_cursor(&keyboard_row, ROWS);
    if (keys_repeated & KEY_RIGHT) keyboard_column = (keyboard_column + 1) % COLUMNS;
    if (keys_repeated & KEY_LEFT) keyboard_column = (keyboard_column + COLUMNS - 1) % COLUMNS;
    if (pressed(KEY_START) || (pressed(KEY_A) && at_done())) {
        finish();
        return;
    }
    bool deletes = pressed(KEY_B) || (pressed(KEY_A) && keyboard_row == LAST_ROW);
    if (deletes && typed_length)
        typed_length--;
    else if (pressed(KEY_A) && keyboard_row != LAST_ROW)
        type();
    if (keys_repeated) draw_keyboard();
}

static void draw(void) {
    s32 breath = frame_counter / 24 % 2;
    sprite_push(4, 50 + breath, SIZE_64X64, LOOK_OWN_TILE, BANK_OWN, IN_FRONT, 0);
}

const struct scene_parts keyboard_menu = {.enter = enter, .update = update, .draw = draw};
