/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/json.h"
#include "idp/base/problem.h"
#include "policies/claims.h"

static struct claims_request *
parsed(struct arena *arena, const char *json)
{
    struct claims_request *out = arena_alloc(arena, sizeof(*out));

    assert_null(claims_request_parse(arena, json, out));
    return out;
}

static void
refused(struct arena *arena, const char *json)
{
    struct claims_request out;

    memset(&out, 0xff, sizeof(out));
    assert_ptr_equal(claims_request_parse(arena, json, &out), &problem_claims_invalid);
    assert_int_equal(out.userinfo.count, 0);
    assert_int_equal(out.id_token.count, 0);
    assert_string_equal(out.acr_values, "");
}

static bool
is_essential(const struct claims_wanted *side, const char *claim)
{
    return json_is_true(json_object_get(claim_wish(side, claim), "essential"));
}

static void
the_request_of_the_specification_is_read(void **state)
{
    struct claims_request *out =
        parsed(*state, "{\"userinfo\":{\"given_name\":{\"essential\":true},\"nickname\":null,"
                       "\"picture\":{\"essential\":false,\"new\":[1]}},"
                       "\"id_token\":{\"auth_time\":{\"essential\":true},"
                       "\"acr\":{\"values\":[\"urn:hrss:acr:l2\",\"urn:hrss:acr:l3\"]},"
                       "\"sub\":{\"value\":\"248289761001\"}},\"other\":1}");

    assert_int_equal(out->userinfo.count, 3);
    assert_true(is_essential(&out->userinfo, "given_name"));
    assert_true(json_is_null(claim_wish(&out->userinfo, "nickname")));
    assert_false(is_essential(&out->userinfo, "picture"));
    assert_null(claim_wish(&out->userinfo, "sub"));
    assert_string_equal(out->acr_values, "urn:hrss:acr:l2 urn:hrss:acr:l3");
    assert_false(out->acr_essential);
    assert_null(claim_wish(&out->id_token, "verified_claims"));
}

static void
an_essential_acr_is_told_apart(void **state)
{
    struct claims_request *out = parsed(
        *state, "{\"id_token\":{\"acr\":{\"essential\":true,\"value\":\"urn:hrss:acr:l3\"}}}");

    assert_true(out->acr_essential);
    assert_string_equal(out->acr_values, "urn:hrss:acr:l3");
    out = parsed(*state, "{\"userinfo\":{\"acr\":{\"essential\":true,\"value\":\"x\"}}}");
    assert_false(out->acr_essential);
    assert_string_equal(out->acr_values, "");
}

