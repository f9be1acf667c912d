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

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_counter_insert(struct store *st, const struct stored_counter *counter);

must_check enum err store_counter_load(struct store *st, struct arena *arena,
                                       const char *counter_id, struct stored_counter *out);

/* That sitting is there from now on. ERR_NOT_FOUND: the counter is not enrolled. */
must_check enum err store_counter_sit(struct store *st, const char *counter_id, const char *sid);

#endif
