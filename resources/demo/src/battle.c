#include "battle.h"

#include "assets.h"
#include "battle_choice.h"
#include "battle_view.h"
#include "game.h"
#include "message.h"
#include "overworld.h"
#include "particles.h"
#include "party.h"
#include "rng.h"
#include "text.h"

enum {
    NOTE_SIZE = 80,
    STRIKE_FRAME = 16,
    STRIKE_FRAMES = 44,
    DRAIN_FRAMES = 2,
    FAINT_FRAMES = 40,
    SPARKNUT_DAMAGE = 10
};

// By the pond, in the north and elsewhere other creatures are at home; columns and rows of the map.
enum { POND_END = 18, FOREST_END = 13 };

EWRAM struct battle battle;               /// the battle
EWRAM static char battle_note[NOTE_SIZE]; /// what the battle says, ASCII, ended by zero

static struct creature *own(void) { return &party[0]; }
static struct creature *foe(void) { return &battle.foe; }
static struct creature *struck(void) { return battle.striker_is_foe ? own() : foe(); }

void battle_prepare(void) {
    enum species native = player.column < POND_END ? PUDDLET : player.row < FOREST_END ? GLOOMOTH : EMBERBUN;
    enum species species = random_below(3) ? native : PUDDLET + random_below(SPECIES_COUNT - 1);
    u8 level = party[0].level - 2 + random_below(2);
    battle = (struct battle){.phase = PHASE_APPEAR};
    creature_create(&battle.foe, species, level < 1 ? 1 : level);
    battle.foe_shown_hp = battle.foe.hp;
    battle.own_shown_hp = party[0].hp;
}

static void phase_enter(enum battle_phase phase) {
    battle.phase = phase;
    battle.phase_frames = 0;
}

// Say something, then go on with `next`.
static void say(enum battle_phase next) {
    message_open(0, battle_note);
    battle.after_message = next;
    phase_enter(PHASE_MESSAGE);
}

#define SAY(next, ...) (text_format(battle_note, NOTE_SIZE, __VA_ARGS__), say(next))

static void load(void) {
    battle_view_load();
    particles_clear();
}

static void enter(void) {
    battle_view_show();
    SAY(PHASE_COMMAND, "A wild %s hops out of the grass!", battle.foe.name);
}

static void start_round(void) {
    battle.foe_has_moved = battle.own_has_moved = battle.guarding = false;
    choice_open();
    phase_enter(PHASE_CHOOSE);
}

// Whose turn it is, after the player has chosen or somebody has moved.
static void next_turn(void) {
    bool own_first = own()->speed >= foe()->speed;
    if (own()->hp == 0 || foe()->hp == 0) {
        phase_enter(PHASE_FAINT);
    } else if (!battle.own_has_moved && (own_first || battle.foe_has_moved)) {
        battle.own_has_moved = true;
        battle.striker_is_foe = false;
        battle.move = battle.own_choice;
        SAY(PHASE_STRIKE, "%s uses %s!", own()->name, move_facts[battle.move].name);
    } else if (!battle.foe_has_moved) {
        battle.foe_has_moved = true;
        battle.striker_is_foe = true;
        battle.move = species_facts[foe()->species].moves[random_below(MOVES_EACH)];
        SAY(PHASE_STRIKE, "%s uses %s!", foe()->name, move_facts[battle.move].name);
    } else {
        phase_enter(PHASE_COMMAND);
    }
}

static void run_away(void) {
    if (random_below(4)) {
        SAY(PHASE_LEAVE, "You slip away through the grass.");
    } else {
        battle.own_has_moved = true;
        SAY(PHASE_TURN, "No way out!");
    }
}

static void hurt(struct creature *target, u16 damage) {
    target->hp = damage < target->hp ? target->hp - damage : 0;
    battle.last_damage = damage;
    battle.shake = 14;
}

static void use_item(void) {
    enum item item = bag[battle.cursor].item;
    bag_remove(battle.cursor);
    battle.own_has_moved = true;
    if (item == ITEM_SPARKNUT) {
        battle.striker_is_foe = false;
        hurt(foe(), SPARKNUT_DAMAGE);
        battle_view_burst(true, PARTICLE_SPARK, 24);
        SAY(PHASE_TURN, "The sparknut bursts!");
    } else if (item == ITEM_LUCKY_LEAF) {
        luck_waits = true;
        SAY(PHASE_TURN, "You feel lucky.");
    } else {
        creature_heal(own(), item == ITEM_DEWDROP ? DEWDROP_HEALS : own()->max_hp);
        battle_view_burst(false, PARTICLE_HEART, 12);
        SAY(PHASE_TURN, "%s feels better.", own()->name);
    }
}

