/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Family cards (亲情账户): whose electronic card a person may show beside her own, how many of them, and what makes and
 * ends such a link. Pure; docs/adr/0054.
 */
#ifndef POLICIES_FAMILY_H
#define POLICIES_FAMILY_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/env.h"

/* What the member is to the person who shows her card. Stored. */
enum kinship {
    KINSHIP_NONE,
    KINSHIP_ELDER,
    KINSHIP_CHILD,
    KINSHIP_SPOUSE,
    KINSHIP_OTHER,
    KINSHIPS
};

/* Lower-case, for forms, settings and programs: "elder". "" for one that is not known. Static storage. */
const char *kinship_name(int64_t kinship);
/* KINSHIP_NONE for any other text, NULL too. */
enum kinship kinship_named(const char *name);

/* --- How many --- */

#define FAMILY_LIMIT_MAX 20 /* of one kinship */

struct family_limits {
    int64_t of[KINSHIPS];
    int64_t total;
};

/*
 * Of a list separated by spaces: "elder:4 child:3 spouse:1 other:2"; a kinship that is left out has 0. NULL, or the
 * first word (in the list, not NUL-terminated, its length in *size) that is none or names a kinship once more.
 */
const char *family_limits_read(const char *list, size_t *size, struct family_limits *out);

/* --- What for --- */

/* May a code for that purpose (its name, policies/card_purpose.def) be shown of a card that is another's? To show it and
 * to have somebody served; never to pay or to log in. */
bool family_shows(const char *purpose);

/* --- What makes a link --- */

#define FAMILY_ADULT 18    /* years: who shows cards of others, and where a child's link ends */
#define FAMILY_OWN_WORD 16 /* from this age on she agrees herself */

struct family_pair {
    enum kinship kinship;
    int32_t shower_born; /* yyyymmdd */
    int32_t member_born;
    int32_t today; /* in Beijing */
};

enum family_way {
    FAMILY_UNFIT,       /* their ages do not fit the kinship */
    FAMILY_TOO_YOUNG,   /* who is no adult shows no cards of others */
    FAMILY_BY_GUARDIAN, /* the guardian proves the kinship at a counter */
    FAMILY_BY_HERSELF   /* she is asked, and agrees */
};

enum family_way family_way(const struct family_pair *pair);

/* --- What a link is worth --- */

/* Stored. */
enum family_state {
    FAMILY_ASKED = 1,
    FAMILY_AGREED = 2,
    FAMILY_ENDED = 3
};

#define FAMILY_ASKED_LIFE_S (7 * 86400) /* who has not answered by then will not */

struct family_facts {
    int64_t state; /* enum family_state */
    unix_s asked_at;
    unix_s agreed_at;
    int32_t member_born; /* yyyymmdd */
};

enum family_standing {
    FAMILY_OVER, /* ended, not answered in time, or the child is grown up; or a state that is not known */
    FAMILY_WAITS, /* for her answer */
    FAMILY_HOLDS
};

/* What was agreed before her 18th birthday is over with it, at midnight in Beijing: then she is asked herself. */
enum family_standing family_standing(const struct family_facts *facts, unix_s now);

#endif
