/* SPDX-License-Identifier: Apache-2.0 */
/* What a sandbox tells a partner of a refusal, and that nobody else is told. */
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/tables/person.h"
#include "protocols/http/explain.h"
#include "tests/protocols/oauth2/assertion_kit.h"

static void
explain(struct world *w)
{
    w->settings.errors.explain = true;
}

static int
sandbox_setup(void **state)
{
    return world_setup_adjusted(state, explain);
}

#define sandbox_test(name) cmocka_unit_test_setup_teardown(name, sandbox_setup, world_teardown)

static const char *
sentence_of(const char *refusal, const struct problem *problem)
{
    for (const struct explanation *at = all_explanations; at->sentence != NULL; at++) {
        if (at->problem == problem && text_eq(at->refusal, refusal))
            return at->sentence;
    }
    fail_msg("no line: %s", refusal);
    return NULL;
}

static void
assert_explained(struct world *w, const struct problem *problem, const char *refusal)
{
    assert_int_equal(w->answer.status, problem->status);
    assert_string_equal(world_json(w, "error"), problem->code);
    assert_string_equal(world_json(w, "error_description"), sentence_of(refusal, problem));
}

static void
assert_advised(struct world *w, const struct problem *problem)
{
    assert_int_equal(w->answer.status, problem->status);
    assert_string_equal(world_json(w, "error"), problem->code);
    assert_string_equal(world_json(w, "error_description"),
                        arena_printf(w->arena, "%s Sandbox: %s", problem_text(problem, LANGUAGE_EN),
                                     problem->advice));
}

/* RFC 6749, 5.2; and each names an event of the audit trail. */
static void
every_sentence_may_stand_in_an_answer_and_explains_an_event(void **state)
{
    (void)state;
    for (const struct explanation *at = all_explanations; at->sentence != NULL; at++) {
        bool known = at->refusal[0] == '\0';

        for (const char *c = at->sentence; *c != '\0'; c++)
            assert_true(*c >= 0x20 && *c <= 0x7e && *c != '"' && *c != '\\');
        for (enum audit_event event = AUDIT_NONE + 1; event < AUDIT_COUNT; event++) {
            size_t size = strlen(audit_event_name(event));

            if (strncmp(at->refusal, audit_event_name(event), size) == 0 &&
                strchr(" ", at->refusal[size]) != NULL && audit_event_is_refusal(event))
                known = true;
        }
        if (!known)
            fail_msg("no such event: %s", at->refusal);
    }
}

static void
p3_what_failed_of_a_client_is_told(void **state)
{
    static const struct {
        const char *pair; /* in the Basic header */
        const char *form;
        const char *refusal;
    } cases[] = {
        { "d2ViaGFsbDp3cm9uZw==", "", "client.fail secret" }, /* webhall:wrong */
        { "bm9ib2R5Ong=", "", "client.fail unknown" },        /* nobody:x */
        { "!", "", "client.fail form" },
        { NULL, "&client_id=webhall", "client.fail method" },
        { NULL, "&client_id=webhall&client_assertion=x", "client.fail form" },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_send(
            w, &(struct world_call) {
                   .target = "/oauth2/token",
                   .form = arena_printf(w->arena, "grant_type=client_credentials%s", cases[i].form),
                   .authorization = cases[i].pair != NULL
                                        ? arena_printf(w->arena, "Basic %s", cases[i].pair)
                                        : NULL });
        assert_explained(w, &problem_client_unauthenticated, cases[i].refusal);
    }
}

static void
p3_what_failed_of_an_assertion_is_told(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct signing_key foreign = signing_key_new(w->arena, JWS_ES256, 2);
    struct saying good_one = good(&signer, "pk");
    const struct {
        struct saying saying;
        const char *refusal;
    } cases[] = {
        { { "pk", "\"other\"", good_one.aud, "a", 60, "" }, "client.fail assertion_sub" },
        { { "pk", "\"pk\"", "\"x\"", "b", 60, "" }, "client.fail assertion_aud" },
        { { "pk", "\"pk\"", good_one.aud, "", 60, "" }, "client.fail assertion_jti" },
        { { "pk", "\"pk\"", good_one.aud, "d", 361, "" }, "client.fail assertion_exp" },
        { { "pk", "\"pk\"", good_one.aud, "e", 60, ",\"iat\":1" }, "client.fail assertion_iat" },
        { { "pk", "\"pk\"", good_one.aud, "f", 60, ",\"nbf\":9999999999" },
          "client.fail assertion_nbf" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        present(w, signed_by_pk(&signer, &cases[i].saying), "");
        assert_explained(w, &problem_client_unauthenticated, cases[i].refusal);
    }
    present(w, signed_by_pk(&signer, &good_one), "");
    assert_accepted(w);
    present(w, signed_by_pk(&signer, &good_one), "");
    assert_explained(w, &problem_client_unauthenticated, "client.fail assertion_replayed");
    present(w,
            token_signed(w->arena, foreign.key, JWS_ES256, ES256_HEADER,
                         payload_of(&signer, &good_one)),
            "");
    assert_explained(w, &problem_client_unauthenticated, "client.fail assertion");
    EVP_PKEY_free(foreign.key);
    EVP_PKEY_free(signer.key.key);
}

static void
redeem(struct world *w, const char *partner_id, const char *code, const char *more)
{
    world_partner_post(w, partner_id, "/oauth2/token", "grant_type=authorization_code&code=%s%s",
                       code, more);
}

#define CB "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
#define WRONG_VERIFIER "&code_verifier=0000000000000000000000000000000000000000000"
#define VERIFIER "&code_verifier=" WORLD_VERIFIER

static void
p3_what_failed_of_a_code_is_told(void **state)
{
    static const struct {
        const char *more;
        const char *refusal;
    } cases[] = {
        { CB WRONG_VERIFIER, "code.reject pkce" },
        { CB, "code.reject pkce" },
        { "x" VERIFIER, "" },
        { "&redirect_uri=https%3A%2F%2Fapp.example%2F" VERIFIER, "code.reject redirect_uri" },
        { VERIFIER, "code.reject redirect_uri" },
    };
    struct world *w = *state;
    const char *code;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        redeem(w, "webhall", world_code(w, "webhall"), cases[i].more);
        assert_explained(w, &problem_code_invalid, cases[i].refusal);
    }
    redeem(w, "hospital", world_code(w, "webhall"), CB VERIFIER);
    assert_explained(w, &problem_code_invalid, "code.reject client");
    code = world_code(w, "webhall");
    redeem(w, "webhall", code, CB VERIFIER);
    assert_int_equal(w->answer.status, 200);
    redeem(w, "webhall", code, CB VERIFIER);
    assert_explained(w, &problem_code_invalid, "code.replay");
    code = world_code(w, "webhall");
    world_advance(w, w->settings.life.code_s + 1);
    redeem(w, "webhall", code, CB VERIFIER);
    assert_explained(w, &problem_code_invalid, "code.reject expired");
    code = world_code(w, "webhall");
    assert_int_equal(store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, w->now),
                     OK);
    redeem(w, "webhall", code, CB VERIFIER);
    assert_explained(w, &problem_code_invalid, "code.reject subject");
}

