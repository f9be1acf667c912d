/* SPDX-License-Identifier: Apache-2.0 */
/* A partner's calls to the identity provider. */
#ifndef TESTS_SIMS_KIT_CALL_H
#define TESTS_SIMS_KIT_CALL_H

#include <jansson.h>
#include <stdbool.h>

#include "idp/base/arena.h"

struct sim_call {
    const char *url;
    const char *form; /* NULL: GET */
    const char
        *user_name; /* HTTP Basic; NULL: none. Encoded as RFC 6749, 2.3.1 wants by call_json() */
    const char *password;
    const char *bearer; /* NULL: none */
};

/*
 * The JSON object answered with status 200, to be released with json_decref(); NULL for everything
 * else. Waits at most 10 s and reads at most 64 KB.
 */
json_t *call_json(struct arena *arena, const struct sim_call *call);

#endif
