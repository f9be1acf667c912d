/* SPDX-License-Identifier: Apache-2.0 */
/* The token response (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3). */
#include "tests/world.h"

#include <string.h>

#include "idp/partner/registry.h"
#include "keys/jws.h"

/* The payload of a token of ours becomes the answer, so that world_json() reads it. */
static void
look_into(struct world *w, const char *token)
{
    struct jws jws;

    assert_int_equal(jws_read(w->arena, token, &jws), OK);
    w->answer.body = arena_copy(w->arena, jws.payload.at, jws.payload.size);
}

static void
the_answer_has_every_member_and_is_not_cached(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_non_null(tokens.access);
    assert_non_null(tokens.refresh);
    assert_non_null(tokens.id);
    assert_non_null(strstr(w->answer.body, "\"expires_in\":300"));
    assert_string_equal(w->answer.content_type, "application/json");
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
}

static void
the_id_token_is_for_the_partner_and_the_access_token_for_us(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    look_into(w, tokens.id);
    assert_string_equal(world_json(w, "iss"), WORLD_ISSUER);
    assert_string_equal(world_json(w, "aud"), "webhall");
    assert_string_equal(world_json(w, "nonce"), "n-1");
    assert_non_null(world_json(w, "at_hash"));
    look_into(w, tokens.access);
    assert_string_equal(world_json(w, "aud"), WORLD_ISSUER);
    assert_string_equal(world_json(w, "client_id"), "webhall");
    assert_null(world_json(w, "nonce"));
}

static void
two_partners_know_the_person_by_two_names(void **state)
{
    struct world *w = *state;
    struct world_tokens webhall = world_login_tokens(w, "webhall");
    struct world_tokens bank = world_login_tokens(w, "bank");
    const char *sub;
    const char *sid;

    look_into(w, webhall.id);
    sub = world_json(w, "sub");
    sid = world_json(w, "sid");
    look_into(w, bank.id);
    assert_string_not_equal(world_json(w, "sub"), sub);
    assert_string_not_equal(world_json(w, "sid"), sid);
}

static void
a_refreshed_id_token_has_no_nonce(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    look_into(w, world_tokens_of(w).id);
    assert_null(world_json(w, "nonce"));
}

static void
told_by_the_back_channel(struct world *w, const char *partner_id)
{
    struct partner *partner = (struct partner *)registry_find(w->services.registry, partner_id);

    partner->profile.backchannel_logout_uri = "https://app.example/backchannel";
}

/* K11: Keycloak as broker ties what a logout token ends to it. */
static void
k11_session_state_is_the_sid_of_the_partner_at_each_answer(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    const char *session_state;

    told_by_the_back_channel(w, "webhall");
    tokens = world_login_tokens(w, "webhall");
    session_state = world_json(w, "session_state");

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    assert_string_equal(world_json(w, "session_state"), session_state);
    look_into(w, tokens.id);
    assert_string_equal(world_json(w, "sid"), session_state);
}

/* oidc-client-ts would take it for that of the authorization response, and tell its page at once that
 * somebody has logged out. */
static void
a_page_that_is_sent_no_logout_token_has_none(void **state)
{
    struct world *w = *state;

    (void)world_login_tokens(w, "spa");
    assert_int_equal(w->answer.status, 200);
    assert_null(strstr(w->answer.body, "session_state"));
}

static void
k11_a_partners_own_token_has_no_session(void **state)
{
    struct world *w = *state;

    told_by_the_back_channel(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    assert_int_equal(w->answer.status, 200);
    assert_null(strstr(w->answer.body, "session_state"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_answer_has_every_member_and_is_not_cached),
        world_test(the_id_token_is_for_the_partner_and_the_access_token_for_us),
        world_test(two_partners_know_the_person_by_two_names),
        world_test(a_refreshed_id_token_has_no_nonce),
        world_test(k11_session_state_is_the_sid_of_the_partner_at_each_answer),
        world_test(a_page_that_is_sent_no_logout_token_has_none),
        world_test(k11_a_partners_own_token_has_no_session),
    };

    return world_run(tests);
}
