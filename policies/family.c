/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/family.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/identity_number.h"

#define DIGITS_MAX 2

static const char *const names[KINSHIPS] = {
    [KINSHIP_NONE] = "",         [KINSHIP_ELDER] = "elder", [KINSHIP_CHILD] = "child",
    [KINSHIP_SPOUSE] = "spouse", [KINSHIP_OTHER] = "other",
};

const char *
kinship_name(int64_t kinship)
{
    return names[kinship > KINSHIP_NONE && kinship < KINSHIPS ? kinship : KINSHIP_NONE];
}

static enum kinship
named(const char *name, size_t size)
{
    for (int i = KINSHIP_NONE + 1; i < KINSHIPS; i++)
        if (strlen(names[i]) == size && strncmp(names[i], name, size) == 0)
            return (enum kinship)i;
    return KINSHIP_NONE;
}

enum kinship
kinship_named(const char *name)
{
    return name != NULL ? named(name, strlen(name)) : KINSHIP_NONE;
}

/* --- How many --- */

/* -1: it is none. */
static int64_t
limit_of(const char *digits, size_t size)
{
    char text[DIGITS_MAX + 1];
    int64_t limit;

    if (size == 0 || size > DIGITS_MAX)
        return -1;
    memcpy(text, digits, size);
    text[size] = '\0';
    return text_to_int(text, 0, FAMILY_LIMIT_MAX, &limit) == OK ? limit : -1;
}

static bool
word_read(const char *word, size_t size, bool seen[KINSHIPS], struct family_limits *out)
{
    const char *colon = memchr(word, ':', size);
    enum kinship kinship = colon != NULL ? named(word, (size_t)(colon - word)) : KINSHIP_NONE;
    int64_t limit;

    if (kinship == KINSHIP_NONE || seen[kinship])
        return false;
    limit = limit_of(colon + 1, size - (size_t)(colon + 1 - word));
    if (limit < 0)
        return false;
    seen[kinship] = true;
    out->of[kinship] = limit;
    out->total += limit;
    return true;
}

const char *
family_limits_read(const char *list, size_t *size, struct family_limits *out)
{
    bool seen[KINSHIPS] = { false };
    struct family_limits limits = { 0 };
    const char *cursor = list;
    const char *word;

    while ((word = text_next_word(&cursor, size)) != NULL)
        if (!word_read(word, *size, seen, &limits))
            return word;
    *out = limits;
    return NULL;
}

/* --- What for --- */

bool
family_shows(const char *purpose)
{
    return purpose != NULL && text_list_has("show serve", purpose);
}

/* --- What makes a link --- */

static bool
ages_fit(const struct family_pair *pair)
{
    switch (pair->kinship) {
    case KINSHIP_ELDER:
        return pair->member_born < pair->shower_born;
    case KINSHIP_CHILD:
        return pair->member_born > pair->shower_born;
    case KINSHIP_SPOUSE:
        return age_on(pair->member_born, pair->today) >= FAMILY_ADULT;
    case KINSHIP_OTHER:
        return true;
    case KINSHIP_NONE:
    case KINSHIPS:
        break;
    }
    return false;
}

enum family_way
family_way(const struct family_pair *pair)
{
    if (age_on(pair->shower_born, pair->today) < FAMILY_ADULT)
        return FAMILY_TOO_YOUNG;
    if (!ages_fit(pair))
        return FAMILY_UNFIT;
    return age_on(pair->member_born, pair->today) < FAMILY_OWN_WORD ? FAMILY_BY_GUARDIAN
                                                                    : FAMILY_BY_HERSELF;
}

/* --- What a link is worth --- */

static bool
has_grown_up(const struct family_facts *facts, unix_s now)
{
    return age_on(facts->member_born, time_beijing_date(facts->agreed_at)) < FAMILY_ADULT &&
           age_on(facts->member_born, time_beijing_date(now)) >= FAMILY_ADULT;
}

enum family_standing
family_standing(const struct family_facts *facts, unix_s now)
{
    if (facts->state == FAMILY_ASKED)
        return now - facts->asked_at < FAMILY_ASKED_LIFE_S ? FAMILY_WAITS : FAMILY_OVER;
    if (facts->state == FAMILY_AGREED && !has_grown_up(facts, now))
        return FAMILY_HOLDS;
    return FAMILY_OVER;
}
