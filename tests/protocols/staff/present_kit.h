/* SPDX-License-Identifier: Apache-2.0 */
/* A member of staff with a citizen before her: the pages of present_page.h. */
#ifndef TESTS_PROTOCOLS_STAFF_PRESENT_KIT_H
#define TESTS_PROTOCOLS_STAFF_PRESENT_KIT_H

#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/server/life/outbox.h"
#include "idp/tables/evidence.h"
#include "idp/tables/staff.h"
#include "keys/secret.h"
#include "tests/protocols/account/kit.h"

#define ZHANG_NUMBER "11010519491231002X" /* of person 0 */
#define LOOKS "original=yes&photo=yes"
#define PAPER_OF_ZHANG "paper=idcard&number=" ZHANG_NUMBER "&" LOOKS

static inline bool
present_shows(struct world *w, const char *id)
{
    return strstr(w->answer.body, arena_printf(w->arena, "id=\"%s\"", id)) != NULL;
}

/* Another page of the same flow. */
static inline void
present_turn(struct journey *j, const char *page)
{
    world_get(j->w, arena_printf(j->w->arena, "%s?tx=%s", page, j->tx));
    journey_arrive(j);
}

/* Person `n` was found, by who sits there already. */
static inline struct journey
present_find(struct world *w, int n, const char *page)
{
    struct journey j = { .w = w };

    world_person(w, n);
    world_open(w, "/staff/find");
    journey_arrive(&j);
    journey_post(&j, "/staff/find", arena_printf(w->arena, "find=%s", world_phone(n)));
    present_turn(&j, page);
    return j;
}

/* The same by "li", who sits down at counter 1. */
static inline struct journey
present_at(struct world *w, int n, const char *page)
{
    world_sit(w, "li", "counter", 1);
    return present_find(w, n, page);
}

/* And person 0 has shown her identity card. */
static inline struct journey
present_proven(struct world *w, const char *page)
{
    struct journey j = present_at(w, 0, "/staff/proof");

    journey_post(&j, "/staff/proof", PAPER_OF_ZHANG);
    present_turn(&j, page);
    return j;
}

static inline void
present_key_put(struct world *w, const char *staff_id, struct bytes person_key)
{
    struct stored_staff staff;

    assert_int_equal(store_staff_load(w->store, w->arena, staff_id, &staff), OK);
    staff.person_key = person_key;
    world_must(store_begin(w->store), "no transaction");
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_must(store_commit(w->store), "no commit");
}

/* That member of staff has that identity number, says the directory. */
static inline void
present_is_number(struct world *w, const char *staff_id, const char *number)
{
    struct ctx ctx = world_ctx(w);
    struct digest identity = identity_digest(&ctx, number);

    present_key_put(w, staff_id, digest_view(&identity));
}

/* She is the same person as another one. */
static inline void
present_is_as(struct world *w, const char *staff_id, const char *other)
{
    struct stored_staff staff;

    assert_int_equal(store_staff_load(w->store, w->arena, other, &staff), OK);
    present_key_put(w, staff_id, staff.person_key);
}

static inline struct standing
present_standing(struct world *w, const char *person_id)
{
    struct ctx ctx = world_ctx(w);
    struct standing standing;

    assert_int_equal(evidence_standing(&ctx, person_id, &standing), OK);
    return standing;
}

static inline void
present_messages_deliver(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool worked = true;

    while (worked)
        world_must(outbox_deliver(&ctx, &worked), "delivery");
}

#endif
