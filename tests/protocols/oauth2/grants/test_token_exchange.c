/* SPDX-License-Identifier: Apache-2.0 */
/* Token exchange (RFC 8693): which kinds there are, and who may ask. */
#include "tests/protocols/app_kit.h"

static void
ask(struct world *w, const char *more)
{
    ask_tokens(w, "second", arena_printf(w->arena, EXCHANGE_FORM "%s", more), NULL);
}

static void
a_token_without_its_type_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "&subject_token=x",
        "&subject_token_type=" TYPE_ID,
        "&subject_token=x&subject_token_type=" TYPE_ID "&actor_token=y",
        "&subject_token=x&subject_token_type=" TYPE_ID "&actor_token_type=" TYPE_SECRET,
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ask(*state, bad[i]);
        assert_refused(*state, &problem_exchange_missing);
    }
}

static void
kinds_that_are_no_row_of_the_table_are_refused(void **state)
{
    static const char *const bad[] = {
        "&subject_token=x&subject_token_type=" TYPE_ID,
        "&subject_token=x&subject_token_type=" TYPE_ACCESS,
        "&subject_token=x&subject_token_type=" TYPE_ACCESS
        "&actor_token=y&actor_token_type=" TYPE_SECRET,
        "&subject_token=x&subject_token_type=" TYPE_ID
        "&actor_token=y&actor_token_type=" TYPE_SECRET "&requested_token_type=" TYPE_ID,
        "&subject_token=x&subject_token_type=" TYPE_ID "&requested_token_type=" TYPE_TICKET,
        "&subject_token=x&subject_token_type=urn:ietf:params:oauth:token-type:saml2",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ask(*state, bad[i]);
        assert_refused(*state, &problem_exchange_unsupported);
    }
}

static void
who_has_not_registered_it_may_not_exchange(void **state)
{
    struct world *w = *state;

    ask_tokens(w, "hall", arena_printf(w->arena, EXCHANGE_FORM "%s", ""), NULL);
    assert_refused(w, &problem_grant_type_not_allowed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        apps_test(a_token_without_its_type_is_refused),
        apps_test(kinds_that_are_no_row_of_the_table_are_refused),
        apps_test(who_has_not_registered_it_may_not_exchange),
    };

    return world_run(tests);
}
