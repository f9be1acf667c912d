/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client authentication by secret: rows CA-03, CA-04, CA-06, CA-07, CA-23, CA-26 of the attack
 * catalogue. CA-05 times answers, which no test here does: secrets are compared as digests by
 * digest_eq() alone. There are no client certificates (CA-24, CA-25) and no dynamic registration
 * (CA-29, CA-30).
 */
#include "tests/world.h"

#include <string.h>

#define SECRET(id) id "-secret-0123456789-0123456789-0123456789"
#define FORM "grant_type=client_credentials"

static void
post(struct world *w, const char *authorization, const char *form)
{
    world_audit_mark(w);
    world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                         .form = form,
                                         .authorization = authorization,
                                         .without_cookies = true });
}

static void
assert_unauthenticated(struct world *w, const char *reason)
{
    assert_refused(w, &problem_client_unauthenticated);
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
    assert_audited(w, AUDIT_CLIENT_FAILED, reason);
}

static const char *
basic_of(struct world *w, const char *pair)
{
    return arena_printf(w->arena, "Basic %s", base64_encode(w->arena, bytes_of_text(pair)));
}

static void
the_right_secret_authenticates(void **state)
{
    struct world *w = *state;

    post(w, world_basic(w, "webhall"), FORM);
    assert_int_equal(w->answer.status, 200);
    assert_null(w->answer.problem);
    assert_string_equal(w->answer.partner_id, "webhall");
    post(w, world_basic(w, "webhall"), FORM "&client_id=webhall");
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_audit_count(w, AUDIT_CLIENT_FAILED), 0);
}

static void
the_scheme_is_read_in_any_case(void **state)
{
    struct world *w = *state;

    post(w, arena_printf(w->arena, "bAsIc %s", world_basic(w, "webhall") + 6), FORM);
    assert_int_equal(w->answer.status, 200);
}

static void
ca_03_two_methods_at_once_are_refused(void **state)
{
    static const char *const forms[] = {
        FORM "&client_id=webhall&client_secret=" SECRET("webhall"),
        FORM "&client_secret=x",
        FORM "&client_assertion=x",
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        post(w, world_basic(w, "webhall"), forms[i]);
        assert_refused(w, &problem_client_two_methods);
    }
    post(w, NULL, FORM "&client_id=legacy&client_secret=x&client_assertion=y");
    assert_refused(w, &problem_client_two_methods);
}

static void
ca_04_credentials_in_the_address_are_refused(void **state)
{
    static const char *const targets[] = {
        "/oauth2/token?client_secret=" SECRET("webhall") "&client_id=webhall",
        "/oauth2/token?client_assertion=x",
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        world_send(w, &(struct world_call) { .target = targets[i],
                                             .form = FORM,
                                             .authorization = world_basic(w, "webhall") });
        assert_refused(w, &problem_client_secret_in_query);
        assert_null(strstr(w->answer.body, "secret-0123"));
    }
}

static void
a_wrong_secret_is_refused(void **state)
{
    static const char *const pairs[] = {
        "webhall:" SECRET("Webhall"),
        "webhall:" SECRET("webhall") "0",
        "webhall:webhall",
        "webhall:" SECRET("hospital"),
        "webhall:x",
    };
    struct world *w = *state;
    int64_t rows = world_rows(w);

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        post(w, basic_of(w, pairs[i]), FORM);
        assert_unauthenticated(w, "secret");
        assert_non_null(world_header(w, "WWW-Authenticate"));
    }
    assert_int_equal(world_rows(w), rows);
}

static void
an_unknown_partner_is_refused_alike(void **state)
{
    struct world *w = *state;

    post(w, basic_of(w, "nobody:" SECRET("webhall")), FORM);
    assert_unauthenticated(w, "unknown");
    post(w, NULL, FORM "&client_id=nobody");
    assert_unauthenticated(w, "unknown");
    post(w, NULL, FORM);
    assert_unauthenticated(w, "form");
}

static void
the_client_id_beside_the_header_must_be_the_same(void **state)
{
    struct world *w = *state;

    post(w, world_basic(w, "webhall"), FORM "&client_id=hospital");
    assert_unauthenticated(w, "unknown");
}

static void
ca_06_no_secret_is_no_authentication(void **state)
{
    struct world *w = *state;

    post(w, basic_of(w, "webhall:"), FORM);
    assert_unauthenticated(w, "method");
    post(w, NULL, FORM "&client_id=webhall");
    assert_unauthenticated(w, "method");
    post(w, NULL, FORM "&client_id=legacy");
    assert_unauthenticated(w, "method");
    post(w, NULL, FORM "&client_id=legacy&client_secret=");
    assert_unauthenticated(w, "method");
}

static void
ca_07_only_the_registered_method_is_taken(void **state)
{
    struct world *w = *state;

    post(w, basic_of(w, "spa:" SECRET("spa")), FORM);
    assert_unauthenticated(w, "method");
    post(w, NULL, FORM "&client_id=spa&client_secret=" SECRET("spa"));
    assert_unauthenticated(w, "method");
}

