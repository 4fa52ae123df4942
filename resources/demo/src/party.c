#include "party.h"

#include "assets.h"
#include "particles.h"

const struct species_facts species_facts[SPECIES_COUNT] = {
    [MOSSLING] =
        {"Mossling", &sprite_mossling, 16, 11, 9, 12, {MOVE_BUMP, MOVE_LEAF_FLURRY, MOVE_DEW_REST, MOVE_BRACE}},
    [PUDDLET] = {"Puddlet", &sprite_puddlet, 12, 8, 9, 8, {MOVE_SPLASH, MOVE_BUMP, MOVE_SPLASH, MOVE_BUMP}},
    [EMBERBUN] = {"Emberbun", &sprite_emberbun, 12, 10, 7, 13, {MOVE_EMBER, MOVE_BUMP, MOVE_EMBER, MOVE_BUMP}},
    [GLOOMOTH] =
        {"Gloomoth", &sprite_gloomoth, 12, 10, 8, 10, {MOVE_DUSK_WING, MOVE_BUMP, MOVE_DUSK_WING, MOVE_DUSK_WING}},
};

const struct move_facts move_facts[MOVE_COUNT] = {
    [MOVE_BUMP] = {"Bump", 40, PARTICLE_DUST},
    [MOVE_LEAF_FLURRY] = {"Leaf Flurry", 60, PARTICLE_LEAF},
    [MOVE_DEW_REST] = {"Dew Rest", 0, PARTICLE_HEART},
    [MOVE_BRACE] = {"Brace", 0, PARTICLE_SPARK},
    [MOVE_SPLASH] = {"Splash", 45, PARTICLE_DROP},
    [MOVE_EMBER] = {"Ember", 50, PARTICLE_FLAME},
    [MOVE_DUSK_WING] = {"Dusk Wing", 50, PARTICLE_SPARK},
};

const struct item_facts item_facts[ITEM_COUNT] = {
    [ITEM_DEWDROP] = {"Dewdrop", "Heals 15 hit points.", 20},
    [ITEM_HONEY_CAKE] = {"Honey cake", "Heals all hit points.", 60},
    [ITEM_SPARKNUT] = {"Sparknut", "Stings a foe: 10 damage.", 35},
    [ITEM_LUCKY_LEAF] = {"Lucky leaf", "Doubles the next coins.", 80},
};

enum { FIRST_LEVEL = 4, FIRST_MONEY = 120, HIGHEST_LEVEL = 50 };

EWRAM struct creature party[PARTY_SIZE]; /// the player's companion
EWRAM struct slot bag[BAG_SIZE];         /// the player's bag, filled from the front
u16 money;                               /// coins
u8 lights;                               /// lights brought back to the lantern, 3 fill it
bool elder_has_given;                    /// whether the elder has already handed over the first light
bool luck_waits;                         /// whether a lucky leaf doubles the coins of the next battle

void creature_settle(struct creature *creature) {
    const struct species_facts *facts = &species_facts[creature->species];
    creature->max_hp = facts->hp + creature->level * 2;
    creature->attack = facts->attack + creature->level;
    creature->defence = facts->defence + creature->level;
    creature->speed = facts->speed + creature->level;
    creature->next_level = 10 + creature->level * creature->level;
}

void creature_create(struct creature *creature, enum species species, u8 level) {
    *creature = (struct creature){.species = species, .level = level};
    for (u8 at = 0; species_facts[species].name[at]; at++) creature->name[at] = species_facts[species].name[at];
    creature_settle(creature);
    creature->hp = creature->max_hp;
}

bool creature_learn(struct creature *creature, u16 points) {
    creature->experience += points;
    if (creature->experience < creature->next_level || creature->level == HIGHEST_LEVEL) return false;
    creature->experience -= creature->next_level;
    creature->level++;
    u16 before = creature->max_hp;
    creature_settle(creature);
    creature->hp += creature->max_hp - before;
    if (creature->experience >= creature->next_level) creature->experience = creature->next_level - 1;
    return true;
}

void creature_heal(struct creature *creature, u16 points) {
    creature->hp = creature->hp + points < creature->max_hp ? creature->hp + points : creature->max_hp;
}

bool bag_add(enum item item) {
    for (u8 place = 0; place < BAG_SIZE; place++) {
        if (bag[place].item == item) {
            if (bag[place].count == MOST_OF_ONE) return false;
            bag[place].count++;
            return true;
        }
        if (bag[place].item == ITEM_NONE) {
            bag[place] = (struct slot){item, 1};
            return true;
        }
    }
    return false;
}

void bag_remove(u8 place) {
    if (--bag[place].count) return;
    for (; place < BAG_SIZE - 1; place++) bag[place] = bag[place + 1];
    bag[BAG_SIZE - 1] = (struct slot){ITEM_NONE, 0};
}

u8 bag_filled(void) {
    u8 places = 0;
    while (places < BAG_SIZE && bag[places].item) places++;
    return places;
}

u8 bag_count(enum item item) {
    for (u8 place = 0; place < BAG_SIZE; place++) {
        if (bag[place].item == item) return bag[place].count;
    }
    return 0;
}

void money_add(u16 coins) { money = money + coins < MOST_MONEY ? money + coins : MOST_MONEY; }

void party_new_game(void) {
    creature_create(&party[0], MOSSLING, FIRST_LEVEL);
    for (u8 place = 0; place < BAG_SIZE; place++) bag[place] = (struct slot){ITEM_NONE, 0};
    bag_add(ITEM_DEWDROP);
    bag_add(ITEM_DEWDROP);
    bag_add(ITEM_SPARKNUT);
    money = FIRST_MONEY;
    lights = 0;
    elder_has_given = false;
    luck_waits = false;
}
