/* SPDX-License-Identifier: Apache-2.0 */
/* What was found about a configuration: all of it, each with its place and with what to do. */
#ifndef IDP_SERVER_CONFIG_FINDINGS_H
#define IDP_SERVER_CONFIG_FINDINGS_H

#include <stddef.h>

#include "idp/base/arena.h"

enum finding_level {
    FINDING_ERROR,
    FINDING_WARNING,
    FINDING_OK,
    FINDING_LEVELS
};

struct finding {
    enum finding_level level;
    const char *file;     /* of the configuration */
    int line;             /* 0: no line of it */
    const char *sentence; /* what is, never a secret */
    const char *advice;   /* what to do: a sentence; "" when there is nothing */
    struct finding *next; /* filled in by finding_add() */
};

struct findings {
    struct arena *arena;
    struct finding *first; /* by line; those without one last */
    size_t counts[FINDING_LEVELS];
};

struct findings findings_new(struct arena *arena);

/* A copy of it, unless the same has been found there; the texts must live as long as the arena's. */
void finding_add(struct findings *found, const struct finding *finding);

/* "error", "warning" or "ok". */
const char *finding_level_name(enum finding_level level);

/* "FILE:LINE: sentence advice", in the arena. */
const char *finding_text(struct arena *arena, const struct finding *finding);

/* The errors, a line each; "" when there are none. */
const char *findings_errors(const struct findings *found);

#endif
