/* SPDX-License-Identifier: Apache-2.0 */
/* Two members of staff at two counters, and what one of them proposes. */
#ifndef TESTS_STAFF_PROPOSAL_KIT_H
#define TESTS_STAFF_PROPOSAL_KIT_H

#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/vault.h"
#include "idp/staff/proposal.h"
#include "tests/world.h"

/* She sits there, in the world's browser, and this is her sitting. */
static inline struct sitting
kit_sit(struct world *w, const char *staff_id, int counter)
{
    struct ctx ctx = world_ctx(w);
    struct sitting sitting;
    struct sitting_shown shown;

    world_sit(w, staff_id, "counter", counter);
    shown = (struct sitting_shown) { world_cookie(w, "__Host-counter"),
                                     world_cookie(w, "__Host-staff"), NULL };
    assert_int_equal(sitting_load(&ctx, &shown, &sitting), OK);
    assert_true(sitting.live);
    return sitting;
}

/* The ctx of a request of hers; `form` may be NULL. */
static inline struct ctx
kit_ctx(struct world *w, const struct sitting *sitting, const char *form)
{
    struct ctx ctx = world_ctx(w);

    ctx.staff_id = sitting->staff.staff_id;
    ctx.counter_id = sitting->counter.counter_id;
    ctx.channel = "counter";
    ctx.form = form;
    return ctx;
}

/* Person 0 wants to have something transferred. */
static inline const char *
kit_propose(struct world *w, const struct sitting *sitting)
{
    struct ctx ctx = kit_ctx(w, sitting, NULL);
    const struct proposal_wish wish = { .kind = PROPOSAL_BUSINESS,
                                        .person_id = world_person(w, 0),
                                        .partner_id = "hospital",
                                        .business = "transfer",
                                        .reason = "her own wish" };
    const char *proposal_id;

    assert_null(proposal_make(&ctx, sitting, &wish, &proposal_id));
    return proposal_id;
}

static inline const struct problem *
kit_decide(struct world *w, const struct sitting *sitting, const char *proposal_id, bool approves)
{
    struct ctx ctx = kit_ctx(w, sitting, NULL);

    return proposal_decide(&ctx, sitting, proposal_id, approves);
}

#endif
