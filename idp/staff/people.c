/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/people.h"

#include "idp/base/text.h"
#include "policies/staff_rules.h"

#define DAY_S 86400

enum err
staff_people(struct ctx *ctx, const struct staff_people *which, struct listed_staff_list *out)
{
    const struct staff_listed listed = {
        .after = which->after,
        .agency = which->agency,
        .region = which->region,
        .unused_since = which->unused ? ctx->now - STAFF_UNUSED_DAYS * DAY_S : TIME_NEVER,
    };

    return store_staff_listed(ctx->store, ctx->arena, &listed, out);
}

static bool
works_at_a_counter(const char *roles)
{
    const char *at = roles;
    size_t size;
    const char *role = text_next_word(&at, &size);

    for (; role != NULL; role = text_next_word(&at, &size))
        if (!text_list_holds("counter telephone", role, size))
            return false;
    return !text_is_empty(roles);
}

/* Nor under another account of hers. */
static bool
is_same_person(const struct stored_staff *a, const struct stored_staff *b)
{
    return text_eq(a->staff_id, b->staff_id) ||
           (a->person_key.size > 0 && bytes_eq(a->person_key, b->person_key));
}

bool
staff_may_enrol(const struct stored_staff *by, const struct stored_staff *whom)
{
    if (is_same_person(by, whom))
        return false;
    if (staff_may(by->roles, STAFF_VERB_manage_staff))
        return true;
    return staff_may(by->roles, STAFF_VERB_enrol_staff) && works_at_a_counter(whom->roles) &&
           text_eq(by->agency, whom->agency) && text_eq(by->region, whom->region);
}
