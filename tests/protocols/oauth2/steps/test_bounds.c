/* SPDX-License-Identifier: Apache-2.0 */
/* How long an authorization request may be: each text, and all that the
 * browser carries in links. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/server/engine/gate.h"
#include "idp/session/transaction.h"
#include "tests/world.h"

#define PKCE "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256"
#define LONGEST_LINK "/oauth2/authorize/resume?tx=%s&ui_locales=zh-CN"

static const char *
times(struct world *w, const char *unit, size_t count)
{
    size_t size = strlen(unit);
    char *out = arena_alloc(w->arena, count * size + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(out + i * size, unit, size);
    return out;
}

/* Without a cookie of ours a POST goes on as a GET (findings B1), when it fits one. */
static void
go_on(struct world *w)
{
    if (text_starts(world_header(w, "Location"), "/oauth2/authorize?"))
        world_get(w, world_header(w, "Location"));
}

static void
ask(struct world *w, const char *more)
{
    world_form_post(w, "/oauth2/authorize",
                    "client_id=webhall&response_type=code&scope=openid&state=st-1"
                    "&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb" PKCE "%s",
                    more);
    if (w->answer.status == 303)
        go_on(w);
}

/* The reason names the step; what the partner must know again comes back. */
static void
assert_sent_back(struct world *w, const struct problem *problem, const char *reason)
{
    assert_refused_by_redirect(w, "webhall", problem);
    assert_audited(w, AUDIT_AUTHZ_REJECTED, reason);
    world_audit_mark(w);
}

static void
s7_z14_acr_values_without_measure_are_refused_and_state_travels_back(void **state)
{
    static const size_t sizes[] = { 513, 9500, 56 * 1024 };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        ask(w, arena_printf(w->arena, "&acr_values=%s", times(w, "a", sizes[i])));
        assert_sent_back(w, &problem_field_too_long, "bounds");
        assert_string_equal(world_location_param(w, "error"), "invalid_request");
    }
    ask(w, arena_printf(w->arena, "&acr_values=%s&state=st-1", times(w, "a", 513)));
    assert_refused(w, &problem_parameter_repeated);
    ask(w, arena_printf(w->arena, "&acr_values=%s", times(w, "a", 512)));
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

static void
state_travels_back_when_another_text_is_too_long(void **state)
{
    static const char *const names[] = { "login_hint", "claims", "nonce", "id_token_hint",
                                         "request" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        ask(w, arena_printf(w->arena, "&%s=%s", names[i], times(w, "a", 20000)));
        assert_int_equal(w->answer.status, 303);
        assert_string_equal(world_location_param(w, "state"), "st-1");
        assert_non_null(world_location_param(w, "error"));
        assert_audited(w, AUDIT_AUTHZ_REJECTED, "bounds");
        world_audit_mark(w);
    }
}

static void
a_client_or_address_too_long_is_refused_here(void **state)
{
    struct world *w = *state;

    world_form_post(w, "/oauth2/authorize", "client_id=%s&response_type=code",
                    times(w, "a", 20000));
    assert_refused(w, &problem_client_unknown);
    world_form_post(w, "/oauth2/authorize", "client_id=webhall&redirect_uri=%s",
                    times(w, "a", 20000));
    assert_refused(w, &problem_redirect_uri_mismatch);
}

/* --- All together --- */

/* What a browser would ask of a server that bounds like ours. */
static void
assert_gate_takes(struct world *w, const char *target)
{
    const struct gate_header host = { "Host", 4, "id.example", 10 };
    const struct gate_input in = { .method = "GET",
                                   .target = target,
                                   .version = "HTTP/1.1",
                                   .headers = &host,
                                   .header_count = 1 };
    struct gate_output out;

    assert_null(gate_check(w->arena, &in, &out));
}

/* Everything that a transaction may learn later on. */
static void
assert_transaction_stays_in_bounds(struct world *w, const char *sealed)
{
    struct ctx ctx = world_ctx(w);
    struct transaction tx;

    assert_int_equal(transaction_peek(&ctx, sealed, &tx), OK);
    tx.scope = "openid profile";
    tx.phone = tx.bank_phone = "+8613800138000";
    tx.person_id = tx.shown_to = tx.agreed_by = "p_0123456789012345678901";
    tx.seen_handle = times(w, "h", 43);
    assert_int_equal(transaction_seal(&ctx, &tx, &sealed), OK);
    assert_true(strlen(sealed) <= TRANSACTION_MAX_BYTES);
    assert_gate_takes(w, arena_printf(w->arena, LONGEST_LINK, sealed));
}

/* A state and a redirect URI of these lengths, and claims of the other. */
struct request_shape {
    const char *state_unit; /* encoded */
    size_t state_count;
    size_t path_size; /* of the redirect URI */
};

static void
ask_shaped(struct world *w, const struct request_shape *shape, size_t claims)
{
    world_form_post(w, "/oauth2/authorize",
                    "client_id=wide&response_type=code&scope=openid+profile&nonce=%s&state=%s"
                    "&redirect_uri=https%%3A%%2F%%2Fwide.example%%2F%s&claims=%%7B%s%%7D"
                    "&acr_values=%s&login_hint=%s" PKCE,
                    times(w, "n", 1024), times(w, shape->state_unit, shape->state_count),
                    times(w, "c", shape->path_size), times(w, "+", claims - 2), times(w, "a", 512),
                    times(w, "1", 256));
    if (w->answer.status == 303)
        go_on(w);
}

