// A fight by turns; all it knows lies on its stack.
#include "drift.h"

enum { TURN_FRAMES = 75, SAFE_FRAMES = 200 };

struct battle *battle; // for whoever draws it; 0 outside

static void draw(const struct battle *fight) {
    screen_sprite(40, 90, KIND_SHIP);
    screen_sprite(180 + fight->noise, 60, KIND_DRONE);
    screen_number(2, 0, fight->own_hull);
    screen_number(20, 0, fight->enemy_shield);
    screen_number(26, 0, fight->choice + 1);
}

static void win(void) {
    score_add(60 + 5 * ship->rank);
    coins_tenth += 3 + ship->rank;
    if (ship->rank < 29) ship->rank++;
}

static void lose(void) {
    ship->hull = MOST_HULL;
    if (ship->lives)
        ship->lives--;
    else
        mode_enter(MODE_TITLE);
}

void battle_run(void) {
    struct battle fight = {.enemy_shield = 18 + chance(14), .own_hull = ship->hull, .wait = TURN_FRAMES};
    battle = &fight;
    while (fight.enemy_shield > 0 && fight.own_hull > 0) {
        fight.noise = (s32)chance(3) - 1;
        if (pressed_keys & (KEY_LEFT | KEY_RIGHT)) fight.choice ^= 1;
        if ((pressed_keys & KEY_A) || --fight.wait == 0) {
            fight.enemy_shield -= fight.choice ? 1 + chance(9) : 3 + chance(4);
            if (fight.enemy_shield < 0) fight.enemy_shield = 0;
            for (u8 frame = 0; frame < 40; frame++) {
                draw(&fight);
                end_frame();
            }
            if (fight.enemy_shield) fight.own_hull -= 1 + chance(6);
            if (fight.own_hull < 0) fight.own_hull = 0;
            fight.wait = TURN_FRAMES;
            fight.turns++;
        }
        draw(&fight);
        end_frame();
    }
    ship->hull = fight.own_hull;
    ship->safe_frames = SAFE_FRAMES;
    battle = 0;
    mode_enter(MODE_FIELD);
    if (ship->hull)
        win();
    else
        lose();
}
