/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What members of staff may do (GB/T 22239-2019, level 3): roles, verbs, regions, and when a second person is one. Pure.
 */
#ifndef POLICIES_STAFF_RULES_H
#define POLICIES_STAFF_RULES_H

#include <stdbool.h>

#include "idp/base/bytes.h"

#define STAFF_TRIES 5        /* wrong passwords or codes; then … */
#define STAFF_LOCK_S 900     /* … so long nothing is evaluated, by account and by source */
#define STAFF_IDLE_S 900     /* a sitting that nobody uses (policies/channel.def) */
#define STAFF_SHIFT_S 43200  /* a sitting, however much it is used (the same) */
#define STAFF_READS_HOUR 200 /* persons looked at, a member of staff */
#define STAFF_CODE_S 86400   /* a code that enrols a factor or a counter */
#define ACTING_S 900         /* acting for a citizen */
#define STAFF_RECHECK_S 30   /* so often the directory is asked about who sits at a counter */
#define STAFF_PROPOSAL_OPEN_S 86400 /* what needs a second person waits for one so long, … */
#define STAFF_PROPOSAL_GOOD_S 86400 /* … and is good so long once approved */
#define STAFF_PROOF_S 900 /* a citizen who has proven herself is there, in the same sitting */
#define STAFF_OWN_ACCOUNT_YEARS 14 /* from this age on she has a login of her own (PIPL art. 31) */
#define STAFF_PASSWORD_MIN 12      /* characters, of … */
#define STAFF_PASSWORD_CLASSES 3   /* … so many of: capitals, small letters, digits, others */
#define STAFF_PASSWORD_DAYS 90

enum staff_role {
    STAFF_ROLE_none,
#define STAFF_ROLE(symbol, ...) STAFF_ROLE_##symbol,
#include "policies/staff_role.def"
#undef STAFF_ROLE
    STAFF_ROLES
};

/* What a route of the staff listener does. */
enum staff_verb {
    STAFF_VERB_unset, /* nobody may */
    STAFF_VERB_open,  /* whoever has come to the listener: to sign in */
#define STAFF_VERB(symbol, ...) STAFF_VERB_##symbol,
#include "policies/staff_verb.def"
#undef STAFF_VERB
    STAFF_VERBS
};

/* "counter"; "" for none. Static storage. */
const char *staff_role_name(enum staff_role role);
const char *staff_verb_name(enum staff_verb verb);

/* At least one role, all known, and one that stands alone alone. */
bool staff_roles_are_sound(const char *roles);

/* May whoever has one of these roles (space-separated) do that? Roles that are not sound may nothing. */
bool staff_may(const char *roles, enum staff_verb verb);

/* Who stands in region `of` (a division code; that of a province or a city stands for all of it) may serve a person of the
 * region `whose`; "": it is not known, and everybody may. */
bool staff_region_may(const char *of, const char *whose);

/* Who proposes or decides. */
struct staff_hand {
    const char *staff_id;
    struct bytes person_key; /* empty: the directory has not told */
    const char *counter_id;
};

/* Is `second` another person, at another counter? Never where it is not known who one of them is. */
bool staff_second_may(const struct staff_hand *first, const struct staff_hand *second);

#endif