static void
verified_claims_are_an_object_or_an_array_of_some(void **state)
{
    static const char wish[] = "{\"verification\":{\"trust_framework\":{\"value\":\"cn_hrss\"},"
                               "\"assurance_level\":null,\"time\":{\"max_age\":63072000},"
                               "\"evidence\":[{\"type\":{\"value\":\"electronic_record\"},"
                               "\"check_details\":[{\"check_method\":{\"value\":\"data\"}}]}]},"
                               "\"claims\":{\"name\":null}}";
    static const char *const sound[] = { wish, "[{\"claims\":null}]", "{}",
                                         "[{\"verification\":null},{\"claims\":{\"x\":null}}]",
                                         "{\"more\":1,\"claims\":{\"x\":{\"purpose\":\"y\"}}}" };
    static const char *const bad[] = { "null",
                                       "\"x\"",
                                       "[]",
                                       "[null]",
                                       "[{\"claims\":{}}]",
                                       "{\"claims\":{}}",
                                       "{\"claims\":[]}",
                                       "{\"claims\":\"name\"}",
                                       "{\"claims\":{\"name\":true}}",
                                       "{\"claims\":{\"name\":{\"essential\":0}}}",
                                       "{\"claims\":{\"name\":{\"values\":[1,2,3,4,5,6,7,8,9]}}}",
                                       "{\"verification\":true}",
                                       "[{},{},{},{},{},{},{},{},{}]" };

    for (size_t i = 0; i < COUNT_OF(sound); i++) {
        const char *json =
            arena_printf(*state, "{\"userinfo\":{\"verified_claims\": %s}}", sound[i]);
        struct claims_request *out = parsed(*state, json);

        assert_string_equal(json_text(*state, claim_wish(&out->userinfo, "verified_claims")),
                            sound[i]);
        assert_null(claim_wish(&out->id_token, "verified_claims"));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        refused(*state, arena_printf(*state, "{\"id_token\":{\"verified_claims\":%s}}", bad[i]));
}

static void
an_empty_request_asks_for_nothing(void **state)
{
    assert_int_equal(parsed(*state, "{}")->userinfo.count, 0);
    assert_int_equal(parsed(*state, " {\"userinfo\":{},\"id_token\":{}} ")->id_token.count, 0);
}

static void
malformed_requests_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "x",
        "null",
        "[]",
        "\"userinfo\"",
        "{",
        "{}x",
        "{\"userinfo\":null}",
        "{\"userinfo\":[]}",
        "{\"id_token\":\"sub\"}",
        "{\"userinfo\":{\"name\":true}}",
        "{\"userinfo\":{\"name\":\"x\"}}",
        "{\"userinfo\":{\"name\":{\"essential\":1}}}",
        "{\"userinfo\":{\"name\":{\"value\":{}}}}",
        "{\"userinfo\":{\"name\":{\"value\":null}}}",
        "{\"userinfo\":{\"name\":{\"values\":\"x\"}}}",
        "{\"userinfo\":{\"name\":{\"values\":[[]]}}}",
        "{\"userinfo\":{\"name\":{\"value\":\"a\",\"values\":"
        "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\"]}}}",
        "{\"userinfo\":{\"name\":{\"values\":[1,2,3,4,5,6,7,8,9]}}}",
        "{\"userinfo\":{\"name\":{\"value\":1e999}}}",
        "{\"userinfo\":{\"name\":null},\"id_token\":7}",
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        refused(*state, bad[i]);
}

static void
repeated_members_are_refused(void **state)
{
    refused(*state, "{\"userinfo\":{},\"userinfo\":{}}");
    refused(*state, "{\"userinfo\":{\"name\":null,\"name\":{\"essential\":true}}}");
    refused(*state, "{\"userinfo\":{\"name\":{\"essential\":false,\"essential\":true}}}");
}

static void
tx_05_malformed_text_in_json_is_refused(void **state)
{
    refused(*state, "{\"userinfo\":{\"a\":{\"value\":\"\\ud800\"}}}");
    refused(*state, "{\"userinfo\":{\"a\":{\"value\":\"\\u0000\"}}}");
    refused(*state, "{\"userinfo\":{\"a\\u0000b\":null}}");
    refused(*state, "{\"userinfo\":{\"a\":{\"value\":\"\xc0\x80\"}}}");
    refused(*state, "{\"userinfo\":{\"a\":{\"value\":\"\xed\xa0\x80\"}}}");
}

static void
size_depth_and_counts_are_bounded(void **state)
{
    char *json = arena_alloc(*state, 5000);
    struct buf wishes;

    memset(json, ' ', 4096);
    memcpy(json, "{}", 2);
    parsed(*state, json);
    json[4096] = ' ';
    refused(*state, json);

    memset(json, '[', 33);
    memset(json + 33, ']', 33);
    refused(*state, arena_printf(*state, "{\"x\":%.66s}", json));

    wishes = buf_new(*state, 1024);
    buf_text(&wishes, "{\"userinfo\":{\"c0\":null");
    for (int i = 1; i < 32; i++)
        buf_text(&wishes, arena_printf(*state, ",\"c%d\":null", i));
    assert_int_equal(parsed(*state, arena_printf(*state, "%s}}", wishes.at))->userinfo.count, 32);
    refused(*state, arena_printf(*state, "%s,\"c32\":null}}", wishes.at));
}

