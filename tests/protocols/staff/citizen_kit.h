/* SPDX-License-Identifier: Apache-2.0 */
/* A member of staff at her counter, before the pages about a citizen. */
#ifndef TESTS_PROTOCOLS_STAFF_CITIZEN_KIT_H
#define TESTS_PROTOCOLS_STAFF_CITIZEN_KIT_H

#include <string.h>

#include "idp/base/text.h"
#include "idp/person/vault.h"
#include "idp/tables/staff.h"
#include "idp/tables/staff_act.h"
#include "policies/staff_act.h"
#include "policies/staff_rules.h"
#include "protocols/pages/words.h"
#include "tests/world.h"

static inline bool
page_has(const struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

static inline bool
page_shows(struct world *w, const char *id)
{
    return page_has(w, arena_printf(w->arena, " id=\"%s\"", id));
}

/* The form of the page in the answer is sent; it may tell a mistake. */
static inline void
staff_press(struct world *w, const char *target, const char *fields)
{
    world_form_post(w, target, "tx=%s&csrf=%s%s", world_hidden(w, "tx"), world_hidden(w, "csrf"),
                    fields);
}

/* She looks for that. */
static inline void
find(struct world *w, const char *typed)
{
    world_open(w, "/staff/find");
    assert_int_equal(w->answer.status, 200);
    staff_press(w, "/staff/find", arena_printf(w->arena, "&find=%s", world_url(w, typed)));
}

/* And comes to the person. */
static inline void
found_by(struct world *w, const char *typed)
{
    find(w, typed);
    assert_int_equal(w->answer.status, 303);
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
}

static inline void
found(struct world *w, int n)
{
    found_by(w, world_phone(n));
}

/* What was noted of her, the newest first. */
static inline struct stored_staff_act_list
acts_of(struct world *w, int n)
{
    struct stored_staff_act_list list;

    world_must(store_staff_act_list(w->store, w->arena, world_person(w, n),
                                    &(struct staff_act_place) { TIME_NEVER, "" }, &list),
               "no acts");
    return list;
}

/* The region of that member of staff is another, or hers is that person's own identity number. */
static inline void
staff_change(struct world *w, const char *staff_id, const char *region,
             const struct digest *person_key)
{
    struct stored_staff staff;

    world_must(store_begin(w->store), "no transaction");
    world_must(store_staff_load(w->store, w->arena, staff_id, &staff), "no staff");
    if (region != NULL)
        staff.region = region;
    if (person_key != NULL)
        staff.person_key = digest_view(person_key);
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_must(store_commit(w->store), "no commit");
}

static inline void
staff_is(struct world *w, const char *staff_id, int n)
{
    struct ctx ctx = world_ctx(w);
    struct digest key;
    struct person person;

    world_must(person_load(&ctx, world_person(w, n), &person), "no person");
    key = identity_digest(&ctx, person.identity_number);
    staff_change(w, staff_id, NULL, &key);
}

/* A person is found, unmasked, and reads of it: whatever that asks of the tables. */
static inline void
staff_are_asked_for_a_citizen(struct world *w)
{
    static const char *const typed[] = { "13800138000", "A10000000" };

    world_card(w, 0);
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        found_by(w, typed[i]);
        staff_press(w, "/staff/person/unmask", "&reason=ticket");
    }
    world_log_in(w, 0);
    world_open(w, "/account/history");
}

#endif
