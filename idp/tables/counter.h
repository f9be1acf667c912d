/* SPDX-License-Identifier: Apache-2.0 */
/* Counters (窗口): where each stands, by what its computer is known, and who sits there. */
#ifndef IDP_TABLES_COUNTER_H
#define IDP_TABLES_COUNTER_H

#include "idp/store/store.h"

enum counter_state {
    COUNTER_NONE = 0,
    COUNTER_ANNOUNCED, /* no computer is known for it yet */
    COUNTER_ENROLLED,
    COUNTER_RETIRED /* for good */
};

struct stored_counter {
    const char *counter_id; /* "k_…" */
    const char *place;      /* as people are told: "二楼 12 号窗口" */
    const char *agency;
    const char *region;      /* division code */
    int64_t state;           /* enum counter_state */
    const char *certificate; /* thumbprint of its computer's; "": it has none */
    struct bytes secret;     /* digest of what its browser keeps; none: not enrolled */
    struct bytes code;       /* digest of the code that enrols it; none: there is none to use */
    unix_s code_until;
    const char *sid; /* of the sitting there; "": none, or it has ended */
    unix_s created_at;
    unix_s enrolled_at; /* the last time; 0: never */
    unix_s retired_at;  /* 0: it is not */
};

/* So many are listed at a time. */
#define COUNTER_PAGE 100

struct stored_counter_list {
    struct stored_counter *at;
    size_t count;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_counter_insert(struct store *st, const struct stored_counter *counter);

must_check enum err store_counter_load(struct store *st, struct arena *arena,
                                       const char *counter_id, struct stored_counter *out);

/* By id, behind the id `after` ("": from the first), at most COUNTER_PAGE. */
must_check enum err store_counter_list(struct store *st, struct arena *arena, const char *after,
                                       struct stored_counter_list *out);

/* A code in place of the one before. ERR_NOT_FOUND when it is retired or absent. */
must_check enum err store_counter_code(struct store *st, const char *counter_id,
                                       const struct digest *code, unix_s until);

/*
 * `enrolled` names counter, secret, certificate and time. The code is used up by one caller: the others, those who
 * come too late and those whose counter is retired get ERR_NOT_FOUND.
 */
must_check enum err store_counter_enrol(struct store *st, const struct stored_counter *enrolled,
                                        const struct digest *code);

/* ERR_NOT_FOUND when it is retired or absent. Its secret, certificate and code go. */
must_check enum err store_counter_retire(struct store *st, const char *counter_id, unix_s now);

#endif
