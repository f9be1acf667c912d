/* SPDX-License-Identifier: Apache-2.0 */
/* CD-17: what a code stands on ends before it is redeemed. */
#include "tests/world.h"

#include "idp/partner/consent.h"
#include "idp/tables/consent.h"
#include "idp/tables/person.h"

/* Every later use fails, the right one too. */
static void
assert_burnt(struct world *w, const char *partner_id, const char *code)
{
    world_redeem(w, partner_id, code);
    assert_refused(w, &problem_code_invalid);
    assert_int_equal(world_rows_of(w, "partner_grant"), 0);
}

static void
assert_subject_refused(struct world *w, const char *code)
{
    world_audit_mark(w);
    world_redeem(w, "webhall", code);
    assert_refused(w, &problem_code_invalid);
    assert_audited(w, AUDIT_CODE_REJECTED, "subject");
    assert_burnt(w, "webhall", code);
}

static void
cd_17_a_session_that_ended_takes_its_codes_along(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_subject_refused(w, code);
}

static void
cd_17_withdrawn_consent_takes_the_codes_along(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");
    struct consent_subject subject = { world_person(w, 0), PURPOSE_PARTNER, "webhall" };
    struct stored_consent given;

    assert_int_equal(store_consent_find(w->store, w->arena, &subject, &given), OK);
    assert_int_equal(store_consent_withdraw(w->store, &given, "c_aside", world_ctx(w).now), OK);
    assert_subject_refused(w, code);
}

static void
cd_17_a_disabled_person_gets_no_tokens(void **state)
{
    static const enum person_state states[] = { PERSON_DISABLED, PERSON_CLOSED, PERSON_DECEASED };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        const char *code = world_code(w, "webhall");

        assert_int_equal(
            store_person_set_state(w->store, world_person(w, 0), states[i], world_ctx(w).now), OK);
        assert_subject_refused(w, code);
        assert_int_equal(
            store_person_set_state(w->store, world_person(w, 0), PERSON_ACTIVE, world_ctx(w).now),
            OK);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(cd_17_a_session_that_ended_takes_its_codes_along),
        world_test(cd_17_withdrawn_consent_takes_the_codes_along),
        world_test(cd_17_a_disabled_person_gets_no_tokens),
    };

    return world_run(tests);
}
