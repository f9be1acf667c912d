/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/buf.h"
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
    assert_null(out.userinfo.verified_claims);
    assert_string_equal(out.acr_values, "");
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
    const struct claim_wanted *name = claim_wanted_find(&out->userinfo, "given_name");

    assert_int_equal(out->userinfo.count, 3);
    assert_true(name->essential);
    assert_int_equal(name->value_count, 0);
    assert_false(claim_wanted_find(&out->userinfo, "nickname")->essential);
    assert_false(claim_wanted_find(&out->userinfo, "picture")->essential);
    assert_null(claim_wanted_find(&out->userinfo, "sub"));
    assert_string_equal(claim_wanted_find(&out->id_token, "sub")->values[0], "248289761001");
    assert_string_equal(out->acr_values, "urn:hrss:acr:l2 urn:hrss:acr:l3");
    assert_false(out->acr_essential);
    assert_null(out->id_token.verified_claims);
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
verified_claims_are_kept_as_they_were_asked(void **state)
{
    static const char wish[] = "{\"verification\":{\"trust_framework\":{\"value\":\"cn_hrss\"},"
                               "\"assurance_level\":null,\"time\":{\"max_age\":63072000},"
                               "\"evidence\":[{\"type\":{\"value\":\"electronic_record\"},"
                               "\"check_details\":[{\"check_method\":{\"value\":\"data\"}}]}]},"
                               "\"claims\":{\"name\":null}}";
    struct claims_request *out =
        parsed(*state, arena_printf(*state, "{\"userinfo\":{\"verified_claims\": %s}}", wish));

    assert_string_equal(out->userinfo.verified_claims, wish);
    assert_null(out->id_token.verified_claims);
    assert_int_equal(out->userinfo.count, 0);
    out = parsed(*state, "{\"id_token\":{\"verified_claims\":[{\"claims\":{}}]}}");
    assert_string_equal(out->id_token.verified_claims, "[{\"claims\":{}}]");
}

static void
an_empty_request_asks_for_nothing(void **state)
{
    assert_int_equal(parsed(*state, "{}")->userinfo.count, 0);
    assert_int_equal(parsed(*state, " {\"userinfo\":{},\"id_token\":{}} ")->id_token.count, 0);
}

static void
values_that_are_no_texts_constrain_nothing(void **state)
{
    struct claims_request *out =
        parsed(*state, "{\"userinfo\":{\"a\":{\"value\":true},\"b\":{\"values\":[1,\"x\",2.5]}}}");

    assert_int_equal(claim_wanted_find(&out->userinfo, "a")->value_count, 0);
    assert_int_equal(claim_wanted_find(&out->userinfo, "b")->value_count, 1);
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
        "{\"userinfo\":{\"verified_claims\":null}}",
        "{\"userinfo\":{\"verified_claims\":\"x\"}}",
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

static void
sc_28_a_claim_needs_a_granted_scope_that_covers_it(void **state)
{
    static const struct {
        const char *claim;
        const char *scope;
        bool allowed;
    } cases[] = {
        { "sub", "openid", true },
        { "sub", "", false },
        { "name", "openid profile", true },
        { "name", "openid realname", true },
        { "name", "openid", false },
        { "identity_number", "openid profile phone realname", false },
        { "identity_number", "openid identity_number", true },
        { "phone_number", "openid phone", true },
        { "phone_number_verified", "openid phone", true },
        { "phone_number", "openid", false },
        { "verified_claims", "openid realname", true },
        { "verified_claims", "openid profile", false },
        { "bank_card", "openid profile phone realname identity_number email address", false },
        { "", "openid", false },
        { "sub auth_time", "openid", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(claim_allowed(cases[i].claim, cases[i].scope), cases[i].allowed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(the_request_of_the_specification_is_read),
        WITH_ARENA(an_essential_acr_is_told_apart),
        WITH_ARENA(verified_claims_are_kept_as_they_were_asked),
        WITH_ARENA(an_empty_request_asks_for_nothing),
        WITH_ARENA(values_that_are_no_texts_constrain_nothing),
        WITH_ARENA(malformed_requests_are_refused),
        WITH_ARENA(repeated_members_are_refused),
        WITH_ARENA(tx_05_malformed_text_in_json_is_refused),
        WITH_ARENA(size_depth_and_counts_are_bounded),
        cmocka_unit_test(sc_28_a_claim_needs_a_granted_scope_that_covers_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