static void choose(void) {
    switch (choice_update()) {
    case CHOICE_NONE:
        break;
    case CHOICE_MOVE:
        battle.own_choice = species_facts[own()->species].moves[battle.cursor];
        next_turn();
        break;
    case CHOICE_THING:
        use_item();
        break;
    case CHOICE_GUARD:
        battle.own_has_moved = true;
        battle.guarding = true;
        SAY(PHASE_TURN, "%s is on its guard.", own()->name);
        break;
    case CHOICE_RUN:
        run_away();
        break;
    }
}

static u16 damage_of(const struct creature *striker, const struct creature *target, u8 power) {
    u32 damage = (striker->level * 2 / 5 + 2) * power * striker->attack / target->defence / 24 + 2;
    damage = damage * (86 + random_below(15)) / 100;
    return damage ? damage : 1;
}

// What a move does at the moment it lands.
static void land_move(void) {
    struct creature *striker = battle.striker_is_foe ? foe() : own();
    const struct move_facts *facts = &move_facts[battle.move];
    if (battle.move == MOVE_DEW_REST || battle.move == MOVE_BRACE) {
        battle_view_burst(battle.striker_is_foe, facts->particle, 14);
        if (battle.move == MOVE_DEW_REST)
            creature_heal(striker, striker->max_hp / 4);
        else
            striker->defence++;
        return;
    }
    u16 damage = damage_of(striker, struck(), facts->power);
    if (battle.striker_is_foe && battle.guarding) damage = (damage + 1) / 2;
    hurt(struck(), damage);
    battle_view_burst(!battle.striker_is_foe, facts->particle, 28);
}

static bool bars_are_still(void) { return battle.own_shown_hp == own()->hp && battle.foe_shown_hp == foe()->hp; }

static void strike(void) {
    if (battle.phase_frames == STRIKE_FRAME) land_move();
    if (battle.phase_frames > STRIKE_FRAMES && bars_are_still()) next_turn();
}

static void reward(void) {
    u16 coins = 10 + foe()->level * 6;
    if (luck_waits) coins *= 2;
    luck_waits = false;
    money_add(coins);
    bool lit = lights < LIGHTS_NEEDED;
    lights += lit;
    battle.gained_level = creature_learn(own(), 8 + foe()->level * 6);
    battle_view_panels();
    SAY(battle.gained_level ? PHASE_LEVEL : PHASE_LEAVE,
        lit ? "You win %d coins, and a light follows you!" : "You win %d coins.", (u32)coins);
}

static void faint(void) {
    if (battle.phase_frames == 1) battle_view_burst(foe()->hp == 0, PARTICLE_DUST, 30);
    if (battle.phase_frames < FAINT_FRAMES || !bars_are_still()) return;
    if (foe()->hp == 0) {
        SAY(PHASE_REWARD, "%s is beaten and bows.", foe()->name);
    } else {
        SAY(PHASE_LEAVE, "%s is worn out. You carry it home.", own()->name);
    }
}

static void level_up(void) {
    battle_view_burst(false, PARTICLE_SPARK, 30);
    SAY(PHASE_LEAVE, "%s is now level %d! Attack %d, defence %d.", own()->name, (u32)own()->level, (u32)own()->attack,
        (u32)own()->defence);
}

static void leave(void) {
    if (own()->hp == 0) {
        own()->hp = own()->max_hp;
        money /= 2;
        overworld_wake_up();
    }
    creature_settle(own());
    scene_change(SCENE_OVERWORLD, CURTAIN_BLACK);
}

static void move_bars(void) {
    if (frame_counter % DRAIN_FRAMES || bars_are_still()) return;
    battle.own_shown_hp += (battle.own_shown_hp < own()->hp) - (battle.own_shown_hp > own()->hp);
    battle.foe_shown_hp += (battle.foe_shown_hp < foe()->hp) - (battle.foe_shown_hp > foe()->hp);
    battle_view_panels();
}

static void update(void) {
    battle.phase_frames++;
    if (battle.shake) battle.shake--;
    battle_view_live();
    move_bars();
    switch (battle.phase) {
    case PHASE_APPEAR:
        break;
    case PHASE_MESSAGE:
        if (message_update_alone()) phase_enter(battle.after_message);
        break;
    case PHASE_COMMAND:
        start_round();
        break;
    case PHASE_CHOOSE:
        choose();
        break;
    case PHASE_TURN:
        if (bars_are_still()) next_turn();
        break;
    case PHASE_STRIKE:
        strike();
        break;
    case PHASE_FAINT:
        faint();
        break;
    case PHASE_REWARD:
        reward();
        break;
    case PHASE_LEVEL:
        level_up();
        break;
    case PHASE_LEAVE:
        leave();
        break;
    }
}

const struct scene_parts battle_scene = {.load = load, .enter = enter, .update = update, .draw = battle_view_draw};
