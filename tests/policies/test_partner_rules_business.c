/* SPDX-License-Identifier: Apache-2.0 */
/* What partners may register about what their staff do for citizens: what would have no effect is refused. */
#include "tests/policies/partner_rules_kit.h"

#define COUNTER ",\"channel\":\"counter\""
#define OF_STAFF(scope) ",\"scope\":\"" scope "\",\"redirect_uris\":[\"https://w.example/cb\"]"
#define EXCHANGE                                                                                   \
    ",\"grant_types\":[\"authorization_code\",\"" GRANT_TYPE_EXCHANGE "\"]" OF_STAFF("openid staff")
#define BUSINESSES(scope)                                                                          \
    ",\"businesses\":[{\"code\":\"pension\",\"name\":\"养老金\",\"scope\":\"" scope                \
    "\",\"roles\":[\"counter\"],\"second\":true}]"

static const char *
complaint_of(struct arena *arena, const char *more, struct partner_profile *out)
{
    const char *json =
        arena_printf(arena, "{\"client_id\":\"window\",\"client_name\":\"窗口\"%s}", more);
    const char *complaint = partner_profile_parse(arena, json, strlen(json), out);

    return complaint != NULL ? complaint : "";
}

static void
a_partner_of_counters_names_what_its_staff_do(void **state)
{
    struct partner_profile profile;
    struct buf text = buf_new(*state, 512);

    assert_string_equal(complaint_of(*state, COUNTER EXCHANGE BUSINESSES("openid"), &profile), "");
    assert_int_equal(profile.businesses.count, 1);
    partner_profile_write(&text, &profile);
    assert_non_null(strstr(text.at, "\"businesses\":[{\"code\":\"pension\",\"name\":\"养老金\","
                                    "\"name#en\":\"养老金\",\"scope\":\"openid\","
                                    "\"roles\":[\"counter\"],\"second\":true}]"));
}

static void
businesses_that_nobody_could_do_are_refused(void **state)
{
    static const struct {
        const char *more;
        const char *start;
    } bad[] = {
        { ",\"grant_types\":[\"" GRANT_TYPE_EXCHANGE "\"]" BUSINESSES("openid"),
          "businesses: are for partners of the channel counter" },
        { COUNTER OF_STAFF("openid staff") BUSINESSES("openid"),
          "businesses: do nothing without the grant" },
        { COUNTER ",\"grant_types\":[\"" GRANT_TYPE_EXCHANGE "\"]" BUSINESSES("openid"),
          "businesses: do nothing without the scope staff" },
        { COUNTER ",\"grant_types\":[\"" GRANT_TYPE_EXCHANGE
                  "\"],\"token_endpoint_auth_method\":\"none\"" BUSINESSES("openid"),
          "businesses: are not for public" },
        { COUNTER EXCHANGE BUSINESSES("openid phone"), "businesses: one has a scope" },
        { COUNTER EXCHANGE ",\"businesses\":[]", "businesses: must be an array" },
        { COUNTER EXCHANGE, "grant_types: token-exchange does nothing" },
    };
    struct partner_profile profile;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *complaint = complaint_of(*state, bad[i].more, &profile);

        if (!text_starts(complaint, bad[i].start))
            assert_string_equal(complaint, bad[i].start);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_partner_of_counters_names_what_its_staff_do),
        WITH_ARENA(businesses_that_nobody_could_do_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
