/* SPDX-License-Identifier: Apache-2.0 */
/* prompt, max_age and hints: AZ-21, AZ-22, AZ-24 (login_hint). */
#include "tests/world.h"

#include <string.h>

static void
assert_sent_back(struct world *w, const char *more, const struct problem *problem,
                 const char *reason)
{
    int64_t rows = world_rows(w);

    world_audit_mark(w);
    world_authorize(w, "webhall", more);
    assert_refused_by_redirect(w, "webhall", problem);
    assert_string_equal(world_location_param(w, "state"), "st-1");
    assert_audited(w, AUDIT_AUTHZ_REJECTED, reason);
    assert_int_equal(world_rows(w), rows);
}

static bool
asks_for_login(struct world *w)
{
    return w->answer.status == 303 && strncmp(world_header(w, "Location"), "/login?tx=", 10) == 0;
}

static void
log_in_a_minute_ago(struct world *w)
{
    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_advance(w, 60);
}

static void
az_21_none_stands_alone(void **state)
{
    static const char *const prompts[] = { "none%20login", "login%20none",
                                           "none%20none",  "none%20consent",
                                           "nonsense",     "login%20x",
                                           "NONE" };
    struct world *w = *state;

    log_in_a_minute_ago(w);
    for (size_t i = 0; i < sizeof(prompts) / sizeof(prompts[0]); i++)
        assert_sent_back(w, arena_printf(w->arena, "&prompt=%s", prompts[i]),
                         &problem_prompt_invalid, "prompt");
}

static void
az_22_max_age_must_be_a_whole_number(void **state)
{
    static const char *const ages[] = { "-1",
                                        "1e3",
                                        "99999999999999999999",
                                        "18446744073709551615",
                                        "1.5",
                                        "0x10",
                                        "%201",
                                        "%2B1",
                                        "1s",
                                        "4294967296" };
    struct world *w = *state;

    log_in_a_minute_ago(w);
    for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++)
        assert_sent_back(w, arena_printf(w->arena, "&max_age=%s", ages[i]),
                         &problem_max_age_invalid, "max_age");
}

static void
az_22_max_age_0_forces_a_login_even_in_the_same_second(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_authorize(w, "webhall", "&max_age=0");
    assert_true(asks_for_login(w));
    world_authorize(w, "webhall", "&max_age=0&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
}

static void
a_login_older_than_max_age_is_asked_for_again(void **state)
{
    struct world *w = *state;

    log_in_a_minute_ago(w);
    world_authorize(w, "webhall", "&max_age=60");
    assert_non_null(world_location_param(w, "code"));
    world_authorize(w, "webhall", "&max_age=59");
    assert_true(asks_for_login(w));
    world_authorize(w, "webhall", "&max_age=59&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
    world_authorize(w, "webhall", "&max_age=2147483647");
    assert_non_null(world_location_param(w, "code"));
}

static void
the_registered_max_age_holds_when_none_is_asked(void **state)
{
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"W\","
                      "\"redirect_uris\":[\"https://app.example/cb\"],"
                      "\"scope\":\"openid profile\",\"default_max_age\":30}]}");
    log_in_a_minute_ago(w);
    world_authorize(w, "webhall", "");
    assert_true(asks_for_login(w));
    world_authorize(w, "webhall", "&max_age=90");
    assert_non_null(world_location_param(w, "code"));
}

static void
prompt_login_asks_a_person_who_is_there(void **state)
{
    struct world *w = *state;

    log_in_a_minute_ago(w);
    world_authorize(w, "webhall", "&prompt=login");
    assert_true(asks_for_login(w));
    world_authorize(w, "webhall", "&prompt=select_account");
    assert_true(asks_for_login(w));
}

static void
a_hint_that_is_no_id_token_of_ours_is_refused(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *const hints[] = { "x", "a.b.c", tokens.access, tokens.refresh,
                                  arena_printf(w->arena, "%sA", tokens.id) };

    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
        assert_sent_back(w, arena_printf(w->arena, "&id_token_hint=%s", world_url(w, hints[i])),
                         &problem_hint_invalid, "hints");
}

static void
another_partners_id_token_is_no_hint(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "hospital");

    assert_sent_back(w, arena_printf(w->arena, "&id_token_hint=%s", tokens.id),
                     &problem_hint_invalid, "hints");
}

static void
az_24_a_login_hint_is_shown_only_when_it_is_a_phone_number(void **state)
{
    struct world *w = *state;

    world_authorize(w, "webhall", "&login_hint=13800138000");
    world_get(w, world_header(w, "Location"));
    assert_non_null(strstr(w->answer.body, "value=\"13800138000\""));
    world_authorize(w, "webhall", "&login_hint=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 200);
    assert_null(strstr(w->answer.body, "alert"));
}

/* The clock stands still: only a new login counts, not one of the same second. */
static void
prompt_login_is_not_satisfied_by_a_login_of_the_same_second(void **state)
{
    struct world *w = *state;
    const char *tx;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_authorize(w, "webhall", "&prompt=login");
    tx = world_location_param(w, "tx");
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_int_equal(w->answer.status, 303);
    assert_null(world_location_param(w, "code"));
    assert_non_null(strstr(world_header(w, "Location"), "/login?"));
    world_log_in(w, 0);
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_non_null(world_location_param(w, "code"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(az_21_none_stands_alone),
        world_test(az_22_max_age_must_be_a_whole_number),
        world_test(az_22_max_age_0_forces_a_login_even_in_the_same_second),
        world_test(a_login_older_than_max_age_is_asked_for_again),
        world_test(the_registered_max_age_holds_when_none_is_asked),
        world_test(prompt_login_asks_a_person_who_is_there),
        world_test(prompt_login_is_not_satisfied_by_a_login_of_the_same_second),
        world_test(a_hint_that_is_no_id_token_of_ours_is_refused),
        world_test(another_partners_id_token_is_no_hint),
        world_test(az_24_a_login_hint_is_shown_only_when_it_is_a_phone_number),
    };

    return world_run(tests);
}
