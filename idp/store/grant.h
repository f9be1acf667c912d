/* SPDX-License-Identifier: Apache-2.0 */
/* Grants: a partner's standing permission, one family of refresh tokens. */
#ifndef IDP_STORE_GRANT_H
#define IDP_STORE_GRANT_H

#include "idp/store/store.h"

struct stored_grant {
    const char *grant_id;
    const char *person_id;
    const char *partner_id;
    const char *sid;
    const char *scope;
    const char *claims; /* JSON of the claims parameter, or "" */
    const char *acr;
    const char *amr;
    unix_s auth_time;
    int64_t offline; /* 1: outlives the session */
    int64_t generation;
    unix_s rotated_at;
    unix_s created_at;
    unix_s expires_at;
    unix_s ended_at; /* 0: not ended */
};

struct grant_list {
    struct stored_grant *at;
    size_t count;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_grant_insert(struct store *st, const struct stored_grant *grant);

/* Ended and expired ones too, until they are swept. */
must_check enum err store_grant_load(struct store *st, struct arena *arena, const char *grant_id,
                                     struct stored_grant *out);

/* A refresh token as presented. */
struct grant_turn {
    const char *grant_id;
    int64_t generation;
    unix_s now;
};

/*
 * Moves a live grant from `generation` to the next one; `out` is the row after that. Of any number
 * of callers with one generation exactly one gets OK. ERR_NOT_FOUND: another generation, ended,
 * expired or absent; store_grant_load() tells.
 */
must_check enum err store_grant_rotate(struct store *st, struct arena *arena,
                                       const struct grant_turn *turn, struct stored_grant *out);

/*
 * Exactly one caller ends a grant; the others, and those who ask for one that is absent, get
 * ERR_NOT_FOUND. Its expiry is brought forward to the end.
 */
must_check enum err store_grant_end(struct store *st, const char *grant_id, unix_s now);

/* The live grants (neither ended nor expired) of a session, oldest first. */
must_check enum err store_grant_list_of_session(struct store *st, struct arena *arena,
                                                const char *sid, unix_s now,
                                                struct grant_list *out);

struct grant_parties {
    const char *person_id;
    const char *partner_id;
};

/* The grants not ended (expired ones too) that a person gave a partner, oldest first. */
must_check enum err store_grant_list_between(struct store *st, struct arena *arena,
                                             const struct grant_parties *parties,
                                             struct grant_list *out);

#endif
