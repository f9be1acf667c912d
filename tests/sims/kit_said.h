/* SPDX-License-Identifier: Apache-2.0 */
/* What another program says. */
#ifndef TESTS_SIMS_KIT_SAID_H
#define TESTS_SIMS_KIT_SAID_H

#include "idp/base/arena.h"

struct said {
    int status;       /* 0: all is well; -1: it did not run to its end */
    const char *text; /* on both its outputs, 256 KB at most; in the arena */
};

/* Runs it to its end. `command` is ended by NULL, and its first word has a '/'. */
struct said said_by(struct arena *arena, const char *const *command);

#endif
