/* SPDX-License-Identifier: Apache-2.0 */
/* A partner's visitors: what it remembers of each browser, found by the secret in its cookie. */
#ifndef TESTS_SIMS_KIT_VISIT_H
#define TESTS_SIMS_KIT_VISIT_H

#include <stdbool.h>

#include "idp/base/arena.h"

enum visit_text {
    /* A login or logout under way. */
    VISIT_STATE,
    VISIT_NONCE,
    VISIT_VERIFIER,
    /* Somebody is logged in: these are known. */
    VISIT_SUB,
    VISIT_SID,
    VISIT_ID_TOKEN,
    VISIT_NAME,
    VISIT_LOGIN_LEVEL,
    VISIT_LOGIN_TIME,
    VISIT_LEVEL,
    VISIT_PROVEN_HOW,
    VISIT_PROVEN_BY,
    VISIT_PROVEN_AT,
    VISIT_RECEIVED, /* all that userinfo answered, as JSON */
    VISIT_CSRF,
    /* Logged in no longer, and why. */
    VISIT_FAREWELL, /* "here" or "elsewhere" */
    /* What staff have begun for a citizen: the handle during a login, then what is told of it (kit_acting.h). */
    VISIT_ACTING,
    /* What the window scanned last (kit_window.h). */
    VISIT_SCAN,
    VISIT_TEXTS
};

struct visit {
    const char *id;
    const char *texts[VISIT_TEXTS]; /* NULL: not known */
};

/* 256 bits of the machine's randomness as text. */
const char *visit_secret(struct arena *arena);
/* Of a verifier, by S256 (RFC 7636, 4.2). */
const char *visit_challenge(struct arena *arena, const char *verifier);

/* Safe from any thread. A visit found is a copy in the arena; false when there is none. */
bool visit_find(struct arena *arena, const char *id, struct visit *out);
/* Replaces what was kept under this id. The oldest visit goes when there are too many. */
void visit_keep(const struct visit *visit);
void visit_forget(const char *id);
/* Whoever was logged in by this session of the identity provider is logged in no longer. */
void visits_end(const char *sid);

#endif
