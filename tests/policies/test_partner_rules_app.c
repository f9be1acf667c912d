/* SPDX-License-Identifier: Apache-2.0 */
/* What an app may do by token exchange (docs/adr/0047): what would have no effect is refused. */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/partner_profile.h"

#define EXCHANGE                                                                                   \
    ",\"grant_types\":[\"authorization_code\","                                                    \
    "\"urn:ietf:params:oauth:grant-type:token-exchange\"]"
#define NATIVE ",\"application_type\":\"native\""
#define GROUP ",\"native_sso_group\":\"hrss\""
#define SHARES ",\"scope\":\"openid device_sso\""
#define OPENS(list) ",\"browser_ticket_partners\":\"" list "\""

static const char *
complaint_of(struct arena *arena, const char *more)
{
    const char *json = arena_printf(arena,
                                    "{\"client_id\":\"pilot\",\"client_name\":\"App\","
                                    "\"redirect_uris\":[\"https://pilot.example/cb\"]%s}",
                                    more);
    struct partner_profile profile;
    const char *complaint = partner_profile_parse(arena, json, strlen(json), &profile);

    return complaint != NULL ? complaint : "";
}

static void
what_has_an_effect_is_taken(void **state)
{
    static const char *const good[] = {
        NATIVE GROUP SHARES,
        NATIVE GROUP EXCHANGE,
        NATIVE GROUP SHARES EXCHANGE OPENS("web hall"),
        NATIVE EXCHANGE OPENS("web"),
    };

    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_string_equal(complaint_of(*state, good[i]), "");
}

static void
what_has_no_effect_is_refused_by_name(void **state)
{
    static const struct {
        const char *more;
        const char *start;
    } bad[] = {
        { GROUP SHARES, "native_sso_group: is for apps" },
        { NATIVE GROUP, "native_sso_group: does nothing" },
        { NATIVE ",\"native_sso_group\":\"HR SS\"" SHARES, "native_sso_group: must be" },
        { NATIVE SHARES, "scope: device_sso does nothing" },
        { NATIVE OPENS("web"), "browser_ticket_partners: does nothing" },
        { NATIVE EXCHANGE OPENS("web pilot"), "browser_ticket_partners: need not" },
        { EXCHANGE OPENS("web"), "browser_ticket_partners: is for apps" },
        { NATIVE EXCHANGE, "grant_types: token-exchange does nothing" },
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *complaint = complaint_of(*state, bad[i].more);

        if (!text_starts(complaint, bad[i].start))
            assert_string_equal(complaint, bad[i].start);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(what_has_an_effect_is_taken),
        WITH_ARENA(what_has_no_effect_is_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
