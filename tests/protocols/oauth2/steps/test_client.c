/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks and where the answer goes: rows AZ-01 to AZ-16 and AZ-35 of the attack catalogue. There
 * is no registration over the network (AZ-09, AZ-10, AZ-35): an operator's partners file is what
 * registers, so those rows go through partner_apply() and are audited as "registration".
 */
#include "tests/world.h"

#include <string.h>

#include "idp/partner/apply.h"

#define TAIL                                                                                       \
    "&response_type=code&state=st-1&scope=openid&code_challenge=" WORLD_CHALLENGE                  \
    "&code_challenge_method=S256"

static const char *
address(struct world *w, const char *partner_id, const char *redirect_uri)
{
    return arena_printf(w->arena, "/oauth2/authorize?client_id=%s&redirect_uri=%s" TAIL, partner_id,
                        world_url(w, redirect_uri));
}

/* "As AZ-01": a page, nothing changed, one audit record; also when the person is logged in. */
static void
assert_kept_here(struct world *w, const char *target, const struct problem *problem,
                 const char *reason)
{
    int64_t rows = world_rows(w);

    world_audit_mark(w);
    world_get(w, target);
    assert_refused(w, problem);
    assert_null(world_header(w, "Set-Cookie"));
    assert_audited(w, AUDIT_AUTHZ_REJECTED, reason);
    assert_int_equal(world_rows(w), rows);
}

static void
assert_all_mismatch(struct world *w, const char *partner_id, const char *const *uris)
{
    world_log_in(w, 0);
    world_consent(w, 0, partner_id, "openid");
    for (; *uris != NULL; uris++)
        assert_kept_here(w, address(w, partner_id, *uris), &problem_redirect_uri_mismatch,
                         "redirect_uri");
}

