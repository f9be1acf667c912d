/* SPDX-License-Identifier: Apache-2.0 */
/* A mini program's js_code at the token endpoint. */
#include "tests/protocols/login/wechat_kit.h"
#include "tests/sims/kit_wechat.h"
#include "tests/world_sims.h"

static void
bound(struct world *w)
{
    bind_official(w, "ok-1", 0);
    world_consent(w, 0, "mini", "openid profile");
    new_browser(w);
}

/* CH-01 */
static void
CH_01_a_js_code_reused_expired_or_of_another_appid_is_refused(void **state)
{
    struct world *w = *state;
    const char *code = once(w, "ok-1");
    int64_t calls = world_wechat_calls(w, "jscode2session");

    bound(w);
    mini_asks(w, code, "");
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_wechat_calls(w, "jscode2session"), calls + 1);
    mini_asks(w, code, "");
    assert_refused(w, &problem_wechat_code);
    mini_asks(w, "expired", "");
    assert_refused(w, &problem_wechat_code);
    mini_asks(w, "wx0000000000000001.ok-1", "");
    assert_refused(w, &problem_wechat_code);
    assert_int_equal(world_rows_of(w, "partner_grant"), 1);
}

/* CH-02 */
static void
CH_02_an_openid_or_unionid_that_the_client_sends_is_not_read(void **state)
{
    struct world *w = *state;

    bound(w);
    mini_asks(w, once(w, "ok-2"), "&openid=m1&unionid=u1");
    assert_refused(w, &problem_wechat_not_bound);
}

/* CH-03 */
static void
CH_03_no_answer_and_no_row_has_a_session_key_or_secret(void **state)
{
    static const char *const secrets[] = { SIM_SESSION_KEY, "sim-mini-secret",
                                           "sim-official-secret", "\"m1\"", "\"u1\"" };
    struct world *w = *state;

    bound(w);
    mini_asks(w, once(w, "ok-1"), "");
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
        assert_null(strstr(w->answer.body, secrets[i]));
    mini_asks(w, once(w, "ok-2"), "");
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
        assert_null(strstr(w->answer.body, secrets[i]));
}

/* CH-04: it is not taken at all, so there is nothing to alter. */
static void
CH_04_encrypted_data_is_refused_and_costs_no_code(void **state)
{
    struct world *w = *state;
    const char *code = once(w, "ok-1");

    bound(w);
    mini_asks(w, code, "&encryptedData=AAAA&iv=AAAA");
    assert_refused(w, &problem_wechat_data_unused);
    mini_asks(w, code, "");
    assert_int_equal(w->answer.status, 200);
}

/* CH-05 */
static void
CH_05_a_missing_or_changed_unionid_gives_no_tokens(void **state)
{
    struct world *w = *state;

    bound(w);
    mini_asks(w, once(w, "ok-1"), "");
    assert_int_equal(w->answer.status, 200);
    mini_asks(w, once(w, "nounion-1"), "");
    assert_refused(w, &problem_wechat_not_bound);
    mini_asks(w, once(w, "moved-1"), "");
    assert_refused(w, &problem_wechat_not_bound);
}

static void
what_is_missing_or_refused_is_told(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "mini", "/oauth2/token", "grant_type=" MINI_GRANT);
    assert_refused(w, &problem_wechat_code_missing);
    mini_asks(w, "ok-1", "&scope=openid"); /* twice */
    assert_refused(w, &problem_parameter_repeated);
    mini_asks(w, "risk", "");
    assert_refused(w, &problem_wechat_refused);
    mini_asks(w, "limit", "");
    assert_refused(w, &problem_wechat_too_often);
    mini_asks(w, "secret", "");
    assert_refused(w, &problem_wechat_unavailable);
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=" MINI_GRANT "&js_code=ok-1");
    assert_refused(w, &problem_grant_type_not_allowed);
}

static void
the_session_is_her_own_at_l1_on_the_channel_wechat(void **state)
{
    struct world *w = *state;
    int64_t sessions;

    bound(w);
    sessions = world_rows_of(w, "session");
    mini_asks(w, once(w, "ok-1"), "");
    assert_int_equal(world_rows_of(w, "session"), sessions + 1);
    assert_audited(w, AUDIT_CODE_REDEEMED, NULL);
}

static void
a_refresh_goes_on_as_ever(void **state)
{
    struct world *w = *state;

    bound(w);
    mini_asks(w, once(w, "ok-1"), "");
    world_partner_post(w, "mini", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       world_json(w, "refresh_token"));
    assert_int_equal(w->answer.status, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(CH_01_a_js_code_reused_expired_or_of_another_appid_is_refused),
        world_sims_test(CH_02_an_openid_or_unionid_that_the_client_sends_is_not_read),
        world_sims_test(CH_03_no_answer_and_no_row_has_a_session_key_or_secret),
        world_sims_test(CH_04_encrypted_data_is_refused_and_costs_no_code),
        world_sims_test(CH_05_a_missing_or_changed_unionid_gives_no_tokens),
        world_sims_test(what_is_missing_or_refused_is_told),
        world_sims_test(the_session_is_her_own_at_l1_on_the_channel_wechat),
        world_sims_test(a_refresh_goes_on_as_ever),
    };

    return world_sims_run(tests);
}
