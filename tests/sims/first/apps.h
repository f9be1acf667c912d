/* SPDX-License-Identifier: Apache-2.0 */
/* "My own application": each is a file of the folder apps, an element of the partners file. */
#ifndef TESTS_SIMS_FIRST_APPS_H
#define TESTS_SIMS_FIRST_APPS_H

#include "tests/sims/first/first.h"

struct app_wish {
    const char *name;
    const char *redirect_uri;
    const char *kind; /* web, public */
};

/*
 * Registers it with the running service. NULL, or why not, in the arena: then nothing has changed.
 */
const char *app_register(const struct first_turn *turn, const struct app_wish *wish,
                         const char **client_id_out);

/* All that are registered, in HTML. */
const char *apps_list(const struct first_turn *turn);

#endif
