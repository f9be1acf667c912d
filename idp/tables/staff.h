/* SPDX-License-Identifier: Apache-2.0 */
/* Members of staff: what the directory said of each last, and the second factor that we know of. */
#ifndef IDP_TABLES_STAFF_H
#define IDP_TABLES_STAFF_H

#include "idp/store/store.h"

enum staff_state {
    STAFF_NONE = 0,
    STAFF_ACTIVE,
    STAFF_STOPPED, /* here, by a security administrator */
    STAFF_GONE     /* the directory knows her no more, or has disabled her */
};

struct stored_staff {
    const char *staff_id;     /* canonical name in the directory */
    struct bytes person_key;  /* identity_digest() of her own identity number; none: not told */
    struct bytes name_sealed; /* idp/staff/staff.h */
    const char *roles;        /* policies/staff_role.def, space-separated */
    const char *agency;
    const char *region;       /* division code */
    int64_t state;            /* enum staff_state */
    struct bytes totp_sealed; /* none: she has no such factor */
    const char *certificate;  /* thumbprint of hers; "": none */
    unix_s enrolled_at;       /* of her factor, the last time; 0: she has none yet */
    struct bytes code;        /* digest of the code that enrols one; none: there is none to use */
    unix_s code_until;
    unix_s checked_at; /* when the directory said so last */
    const char *sid;   /* of the sitting that she has; "": none (idp/tables/seat.h) */
    unix_s open_until; /* the end of her sitting; 0: she has none */
    unix_s seen_at;    /* the last time she signed in; 0: never */
    unix_s created_at;
};

must_check enum err store_staff_load(struct store *st, struct arena *arena, const char *staff_id,
                                     struct stored_staff *out);

/* In place of the row there is, if any. */
must_check enum err store_staff_put(struct store *st, const struct stored_staff *staff);

/* Which of them, for store_staff_listed(). */
struct staff_listed {
    const char *after;   /* behind this staff_id; "": from the first */
    const char *agency;  /* "": of any */
    const char *region;  /* "": of any */
    unix_s unused_since; /* those who are active and have not signed in since; TIME_NEVER: all */
};

#define STAFF_LISTED_PAGE 50

struct listed_staff_list {
    struct stored_staff *at;
    size_t count;
};

/* By staff_id, STAFF_LISTED_PAGE at most. */
must_check enum err store_staff_listed(struct store *st, struct arena *arena,
                                       const struct staff_listed *which,
                                       struct listed_staff_list *out);

#endif
