/* SPDX-License-Identifier: Apache-2.0 */
/* Self-service terminals: where each stands, and the key by which it says who it is. */
#ifndef IDP_TABLES_TERMINAL_H
#define IDP_TABLES_TERMINAL_H

#include "idp/store/store.h"

/* So many are listed at a time. */
#define TERMINAL_PAGE 100

enum terminal_state {
    TERMINAL_NONE = 0,
    TERMINAL_ANNOUNCED, /* it has no key yet */
    TERMINAL_ENROLLED,
    TERMINAL_RETIRED /* for good */
};

struct stored_terminal {
    const char *terminal_id;
    const char *partner_id; /* of channel terminal: whose it is */
    const char *place;      /* as people are told: "一楼大厅 3 号机" */
    const char *agency;
    int64_t state;
    const char *jwk;        /* its public key; "": none yet */
    const char *thumbprint; /* of that (RFC 7638) */
    struct bytes code;      /* digest of the code that enrols it; none: there is none to use */
    unix_s code_until;
    unix_s created_at;
    unix_s enrolled_at; /* the last time; 0: never */
    unix_s retired_at;  /* 0: it is not */
};

struct stored_terminal_list {
    struct stored_terminal *at;
    size_t count;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_terminal_insert(struct store *st, const struct stored_terminal *terminal);

must_check enum err store_terminal_load(struct store *st, struct arena *arena,
                                        const char *terminal_id, struct stored_terminal *out);

/* By id, behind the id `after` ("": from the first), at most TERMINAL_PAGE. */
must_check enum err store_terminal_list(struct store *st, struct arena *arena, const char *after,
                                        struct stored_terminal_list *out);

/* A code in place of the one before. ERR_NOT_FOUND when it is retired or absent. */
must_check enum err store_terminal_code(struct store *st, const char *terminal_id,
                                        const struct digest *code, unix_s until);

/*
 * `enrolled` names terminal, key and time. The code is used up by one caller: the others, those who
 * come too late and those whose terminal is retired get ERR_NOT_FOUND.
 */
must_check enum err store_terminal_enrol(struct store *st, const struct stored_terminal *enrolled,
                                         const struct digest *code);

/* In a transaction: it is still enrolled with that key, and whoever retires it or gives it another waits
 * for this transaction, or has been waited for: then ERR_NOT_FOUND. */
must_check enum err store_terminal_hold(struct store *st, const char *terminal_id,
                                        const char *thumbprint);

/* ERR_NOT_FOUND when it is retired or absent. Its key and code go. */
must_check enum err store_terminal_retire(struct store *st, const char *terminal_id, unix_s now);

/* How many are in that state. */
must_check enum err store_terminal_count(struct store *st, enum terminal_state state, int64_t *out);

#endif