static void
az_01_a_slash_behind_the_registered_address_is_another_address(void **state)
{
    static const char *const uris[] = { "https://app.example/cb/", "https://app.example/c",
                                        "https://app.example/cb#", "https://app.example/cb?",
                                        NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_02_a_longer_host_is_another_address(void **state)
{
    static const char *const uris[] = { "https://app.example.evil.test/cb",
                                        "https://app.example:443/cb",
                                        "https://evil.test/app.example/cb", NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_03_user_information_in_the_address_is_refused(void **state)
{
    static const char *const uris[] = { "https://app.example@evil.test/cb",
                                        "http://localhost:80@evil.test/",
                                        "https://app.example%40evil.test/cb", NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_04_several_at_signs_are_refused(void **state)
{
    static const char *const uris[] = { "https://app.example@@evil.test/cb",
                                        "https://a@app.example@evil.test/cb",
                                        "https://evil.test@app.example/cb", NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_05_dot_segments_are_refused(void **state)
{
    static const char *const uris[] = {
        "https://app.example/cb/../x",        "https://app.example/x/../cb",
        "https://app.example/cb/..%2f..%2fx", "https://app.example/cb/..;/x",
        "https://app.example/./cb",           NULL
    };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_06_double_encoding_is_refused(void **state)
{
    static const char *const uris[] = { "https://app.example/cb%252f..%252fx",
                                        "https://app.example/%2563b", "https://app.example/%63b",
                                        NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_07_another_case_is_another_address(void **state)
{
    static const char *const uris[] = { "https://app.example/CB", "HTTPS://app.example/cb",
                                        "https://APP.example/cb", "http://app.example/cb", NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_08_a_dot_is_a_dot_and_patterns_are_not_registered(void **state)
{
    static const char *const uris[] = { "https://appXexample/cb", "https://app-example/cb", NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_09_a_fragment_is_refused(void **state)
{
    static const char *const uris[] = { "https://app.example/cb#x", "#", NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static const char *
file_with(struct world *w, const char *member, const char *uri)
{
    return arena_printf(w->arena,
                        "{\"partners\":[{\"client_id\":\"new\",\"client_name\":\"N\","
                        "\"redirect_uris\":[\"https://new.example/cb\"%s],"
                        "\"post_logout_redirect_uris\":[\"https://new.example/bye\"%s]}]}",
                        member[0] == 'r' ? arena_printf(w->arena, ",\"%s\"", uri) : "",
                        member[0] == 'p' ? arena_printf(w->arena, ",\"%s\"", uri) : "");
}

static void
assert_not_registered(struct world *w, const char *json)
{
    struct ctx ctx = world_ctx(w);
    struct buf report = buf_new(w->arena, 256);
    int64_t rows = world_rows(w);

    world_audit_mark(w);
    assert_int_equal(
        partner_apply(&ctx, bytes_of_text(json), &(struct partner_order) { 0 }, &report),
        ERR_INVALID);
    assert_audited(w, AUDIT_PARTNER_REJECTED, "registration");
    assert_int_equal(world_rows(w), rows);
}

static void
az_09_az_10_addresses_that_run_or_lead_astray_are_not_registered(void **state)
{
    static const char *const uris[] = {
        "JaVaScRiPt:alert(1)",   "javascript:alert(1)",
        "data:text/html,x",      "vbscript:x",
        "file:///etc/hostname",  "https://new.example/cb#x",
        "https://*.example/cb",  "https://new.example/../cb",
        "http://new.example/cb", "https://a@new.example/cb",
        "//new.example/cb",      "https://new.example\\\\@evil.test/"
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        assert_not_registered(w, file_with(w, "redirect_uris", uris[i]));
        assert_not_registered(w, file_with(w, "post_logout_redirect_uris", uris[i]));
    }
}

static void
az_11_an_app_may_listen_on_any_port_of_the_loopback_address(void **state)
{
    struct world *w = *state;

    world_get(w, arena_printf(w->arena, "%s&prompt=none",
                              address(w, "app", "http://127.0.0.1:51004/cb")));
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_location_param(w, "error"), "login_required");
    assert_memory_equal(world_header(w, "Location"), "http://127.0.0.1:51004/cb?", 26);
}

static void
az_11_only_the_port_may_differ(void **state)
{
    static const char *const uris[] = { "http://localhost/cb",
                                        "http://localhost:51004/cb",
                                        "http://127.0.0.1:51004/other",
                                        "http://127.0.0.1.evil.test/cb",
                                        "http://127.0.0.1:1@evil.test/cb",
                                        "http://[::1]:51004/cb",
                                        "https://127.0.0.1:51004/cb",
                                        "http://127.0.0.1:/cb",
                                        "http://127.0.0.1:99999/cb",
                                        "http://127.0.0.1:51004/cb?x=1",
                                        NULL };

    assert_all_mismatch(*state, "app", uris);
}

static void
az_11_other_partners_have_no_such_freedom(void **state)
{
    static const char *const uris[] = { "https://spa.example:8443/cb", "http://127.0.0.1:51004/cb",
                                        NULL };

    assert_all_mismatch(*state, "spa", uris);
}

static void
az_12_a_repeated_redirect_uri_is_refused_in_either_order(void **state)
{
    static const char *const pairs[] = {
        "redirect_uri=https%3A%2F%2Fapp.example%2Fcb&redirect_uri=https%3A%2F%2Fevil.test%2Fcb",
        "redirect_uri=https%3A%2F%2Fevil.test%2Fcb&redirect_uri=https%3A%2F%2Fapp.example%2Fcb",
        "redirect_uri=https%3A%2F%2Fapp.example%2Fcb&redirect_uri=https%3A%2F%2Fapp.example%2Fcb",
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        assert_kept_here(
            w, arena_printf(w->arena, "/oauth2/authorize?client_id=webhall&%s" TAIL, pairs[i]),
            &problem_parameter_repeated, "duplicate_param");
}

static void
az_13_any_parameter_twice_is_refused_on_a_page(void **state)
{
    static const char *const more[] = { "&state=x",
                                        "&scope=openid",
                                        "&code_challenge=x",
                                        "&nonce=a&nonce=b",
                                        "&prompt=none&prompt=none",
                                        "&client_id=webhall",
                                        "&foo=1&foo=2" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
        assert_kept_here(w,
                         arena_printf(w->arena, "%s%s",
                                      address(w, "webhall", "https://app.example/cb"), more[i]),
                         &problem_parameter_repeated, "duplicate_param");
}

static void
az_13_a_posted_request_may_not_repeat_either(void **state)
{
    struct world *w = *state;

    world_audit_mark(w);
    world_form_post(w, "/oauth2/authorize",
                    "client_id=webhall&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb" TAIL
                    "&state=x");
    assert_refused(w, &problem_parameter_repeated);
    assert_audited(w, AUDIT_AUTHZ_REJECTED, "duplicate_param");
}

static void
a_posted_request_is_read_from_its_body_alone(void **state)
{
    struct world *w = *state;

    world_form_post(
        w, "/oauth2/authorize?client_id=webhall&redirect_uri=https%3A%2F%2Fapp.example%2Fcb",
        "response_type=code&scope=openid");
    assert_refused(w, &problem_client_unknown);
}

static void
az_14_a_query_that_is_not_registered_is_refused(void **state)
{
    static const char *const uris[] = { "https://app.example/cb?code=x",
                                        "https://app.example/cb?state=x",
                                        "https://app.example/cb&code=x", NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_15_backslashes_and_control_characters_are_refused(void **state)
{
    static const char *const uris[] = { "https://app.example\\@evil.test",
                                        "https://app.example\\.evil.test/cb",
                                        "/%09//evil.test",
                                        "/\t//evil.test",
                                        "https://app.example/cb\r\nX: y",
                                        " https://app.example/cb",
                                        "//evil.test/cb",
                                        NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_16_an_unknown_client_is_told_on_a_page(void **state)
{
    struct world *w = *state;

    assert_kept_here(w, address(w, "nobody", "https://app.example/cb"), &problem_client_unknown,
                     "client");
    assert_kept_here(w, address(w, "WEBHALL", "https://app.example/cb"), &problem_client_unknown,
                     "client");
    assert_kept_here(w, address(w, "", "https://app.example/cb"), &problem_client_unknown,
                     "client");
}

static void
a_missing_redirect_uri_is_refused(void **state)
{
    struct world *w = *state;

    assert_kept_here(w, "/oauth2/authorize?client_id=webhall" TAIL, &problem_redirect_uri_mismatch,
                     "redirect_uri");
}

static void
another_partners_address_is_refused(void **state)
{
    static const char *const uris[] = { "https://hospital.example/cb", NULL };

    assert_all_mismatch(*state, "webhall", uris);
}

static void
az_35_two_partners_may_not_share_an_address(void **state)
{
    assert_not_registered(
        *state, "{\"partners\":["
                "{\"client_id\":\"one\",\"client_name\":\"1\","
                "\"redirect_uris\":[\"https://one.example/cb\"]},"
                "{\"client_id\":\"two\",\"client_name\":\"2\","
                "\"redirect_uris\":[\"https://two.example/cb\",\"https://one.example/cb\"]}]}");
}

static void
z8_a_parameter_in_the_address_and_in_the_body_is_one_sent_twice(void **state)
{
    static const char *const addresses[] = { "?client_id=webhall", "?client_id=hospital",
                                             "?state=st-1", "?foo=1", "?client_id=" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        world_audit_mark(w);
        world_form_post(
            w, arena_printf(w->arena, "/oauth2/authorize%s", addresses[i]),
            "client_id=webhall&foo=1&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb" TAIL);
        assert_refused(w, &problem_parameter_repeated);
        assert_audited(w, AUDIT_AUTHZ_REJECTED, "duplicate_param");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(az_01_a_slash_behind_the_registered_address_is_another_address),
        world_test(az_02_a_longer_host_is_another_address),
        world_test(az_03_user_information_in_the_address_is_refused),
        world_test(az_04_several_at_signs_are_refused),
        world_test(az_05_dot_segments_are_refused),
        world_test(az_06_double_encoding_is_refused),
        world_test(az_07_another_case_is_another_address),
        world_test(az_08_a_dot_is_a_dot_and_patterns_are_not_registered),
        world_test(az_09_a_fragment_is_refused),
        world_test(az_09_az_10_addresses_that_run_or_lead_astray_are_not_registered),
        world_test(az_11_an_app_may_listen_on_any_port_of_the_loopback_address),
        world_test(az_11_only_the_port_may_differ),
        world_test(az_11_other_partners_have_no_such_freedom),
        world_test(az_12_a_repeated_redirect_uri_is_refused_in_either_order),
        world_test(az_13_any_parameter_twice_is_refused_on_a_page),
        world_test(az_13_a_posted_request_may_not_repeat_either),
        world_test(a_posted_request_is_read_from_its_body_alone),
        world_test(az_14_a_query_that_is_not_registered_is_refused),
        world_test(az_15_backslashes_and_control_characters_are_refused),
        world_test(az_16_an_unknown_client_is_told_on_a_page),
        world_test(a_missing_redirect_uri_is_refused),
        world_test(another_partners_address_is_refused),
        world_test(az_35_two_partners_may_not_share_an_address),
        world_test(z8_a_parameter_in_the_address_and_in_the_body_is_one_sent_twice),
    };

    return world_run(tests);
}