static void
k4_a_secret_is_good_in_header_and_form_alike(void **state)
{
    static const char refresh[] = "grant_type=refresh_token&refresh_token=x";
    struct world *w = *state;

    post(w, NULL, FORM "&client_id=webhall&client_secret=" SECRET("webhall"));
    assert_int_equal(w->answer.status, 200);
    post(w, NULL, FORM "&client_id=webhall&client_secret=wrong");
    assert_unauthenticated(w, "secret");
    post(w, basic_of(w, "legacy:" SECRET("legacy")), FORM);
    assert_refused(w, &problem_grant_type_not_allowed); /* it is known, and may not do this */
    post(w, basic_of(w, "legacy:wrong"), FORM);
    assert_unauthenticated(w, "secret");
    /* A client that tries the other place when it failed is told again why it failed. */
    post(w, world_basic(w, "webhall"), refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    post(w, NULL,
         arena_printf(w->arena, "%s&client_id=webhall&client_secret=" SECRET("webhall"), refresh));
    assert_refused(w, &problem_refresh_token_invalid);
}

#define STRICT(id, method)                                                                         \
    "{\"client_id\":\"" id "\",\"client_name\":\"W\","                                             \
    "\"redirect_uris\":[\"https://" id ".example/cb\"],"                                           \
    "\"grant_types\":[\"client_credentials\"],\"token_endpoint_auth_method\":\"" method "\","      \
    "\"strict_auth_method\":true,\"client_secret\":\"" SECRET(id) "\"}"

static void
ca_07_k4_a_strict_partner_keeps_to_its_place(void **state)
{
    struct world *w = *state;

    world_partners(w, "{\"partners\":[" STRICT("header", "client_secret_basic") "," STRICT(
                          "form", "client_secret_post") "]}");
    post(w, basic_of(w, "header:" SECRET("header")), FORM);
    assert_int_equal(w->answer.status, 200);
    post(w, NULL, FORM "&client_id=header&client_secret=" SECRET("header"));
    assert_unauthenticated(w, "method");
    post(w, NULL, FORM "&client_id=form&client_secret=" SECRET("form"));
    assert_int_equal(w->answer.status, 200);
    post(w, basic_of(w, "form:" SECRET("form")), FORM);
    assert_unauthenticated(w, "method");
}

static void
ca_23_a_malformed_header_is_refused(void **state)
{
    struct world *w = *state;
    char *const huge = arena_alloc(w->arena, 65537);
    const char *headers[] = { "Basic !!!!",
                              "Basic ",
                              "Basic d2ViaGFsbA==",
                              huge,
                              basic_of(w, "webhall%00:x"),
                              basic_of(w, "webhall:%00"),
                              basic_of(w, "webhall:%zz"),
                              basic_of(w, "webhall:%ff"),
                              basic_of(w, ":"),
                              basic_of(w, "webhall:\xff\xfe"),
                              "Basic d2ViaGFsbDp4=" };

    memset(huge, 'A', 65536);
    memcpy(huge, "Basic ", 6);
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        post(w, headers[i], FORM);
        assert_unauthenticated(w, NULL);
    }
}

static void
ca_23_a_secret_with_signs_is_form_encoded(void **state)
{
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"W\","
                      "\"redirect_uris\":[\"https://app.example/cb\"],"
                      "\"grant_types\":[\"client_credentials\"],"
                      "\"client_secret\":\"a:b+c d%e&f=0123456789012345678901234\"}]}");
    post(w, basic_of(w, "webhall:a%3Ab%2Bc+d%25e%26f%3D0123456789012345678901234"), FORM);
    assert_int_equal(w->answer.status, 200);
    post(w, basic_of(w, "webhall:a:b+c d%e&f=0123456789012345678901234"), FORM);
    assert_refused(w, &problem_client_unauthenticated);
}

static const char *
partner_of_the_record(struct world *w)
{
    static const char sql[] = "SELECT partner_id FROM audit WHERE event = 'client.fail'";
    const char *partner_id = NULL;
    const struct out outs[] = { out_text(&partner_id), OUT_END };

    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = sql, .outs = outs, .arena = w->arena }), OK);
    return partner_id;
}

static void
k6_the_record_names_the_partner_where_it_is_known(void **state)
{
    struct world *w = *state;

    post(w, basic_of(w, "webhall:wrong"), FORM);
    assert_unauthenticated(w, "secret");
    assert_string_equal(partner_of_the_record(w), "webhall");
    assert_string_equal(w->answer.partner_id, "webhall");
    post(w, NULL, FORM "&client_id=webhall");
    assert_unauthenticated(w, "method");
    assert_string_equal(partner_of_the_record(w), "webhall");
    post(w, basic_of(w, "invented:wrong"), FORM);
    assert_unauthenticated(w, "unknown");
    assert_string_equal(partner_of_the_record(w), "");
    assert_string_equal(w->answer.partner_id, "");
}

