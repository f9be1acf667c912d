/* SPDX-License-Identifier: Apache-2.0 */
/* A family in the world: people of an age, who are linked. */
#ifndef TESTS_CARD_FAMILY_KIT_H
#define TESTS_CARD_FAMILY_KIT_H

#include "idp/card/family.h"
#include "idp/person/vault.h"
#include "idp/session/stop.h"
#include "idp/tables/card_family.h"
#include "tests/world.h"

/* Who shows, in most of the tests; she was born in 1949. */
#define HER 0

/* Somebody born on that day (yyyymmdd). */
static inline const char *
relative(struct world *w, int n, int64_t born)
{
    static const char sql[] = "UPDATE person SET birth_date = $2 WHERE person_id = $1";
    const char *person_id = world_person(w, n);
    const struct arg args[] = { arg_text(person_id), arg_int(born), ARG_END };

    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), sql);
    return person_id;
}

/* As typed: person n's own number, and born when her row says. */
static inline struct family_question
question_about(struct world *w, int n, enum kinship kinship)
{
    struct ctx ctx = world_ctx(w);
    struct identity_number *identity = arena_alloc(w->arena, sizeof(*identity));
    struct person person;

    world_must(person_load(&ctx, world_person(w, n), &person), "no person");
    world_must(identity_number_check(person.identity_number, 20260101, identity) == NULL
                   ? OK
                   : ERR_INVALID,
               "no number");
    identity->birth_date = person.birth_date;
    return (struct family_question) { world_person(w, HER), person.name, identity, kinship };
}

static inline const struct problem *
asks_for(struct world *w, int n, enum kinship kinship)
{
    struct ctx ctx = world_ctx(w);
    const struct family_question question = question_about(w, n, kinship);

    return family_ask(&ctx, &question);
}

/* The only one who shows person n's card or asks for it. */
static inline const char *
ref_at(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct family_links links;

    assert_int_equal(family_showers(&ctx, world_person(w, n), &links), OK);
    assert_int_equal(links.count, 1);
    return links.at[0].ref;
}

static inline const struct problem *
agrees(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);

    return family_agree(&ctx, world_person(w, n), ref_at(w, n));
}

/* Person n, born so, has agreed that HER shows her card. */
static inline const char *
member_of_her(struct world *w, int n, enum kinship kinship, int64_t born)
{
    const char *person_id = relative(w, n, born);

    assert_null(asks_for(w, n, kinship));
    assert_null(agrees(w, n));
    return person_id;
}

static inline struct family_links
members_of_her(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct family_links links;

    assert_int_equal(family_members(&ctx, world_person(w, HER), &links), OK);
    return links;
}

static inline enum err
may_show(struct world *w, const char *holder_id)
{
    struct ctx ctx = world_ctx(w);

    return card_may_show(&ctx, world_person(w, HER), holder_id);
}

/* Whatever the store is asked of a family, once. */
static inline void
family_is_asked_all(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    const char *member = member_of_her(w, 1, KINSHIP_CHILD, 19620415);
    struct stored_card_family_list list;
    struct family_links links;

    assert_int_equal(may_show(w, member), OK);
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(may_show(w, member), OK);
    store_rollback(w->store);
    assert_int_equal(family_cards(&ctx, world_person(w, HER), &links), OK);
    assert_int_equal(store_card_family_history(w->store, w->arena, member, &list), OK);
    assert_int_equal(person_stop(&ctx, member, PERSON_CLOSED, "closed"), OK);
}

#endif