static void
register_wide(struct world *w, const struct request_shape *shape)
{
    world_partners(
        w, arena_printf(w->arena,
                        "{\"partners\":[{\"client_id\":\"wide\",\"client_name\":\"宽\","
                        "\"client_name#en\":\"Wide\",\"channel\":\"web\","
                        "\"redirect_uris\":[\"https://wide.example/%s\"],"
                        "\"token_endpoint_auth_method\":\"none\","
                        "\"grant_types\":[\"authorization_code\"],\"scope\":\"openid profile\"}]}",
                        times(w, "c", shape->path_size)));
}

/* The largest claims that are taken with the rest; at least one size is, and 4,096 is the end. */
static size_t
largest_claims(struct world *w, const struct request_shape *shape)
{
    size_t good = 2;
    size_t bad = 4097;

    while (bad - good > 1) {
        size_t middle = (good + bad) / 2;

        ask_shaped(w, shape, middle);
        if (text_starts(world_header(w, "Location"), "/login?tx="))
            good = middle;
        else
            bad = middle;
    }
    return good;
}

static const char *
link_of(struct world *w)
{
    const char *location = world_header(w, "Location");
    const char *scheme = strstr(location, "://");

    return scheme != NULL ? strchr(scheme + 3, '/') : location;
}

static void
z14_the_largest_request_that_is_taken_gives_links_that_every_gate_takes(void **state)
{
    static const struct request_shape shapes[] = { { "s", 2048, 10 },    { "%22", 2048, 10 },
                                                   { "s", 2048, 800 },   { "s", 2048, 1500 },
                                                   { "%22", 2048, 900 }, { "s", 10, 10 },
                                                   { "s", 4096, 10 },    { "s", 4096, 1500 },
                                                   { "%22", 1024, 1000 } };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        size_t claims;

        w->cookies = 0;
        register_wide(w, &shapes[i]);
        claims = largest_claims(w, &shapes[i]);
        assert_true(claims > 256);
        ask_shaped(w, &shapes[i], claims);
        assert_gate_takes(w, world_header(w, "Location"));
        assert_transaction_stays_in_bounds(w, world_location_param(w, "tx"));
        world_log_in(w, 0);
        world_consent(w, 0, "wide", "openid profile");
        ask_shaped(w, &shapes[i], claims);
        assert_non_null(world_location_param(w, "code"));
        assert_true(strlen(world_location_param(w, "code")) <= CODE_MAX_BYTES);
        assert_gate_takes(w, link_of(w));
    }
}

static void
what_is_too_long_together_is_refused_though_each_is_not(void **state)
{
    static const struct request_shape shape = { "%22", 2048, 2000 };
    struct world *w = *state;

    register_wide(w, &shape);
    ask_shaped(w, &shape, 4096);
    assert_refused_by_redirect(w, "wide", &problem_request_too_long);
    assert_int_equal(strlen(world_location_param(w, "state")), 2048);
    assert_audited(w, AUDIT_AUTHZ_REJECTED, "size");
    assert_gate_takes(w, link_of(w));
}

static void
ask_legacy(struct world *w, const char *state, const char *more)
{
    world_form_post(w, "/oauth2/authorize",
                    "client_id=legacy&response_type=code&scope=openid&prompt=none&nonce=n"
                    "&redirect_uri=https%%3A%%2F%%2Flegacy.example%%2Fcb&state=%s%s",
                    state, more);
}

/* A page that posts is no link: what would triple there stays as it is. */
static void
a_state_of_any_characters_may_have_its_full_length_by_form_post(void **state)
{
    struct world *w = *state;
    const char *quotes = times(w, "%22", 4096);

    world_log_in(w, 0);
    world_consent(w, 0, "legacy", "openid");
    ask_legacy(w, quotes, "&response_mode=form_post");
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_hidden(w, "code"));
    ask_legacy(w, quotes, "");
    assert_refused_by_redirect(w, "legacy", &problem_request_too_long);
    assert_int_equal(strlen(world_location_param(w, "state")), 4096);
}

static void
a_request_of_usual_size_with_all_the_claims_there_is_room_for_is_taken(void **state)
{
    static const struct request_shape shape = { "s", 64, 64 };
    struct world *w = *state;

    register_wide(w, &shape);
    assert_int_equal(largest_claims(w, &shape), 4096);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(s7_z14_acr_values_without_measure_are_refused_and_state_travels_back),
        world_test(state_travels_back_when_another_text_is_too_long),
        world_test(a_client_or_address_too_long_is_refused_here),
        world_test(z14_the_largest_request_that_is_taken_gives_links_that_every_gate_takes),
        world_test(what_is_too_long_together_is_refused_though_each_is_not),
        world_test(a_state_of_any_characters_may_have_its_full_length_by_form_post),
        world_test(a_request_of_usual_size_with_all_the_claims_there_is_room_for_is_taken),
    };

    return world_run(tests);
}
