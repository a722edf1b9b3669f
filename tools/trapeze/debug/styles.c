/* styles.c - how each style looks on a terminal. Colours are those that people who see no red or no green tell apart. */
#include "view.h"

/* clang-format off */
const struct appearance style_appearance[STYLES] = {
    /*                bold   underl reverse dim    colour */
    [PLAIN]        = {false, false, false, false, LOOK_NO_COLOUR},
    [TITLE]        = {true,  false, false, false, LOOK_NO_COLOUR},
    [FOCUS]        = {true,  true,  false, false, LOOK_NO_COLOUR},
    [DIM]          = {false, false, false, false, LOOK_NO_COLOUR},
    [STRONG]       = {true,  false, false, false, LOOK_NO_COLOUR},
    [CURRENT]      = {false, false, true,  false, LOOK_NO_COLOUR},
    [CHANGED]      = {true,  false, false, false, LOOK_YELLOW},
    [DIFFERS]      = {true,  false, false, false, LOOK_CYAN},
    [MISS]         = {true,  false, false, false, LOOK_YELLOW},
    [GOOD]         = {false, false, false, false, LOOK_CYAN},
    [FOUND]        = {true,  false, true,  false, LOOK_YELLOW},
    [CODE_KEYWORD] = {true,  false, false, false, LOOK_NO_COLOUR},
    [CODE_TEXT]    = {false, false, false, false, LOOK_YELLOW},
    [CODE_NUMBER]  = {false, false, false, false, LOOK_CYAN},
    [CODE_COMMENT] = {false, false, false, true,  LOOK_NO_COLOUR},
    [LANE_APP]     = {true,  false, false, false, LOOK_YELLOW},
    [LANE_GUEST]   = {true,  false, false, false, LOOK_CYAN},
    [LANE_VMM]     = {true,  false, false, false, LOOK_BLUE},
    [LANE_HOST]    = {true,  false, false, false, LOOK_NO_COLOUR},
};
/* clang-format on */
