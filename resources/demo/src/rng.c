#include "rng.h"

u32 rng_state = 0x2545F491; /// state of the random number generator (xorshift), advanced at each draw and mixed with the buttons

u32 random_below(u32 limit) {
    rng_state ^= rng_state << 13;
    rng_state ^= rng_state >> 17;
    rng_state ^= rng_state << 5;
    return (rng_state >> 8) % limit;
}