/* Z11: whatever is made up, it is one line of the ledger, and no partner is slowed by it. */
/* Signed or not: the registered method is looked at first. */
static void
an_assertion_is_not_for_a_partner_with_a_secret(void **state)
{
    struct world *w = *state;
    const char *header = base64url_encode(w->arena, bytes_of_text("{\"alg\":\"HS256\"}"));
    const char *claims = base64url_encode(w->arena, bytes_of_text("{\"iss\":\"webhall\"}"));

    post(w, NULL, arena_printf(w->arena, FORM "&client_assertion=%s.%s.AA", header, claims));
    assert_unauthenticated(w, "assertion");
}

static void
who_names_no_partner_of_ours_counts_for_the_network(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 40; i++) {
        post(w, basic_of(w, arena_printf(w->arena, "invented-%d:wrong", i)), FORM);
        assert_refused(w, i < 20 ? &problem_client_unauthenticated
                                 : &problem_client_too_many_failures);
    }
    assert_int_equal(world_rows_of(w, "attempt"), 1);
    post(w, basic_of(w, "webhall:wrong"), FORM);
    assert_unauthenticated(w, "secret");
    w->address = "2001:db8::1";
    post(w, basic_of(w, "invented:wrong"), FORM);
    assert_unauthenticated(w, "unknown");
    w->address = "2001:db8::2";
    post(w, basic_of(w, "other:wrong"), FORM);
    assert_unauthenticated(w, "unknown");
    assert_int_equal(world_rows_of(w, "attempt"), 3);
}

static void
ca_26_guessing_is_slowed_and_the_true_partner_is_still_served(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 20; i++) {
        post(w, basic_of(w, "webhall:wrong"), FORM);
        assert_unauthenticated(w, "secret");
    }
    for (int i = 0; i < 80; i++) {
        post(w, basic_of(w, "webhall:wrong"), FORM);
        assert_refused(w, &problem_client_too_many_failures);
        assert_non_null(world_header(w, "Retry-After"));
    }
    post(w, world_basic(w, "webhall"), FORM);
    assert_int_equal(w->answer.status, 200);
    post(w, basic_of(w, "hospital:wrong"), FORM);
    assert_unauthenticated(w, "secret");
    world_advance(w, 61);
    post(w, basic_of(w, "webhall:wrong"), FORM);
    assert_unauthenticated(w, "secret");
}

static void
k5_an_empty_parameter_is_an_absent_one(void **state)
{
    static const char *const more[] = {
        "&client_secret=", "&client_assertion=", "&client_id=",
        "&client_secret=&client_assertion=&client_assertion_type="
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        post(w, world_basic(w, "webhall"), arena_printf(w->arena, FORM "%s", more[i]));
        assert_int_equal(w->answer.status, 200);
    }
    world_send(w, &(struct world_call) { .target = "/oauth2/token?client_secret=",
                                         .form = FORM,
                                         .authorization = world_basic(w, "webhall") });
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_audit_count(w, AUDIT_CLIENT_FAILED), 0);
}

/* Some stacks always send the header (RFC 6749, 2.3.1: an empty secret may be left out). */
static void
k5_basic_with_an_empty_password_is_a_public_partner_that_names_itself(void **state)
{
    struct world *w = *state;

    post(w, basic_of(w, "spa:"), "grant_type=refresh_token&refresh_token=x");
    assert_refused(w, &problem_refresh_token_invalid);
    assert_int_equal(world_audit_count(w, AUDIT_CLIENT_FAILED), 0);
    post(w, basic_of(w, "spa:"), "grant_type=refresh_token&refresh_token=x&client_secret=y");
    assert_refused(w, &problem_client_two_methods);
}

/* Which challenge a 401 carries depends on where credentials came from: nowhere, here. */
static void
k5_after_an_empty_secret_the_answer_asks_for_basic(void **state)
{
    struct world *w = *state;

    post(w, NULL, FORM "&client_id=webhall&client_secret=");
    assert_unauthenticated(w, "method");
    assert_non_null(world_header(w, "WWW-Authenticate"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_right_secret_authenticates),
        world_test(the_scheme_is_read_in_any_case),
        world_test(ca_03_two_methods_at_once_are_refused),
        world_test(ca_04_credentials_in_the_address_are_refused),
        world_test(a_wrong_secret_is_refused),
        world_test(an_unknown_partner_is_refused_alike),
        world_test(the_client_id_beside_the_header_must_be_the_same),
        world_test(ca_06_no_secret_is_no_authentication),
        world_test(ca_07_only_the_registered_method_is_taken),
        world_test(k4_a_secret_is_good_in_header_and_form_alike),
        world_test(ca_07_k4_a_strict_partner_keeps_to_its_place),
        world_test(ca_23_a_malformed_header_is_refused),
        world_test(ca_23_a_secret_with_signs_is_form_encoded),
        world_test(k6_the_record_names_the_partner_where_it_is_known),
        world_test(an_assertion_is_not_for_a_partner_with_a_secret),
        world_test(who_names_no_partner_of_ours_counts_for_the_network),
        world_test(ca_26_guessing_is_slowed_and_the_true_partner_is_still_served),
        world_test(k5_an_empty_parameter_is_an_absent_one),
        world_test(k5_basic_with_an_empty_password_is_a_public_partner_that_names_itself),
        world_test(k5_after_an_empty_secret_the_answer_asks_for_basic),
    };

    return world_run(tests);
}