/* What the claims parameter asks for is granted below the scopes that the partner is registered with. */
static void
sc_28_a_registered_scope_is_the_ceiling_of_what_may_be_asked(void **state)
{
    static const struct {
        const char *json;
        const char *registered;
        const char *scope;
        const char *granted;
    } cases[] = {
        { "{\"userinfo\":{\"name\":{\"essential\":true}}}", "openid profile", "openid",
          "openid claim:name" },
        { "{\"id_token\":{\"name\":null}}", "openid realname", "openid", "openid claim:name" },
        { "{\"userinfo\":{\"name\":null}}", "openid profile", "openid profile", "openid profile" },
        { "{\"userinfo\":{\"name\":null,\"identity_number\":null}}", "openid profile", "openid",
          "openid claim:name" },
        { "{\"userinfo\":{\"identity_number\":{\"value\":\"11010519491231002X\"}}}",
          "openid profile", "openid", "openid" },
        { "{\"userinfo\":{\"phone_number\":null},\"id_token\":{\"phone_number\":null}}",
          "openid phone", "openid", "openid claim:phone_number" },
        { "{\"userinfo\":{\"sub\":null,\"email\":null,\"bank_card\":null}}", "openid profile email",
          "openid", "openid" },
        /* verified_claims names further ones. */
        { "{\"userinfo\":{\"verified_claims\":{\"claims\":{\"name\":null}}}}", "openid realname",
          "openid", "openid claim:name claim:verified_claims" },
        { "{\"userinfo\":{\"verified_claims\":{}}}", "openid realname", "openid",
          "openid claim:name claim:verified_claims" },
        { "{\"id_token\":{\"verified_claims\":[{\"claims\":{\"identity_number\":null}},"
          "{\"claims\":{\"phone_number\":null}}]}}",
          "openid realname identity_number phone", "openid",
          "openid claim:identity_number claim:verified_claims" },
        { "{\"userinfo\":{\"verified_claims\":{\"claims\":{\"identity_number\":null}}}}",
          "openid realname identity_number", "openid realname",
          "openid realname claim:identity_number" },
        { "{\"userinfo\":{\"verified_claims\":{\"claims\":{\"identity_number\":null}}}}",
          "openid identity_number", "openid", "openid" },
        { "{}", "openid profile", "openid", "openid" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(claims_granted(*state, parsed(*state, cases[i].json),
                                           cases[i].registered, cases[i].scope),
                            cases[i].granted);
}

static void
a_sub_with_a_value_is_that_person_or_nobody(void **state)
{
    static const struct {
        const char *json;
        bool another;
    } cases[] = {
        { "{}", false },
        { "{\"id_token\":{\"sub\":null}}", false },
        { "{\"id_token\":{\"sub\":{\"essential\":true}}}", false },
        { "{\"id_token\":{\"sub\":{\"value\":\"s\"}}}", false },
        { "{\"userinfo\":{\"sub\":{\"values\":[\"r\",\"s\"]}}}", false },
        { "{\"id_token\":{\"sub\":{\"value\":\"r\"}}}", true },
        { "{\"userinfo\":{\"sub\":{\"value\":\"r\"}}}", true },
        { "{\"userinfo\":{\"sub\":{\"value\":\"s\"}},\"id_token\":{\"sub\":{\"value\":\"r\"}}}",
          true },
        { "{\"id_token\":{\"sub\":{\"value\":1}}}", true },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(claims_want_another(parsed(*state, cases[i].json), "s"), cases[i].another);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(the_request_of_the_specification_is_read),
        WITH_ARENA(an_essential_acr_is_told_apart),
        WITH_ARENA(verified_claims_are_an_object_or_an_array_of_some),
        WITH_ARENA(an_empty_request_asks_for_nothing),
        WITH_ARENA(malformed_requests_are_refused),
        WITH_ARENA(repeated_members_are_refused),
        WITH_ARENA(tx_05_malformed_text_in_json_is_refused),
        WITH_ARENA(size_depth_and_counts_are_bounded),
        WITH_ARENA(sc_28_a_registered_scope_is_the_ceiling_of_what_may_be_asked),
        WITH_ARENA(a_sub_with_a_value_is_that_person_or_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
