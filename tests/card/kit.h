/* SPDX-License-Identifier: Apache-2.0 */
/* Logins by a card, and grants of them, without the terminal that makes them. */
#ifndef TESTS_CARD_KIT_H
#define TESTS_CARD_KIT_H

#include "idp/base/text.h"
#include "idp/person/card.h"
#include "idp/person/evidence.h"
#include "idp/session/grant.h"
#include "idp/session/session.h"
#include "policies/assurance.h"
#include "tests/world.h"

#define BY_CARD "sc pin"

/* She is known by card and PIN: her logins may be worth l3. */
static inline void
card_proven(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);

    assert_int_equal(evidence_add(&ctx, world_person(w, n), EVIDENCE_CARD_PIN,
                                  "check0000000000000000000000000001"),
                     OK);
}

/* A login of hers by these factors, in no browser. */
static inline struct session
login_by(struct world *w, int n, const char *amr)
{
    static const struct session nobody;
    struct ctx ctx = world_ctx(w);
    struct proof proof = { .person_id = world_person(w, n), .amr = amr };
    struct session session;
    const char *cookie;

    ctx.channel = "web";
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    return session;
}

/* The same in the world's browser. */
static inline struct session
browser_login_by(struct world *w, int n, const char *amr)
{
    static const struct session nobody;
    struct ctx ctx = world_ctx(w);
    struct proof proof = { .person_id = world_person(w, n), .amr = amr };
    struct session session;
    const char *cookie;

    ctx.channel = "web";
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    world_cookie_put(w, "__Host-session", cookie);
    return session;
}

static inline int64_t
level_of(struct world *w, const struct session *session)
{
    struct ctx ctx = world_ctx(w);
    struct session now;

    assert_int_equal(session_find(&ctx, session->row.sid, &now), OK);
    assert_true(now.live);
    return now.row.level;
}

/* A grant of that login. */
static inline struct stored_grant
grant_of(struct world *w, const struct session *session)
{
    struct ctx ctx = world_ctx(w);
    struct approval approval = approval_of_session(&session->row);
    struct stored_grant grant;

    approval.partner_id = "webhall";
    approval.scope = "openid";
    approval.actor = "";
    approval.claims = "";
    approval.bound_key = "";
    assert_int_equal(grant_make(&ctx, &approval, &grant), OK);
    assert_int_equal(store_grant_insert(w->store, &grant), OK);
    return grant;
}

static inline bool
grant_lives(struct world *w, const struct stored_grant *grant)
{
    struct stored_grant now;

    assert_int_equal(store_grant_load(w->store, w->arena, grant->grant_id, &now), OK);
    return now.ended_at == 0;
}

static inline struct card
card_of(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    assert_int_equal(card_find(&ctx, world_person(w, n), &card), OK);
    return card;
}

#endif
