/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix: what is looked at first, what is audited, and what a failure of ours does. */
#include "tests/world.h"

#include <string.h>

static void
where_the_answer_goes_is_settled_before_anything_else(void **state)
{
    struct world *w = *state;

    world_get(w, "/oauth2/authorize?client_id=webhall&redirect_uri=https%3A%2F%2Fevil.test"
                 "&response_type=token&scope=nonsense&prompt=nonsense");
    assert_refused(w, &problem_redirect_uri_mismatch);
}

static void
an_empty_request_is_told_on_a_page(void **state)
{
    struct world *w = *state;

    world_get(w, "/oauth2/authorize");
    assert_refused(w, &problem_client_unknown);
}

static void
a_posted_request_is_as_good_as_one_in_the_address(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid");
    world_form_post(w, "/oauth2/authorize",
                    "client_id=webhall&redirect_uri=https://app.example/cb&response_type=code"
                    "&scope=openid&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256");
    assert_int_equal(w->answer.status, 303);
    assert_non_null(world_location_param(w, "code"));
}

static void
a_failure_of_ours_is_not_sent_to_the_partner(void **state)
{
    struct world *w = *state;
    int64_t rows;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    rows = world_rows(w);
    world_audit_mark(w);
    w->random_fails = true;
    world_authorize(w, "webhall", "");
    w->random_fails = false;
    assert_refused(w, &problem_try_again);
    assert_int_equal(world_audit_count(w, AUDIT_AUTHZ_REJECTED), 0);
    assert_int_equal(world_rows(w), rows);
}

static void
a_refusal_names_the_partner_in_the_audit(void **state)
{
    static const char sql[] = "SELECT partner_id FROM audit WHERE event = 'authz.reject'";
    struct world *w = *state;
    const struct arg args[] = { ARG_END };
    const char *partner_id = NULL;
    const struct out outs[] = { out_text(&partner_id), OUT_END };

    world_audit_mark(w);
    world_authorize(w, "webhall", "&max_age=x");
    assert_int_equal(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        OK);
    assert_string_equal(partner_id, "webhall");
}

/* What needs nothing but the request runs again: her partner may no longer have the scope. */
static void
a_request_is_judged_again_by_the_registration_there_is_when_it_resumes(void **state)
{
    struct world *w = *state;
    const char *tx;

    world_authorize(w, "webhall", "");
    tx = world_location_param(w, "tx");
    world_log_in(w, 0);
    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"W\","
                      "\"redirect_uris\":[\"https://app.example/cb\"],\"scope\":\"openid\","
                      "\"strict_scope\":true}]}");
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_refused_by_redirect(w, "webhall", &problem_scope_invalid);
    assert_string_equal(world_location_param(w, "state"), "st-1");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(where_the_answer_goes_is_settled_before_anything_else),
        world_test(an_empty_request_is_told_on_a_page),
        world_test(a_posted_request_is_as_good_as_one_in_the_address),
        world_test(a_failure_of_ours_is_not_sent_to_the_partner),
        world_test(a_refusal_names_the_partner_in_the_audit),
        world_test(a_request_is_judged_again_by_the_registration_there_is_when_it_resumes),
    };

    return world_run(tests);
}
