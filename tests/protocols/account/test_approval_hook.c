/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/oauth2/backchannel_kit.h"

static void
hook(struct world *w, const char *auth_req_id, const char *action)
{
    world_send(w, &(struct world_call) {
                      .target = arena_printf(w->arena, "/tests/approve?auth_req_id=%s&action=%s",
                                             auth_req_id, action),
                      .method = "POST" });
}

static void
it_is_off(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    hook(w, auth_req_id, "allow");
    assert_int_equal(w->answer.status, 404);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
}

static void
where_it_is_on_a_suite_answers_for_her(void **state)
{
    struct world *w = *state;
    const char *auth_req_id = bc_ask_her(w);

    w->settings.tests.approval_hook = true;
    hook(w, auth_req_id, "allow");
    assert_int_equal(w->answer.status, 200);
    bc_poll(w, "hotline", auth_req_id);
    assert_int_equal(w->answer.status, 200);
    auth_req_id = bc_ask(w, "hotline", "login_hint=13800138000", "");
    hook(w, auth_req_id, "deny");
    assert_int_equal(w->answer.status, 200);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_access_denied);
}

static void
nobody_is_not_answered_for(void **state)
{
    struct world *w = *state;

    w->settings.tests.approval_hook = true;
    hook(w, bc_ask(w, "hotline", "login_hint=13900139000", ""), "allow");
    assert_int_equal(w->answer.status, 404);
    hook(w, "x", "allow");
    assert_int_equal(w->answer.status, 404);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(it_is_off),
        world_test(where_it_is_on_a_suite_answers_for_her),
        world_test(nobody_is_not_answered_for),
    };

    return world_run(tests);
}
