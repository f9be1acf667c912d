/* SPDX-License-Identifier: Apache-2.0 */
/* Grants: a partner's standing permission, one family of refresh tokens. */
#ifndef IDP_TABLES_GRANT_H
#define IDP_TABLES_GRANT_H

#include "idp/tables/approval.h"

struct stored_grant {
    const char *grant_id;
    struct approval approval; /* `until`: the grant's own end */
    int64_t offline;          /* 1: outlives the session */
    int64_t generation;
    unix_s rotated_at;
    unix_s created_at;
    unix_s ended_at; /* 0: not ended */
};

/* Live grants of one session at one partner, of one session, and of one person
 * that outlive their sessions. */
#define GRANTS_OF_PARTNER_MAX 32
#define GRANTS_OF_SESSION_MAX 512
#define GRANTS_OFFLINE_MAX 1000

/* So many are listed at a time. */
#define GRANT_PAGE 512

/* What ending one needs to know. */
struct listed_grant {
    const char *grant_id;
    const char *partner_id;
    unix_s created_at;
};

struct grant_list {
    struct listed_grant *at;
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

/* Is there room for one grant more? */
struct grant_room {
    const char *beyond;   /* the newest of this partner in this session that has to give way; NULL:
                             none has to */
    int64_t session_full; /* 1: the session has all it may have */
    int64_t person_full;  /* 1: the person has all that outlive their sessions */
};

/* One statement that reads no further than the bounds. `grant` is the one that is to come. */
must_check enum err store_grant_room(struct store *st, struct arena *arena,
                                     const struct stored_grant *grant, struct grant_room *out);

/* A person's live grants. */
struct grants_of {
    const char *person_id;
    unix_s before; /* made before that second; TIME_NEVER: all */
    unix_s now;
};

/*
 * One page (GRANT_PAGE) of live grants, by id: those of a session that end with it, all of a
 * person. Who ends what is listed asks again until nothing is.
 */
must_check enum err store_grant_list_of_session(struct store *st, struct arena *arena,
                                                const char *sid, unix_s now,
                                                struct grant_list *out);
must_check enum err store_grant_list_of_person(struct store *st, struct arena *arena,
                                               const struct grants_of *which,
                                               struct grant_list *out);

/* Live ones of a person whose login had either method (a word of amr), by id, a page. */
struct grants_by_method {
    const char *person_id;
    const char *method;
    const char *other;
    unix_s now;
};

must_check enum err store_grant_list_by_method(struct store *st, struct arena *arena,
                                               const struct grants_by_method *which,
                                               struct grant_list *out);

/* The page of those that have to give way for `grant`, newest first: one, unless
 * several came at the same time. */
must_check enum err store_grant_list_beyond(struct store *st, struct arena *arena,
                                            const struct stored_grant *grant,
                                            struct grant_list *out);

/* The page of all grants not ended behind the id `after` ("": from the first), by id. */
must_check enum err store_grant_list(struct store *st, struct arena *arena, const char *after,
                                     struct grant_list *out);

/* How many live ones a person has, and all that were made before that second. */
must_check enum err store_grant_count_of(struct store *st, const char *person_id, unix_s now,
                                         int64_t *out);
must_check enum err store_grant_count_before(struct store *st, unix_s before, unix_s now,
                                             int64_t *out);

struct grant_after {
    const char *partner_id;
    unix_s now;
};

/* The partners with a live grant of the session, each once with its oldest, by partner, behind
 * `after` ("": from the first). */
must_check enum err store_grant_list_partners(struct store *st, struct arena *arena,
                                              const char *sid, const struct grant_after *after,
                                              struct grant_list *out);

#endif
