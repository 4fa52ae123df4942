#include "people.h"

#include "assets.h"
#include "look.h"
#include "overworld.h"
#include "rng.h"

static const s8 ahead_x[] = {[FACING_DOWN] = 0, [FACING_UP] = 0, [FACING_LEFT] = -1, [FACING_RIGHT] = 1};
static const s8 ahead_y[] = {[FACING_DOWN] = 1, [FACING_UP] = -1, [FACING_LEFT] = 0, [FACING_RIGHT] = 0};

EWRAM struct person people[PEOPLE_MAX]; /// the people of the map
u8 people_count;                        /// how many people the map has

void people_clear(void) { people_count = 0; }

void people_add(u8 column, u8 row, u8 look, enum facing facing, enum manner manner) {
    struct person *person = &people[people_count++];
    *person = (struct person){.look = look, .manner = manner, .patience = 30 + random_below(90)};
    person_place(person, column, row, facing);
}

void person_place(struct person *person, u8 column, u8 row, enum facing facing) {
    person->column = column;
    person->row = row;
    person->x = column * CELL_SIZE;
    person->y = row * CELL_SIZE;
    person->facing = facing;
    person->pixels_left = 0;
}

void person_ahead(const struct person *person, u8 far, s32 *column, s32 *row) {
    *column = person->column + ahead_x[person->facing] * far;
    *row = person->row + ahead_y[person->facing] * far;
}

struct person *person_at(s32 column, s32 row) {
    for (u8 at = 0; at < people_count; at++) {
        if (people[at].column == column && people[at].row == row) return &people[at];
    }
    return 0;
}

bool person_step(struct person *person, enum facing facing) {
    s32 column, row;
    person->facing = facing;
    person_ahead(person, 1, &column, &row);
    bool taken = person_at(column, row) || (player.column == column && player.row == row);
    u8 closed = person == &player ? CELL_SOLID : CELL_SOLID | CELL_DOOR;
    if (taken || (stage_cell(column, row) & closed)) return false;
    person->column = column;
    person->row = row;
    person->pixels_left = CELL_SIZE;
    return true;
}

bool person_walk(struct person *person, u8 pixels) {
    person->x += ahead_x[person->facing] * pixels;
    person->y += ahead_y[person->facing] * pixels;
    person->stride += pixels;
    person->pixels_left -= pixels;
    return person->pixels_left == 0;
}

void people_live(void) {
    for (u8 at = 0; at < people_count; at++) {
        struct person *person = &people[at];
        if (person->pixels_left) {
            person_walk(person, 1);
        } else if (person->manner != MANNER_STANDS && --person->patience == 0) {
            person->patience = 40 + random_below(120);
            enum facing facing = random_below(4);
            if (person->manner == MANNER_WANDERS)
                person_step(person, facing);
            else
                person->facing = facing;
        }
    }
}

static void draw(const struct person *person, s32 camera_x, s32 camera_y) {
    static const u16 standing[] = {
        [FACING_DOWN] = SPRITE_HERO_DOWN_0,
        [FACING_UP] = SPRITE_HERO_UP_0,
        [FACING_LEFT] = SPRITE_HERO_SIDE_0,
        [FACING_RIGHT] = SPRITE_HERO_SIDE_0,
    };
    bool stepping = person->pixels_left && person->stride / 8 % 2;
    bool other_foot = person->stride / 16 % 2;
    u16 look = person->look * TILES_PER_PERSON + standing[person->facing] + (stepping ? TILES_PER_STEP : 0);
    bool upright = person->facing == FACING_DOWN || person->facing == FACING_UP;
    bool mirrored = upright ? stepping && other_foot : person->facing == FACING_RIGHT;
    s32 x = person->x - camera_x, y = person->y - camera_y;
    if (stage_cell((person->x + 8) / CELL_SIZE, (person->y + 12) / CELL_SIZE) == CELL_TALL_GRASS) {
        sprite_push(x, y + 9, SIZE_16X8, LOOK_FX_TILE + SPRITE_FX_TUFT, BANK_FX, ON_MAP, 0);
    }
    sprite_push(x, y - 18, SIZE_16X32, look, person->look, ON_MAP, mirrored ? SPRITE_FLIP : 0);
    sprite_push(x, y + 9, SIZE_16X8, LOOK_PROPS_TILE + SPRITE_PROPS_SHADOW, BANK_PROPS, ON_MAP, SPRITE_SHADE);
}

void people_draw(s32 camera_x, s32 camera_y) {
    const struct person *order[PEOPLE_MAX + 1] = {&player};
    for (u8 at = 0; at < people_count; at++) {
        u8 place = at + 1;
        for (; place > 0 && order[place - 1]->y < people[at].y; place--) order[place] = order[place - 1];
        order[place] = &people[at];
    }
    for (u8 at = 0; at <= people_count; at++) draw(order[at], camera_x, camera_y);
}