static void
refresh(struct world *w, const char *partner_id, const char *token)
{
    world_partner_post(w, partner_id, "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       token);
}

static void
p3_what_failed_of_a_refresh_token_is_told(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    refresh(w, "webhall", "rt_nonsense");
    assert_explained(w, &problem_refresh_token_invalid, "");
    refresh(w, "webhall", tokens.refresh);
    world_advance(w, 11);
    refresh(w, "webhall", tokens.refresh);
    assert_explained(w, &problem_refresh_token_invalid, "refresh.replay");
    tokens = world_login_tokens(w, "webhall");
    refresh(w, "hospital", tokens.refresh);
    assert_explained(w, &problem_refresh_token_invalid, "refresh.reject client");
    refresh(w, "webhall", tokens.refresh);
    assert_explained(w, &problem_refresh_token_invalid, "refresh.reject ended");
    tokens = world_login_tokens(w, "webhall");
    assert_int_equal(store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, w->now),
                     OK);
    refresh(w, "webhall", tokens.refresh);
    assert_explained(w, &problem_refresh_token_invalid, "refresh.reject person");
}

/* What is refused for another reason in the end is not explained by an earlier one. */
static void
the_cap_is_told_as_itself(void **state)
{
    struct world *w = *state;

    for (int64_t i = 0; i <= w->settings.limits.client_failures; i++)
        world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                             .form = "grant_type=client_credentials",
                                             .authorization = "Basic d2ViaGFsbDp3cm9uZw==" });
    assert_advised(w, &problem_client_too_many_failures);
}

static void
what_no_event_explains_is_told_with_what_to_do(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=password");
    assert_advised(w, &problem_grant_type_unsupported);
    world_partner_post(w, "webhall", "/oauth2/introspect", "other=x");
    assert_advised(w, &problem_token_missing);
}

/* It would be told so only after a login. */
static void
a_partner_whose_errors_go_nowhere_reads_them_on_the_page(void **state)
{
    struct world *w = *state;

    world_get(w, "/oauth2/authorize?client_id=untrusted&scope=openid&response_type=code"
                 "&redirect_uri=https%3A%2F%2Ftrial.example%2Fcb&state=%3Cb%3Ereflected");
    assert_refused(w, &problem_pkce_or_nonce_missing);
    assert_null(strstr(w->answer.body, ">reflected"));
    assert_null(strstr(w->answer.body, "&gt;reflected"));
    world_get(w, "/oauth2/authorize?client_id=untrusted&scope=openid&response_type=code"
                 "&redirect_uri=https%3A%2F%2Freflected.example%2Fcb");
    assert_refused(w, &problem_redirect_uri_mismatch);
    assert_null(
        strstr(w->answer.body, "https://reflected")); /* but in the link to the other language */
}

static void
unless_it_is_on_all_sound_the_same(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "webhall");

    redeem(w, "webhall", code, CB WRONG_VERIFIER);
    assert_refused(w, &problem_code_invalid);
    redeem(w, "webhall", code, CB VERIFIER);
    assert_refused(w, &problem_code_invalid);
    world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                         .form = "grant_type=client_credentials",
                                         .authorization = "Basic d2ViaGFsbDp3cm9uZw==" });
    assert_refused(w, &problem_client_unauthenticated);
    world_get(w, "/oauth2/authorize?client_id=untrusted&scope=openid&response_type=code"
                 "&redirect_uri=https%3A%2F%2Ftrial.example%2Fcb");
    assert_refused(w, &problem_redirect_to_untrusted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence_may_stand_in_an_answer_and_explains_an_event),
        sandbox_test(p3_what_failed_of_a_client_is_told),
        sandbox_test(p3_what_failed_of_an_assertion_is_told),
        sandbox_test(p3_what_failed_of_a_code_is_told),
        sandbox_test(p3_what_failed_of_a_refresh_token_is_told),
        sandbox_test(the_cap_is_told_as_itself),
        sandbox_test(what_no_event_explains_is_told_with_what_to_do),
        sandbox_test(a_partner_whose_errors_go_nowhere_reads_them_on_the_page),
        world_test(unless_it_is_on_all_sound_the_same),
    };

    return world_run(tests);
}
