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
    const char *bearer;         /* NULL: none */
    const char *const *headers; /* lines "Name: value" ended by NULL; NULL: none */
};

/* Who else may have signed an issuer's certificate: a PEM file; before any call. */
void call_trust(const char *ca_file);

/* What was answered with status 200; NULL for everything else. Bounds as below. */
const char *call_text(struct arena *arena, const struct sim_call *call);

/*
 * The JSON answered with status 200, to be released with json_decref(); NULL for everything
 * else. Waits at most 10 s and reads at most 256 KB.
 */
json_t *call_json(struct arena *arena, const struct sim_call *call);

/* The same whatever the status is, which *status then says; 0: no answer came. */
json_t *call_json_any(struct arena *arena, const struct sim_call *call, long *status);

/* Where an answer leads, as a browser would be told it. */
struct sim_led {
    long status;          /* 0: no answer came */
    const char *location; /* NULL: nowhere */
    const char *cookie;   /* the first Set-Cookie; NULL: none */
};

struct sim_led call_led(struct arena *arena, const struct sim_call *call);

#endif
