/* SPDX-License-Identifier: Apache-2.0 */
/* Signed requests at bc-authorize. The conformance suite's modules have tests of their names in
 * tests/clients/conformance_ciba.test.mjs. */
#include "tests/keys/kit.h"
#include "tests/protocols/oauth2/backchannel_kit.h"

/* The hotline signs its requests; another partner has a key too. */
struct signers {
    struct world *w;
    struct signing_key key;
    struct signing_key another;
    int jti;
};

static const char *
registration(struct world *w, const char *id, const struct signing_key *key)
{
    return arena_printf(
        w->arena,
        "{\"client_id\":\"%s\",\"client_name\":\"P\",\"channel\":\"telephone\","
        "\"token_endpoint_auth_method\":\"client_secret_basic\","
        "\"grant_types\":[\"urn:openid:params:grant-type:ciba\"],\"scope\":\"openid profile\","
        "\"jwks\":{\"keys\":[%s]},\"backchannel_authentication_request_signing_alg\":\"ES256\","
        "\"client_secret\":\"%s-secret-0123456789-0123456789-0123456789\"}",
        id, key->jwk, id);
}

static void
key_free(void *key)
{
    EVP_PKEY_free(key);
}

/* Gone with the world. */
static struct signing_key
key_new(struct world *w, enum jws_alg alg, uint64_t serial)
{
    struct signing_key key = signing_key_new(w->arena, alg, serial);

    arena_own(w->arena, key.key, key_free);
    return key;
}

static struct signers
signers_new(struct world *w)
{
    struct signers s = { .w = w,
                         .key = key_new(w, JWS_ES256, 1),
                         .another = key_new(w, JWS_ES256, 2) };

    world_partners(w, arena_printf(w->arena, "{\"partners\":[%s,%s]}",
                                   registration(w, "hotline", &s.key),
                                   registration(w, "linking", &s.another)));
    world_person(w, 0);
    w->settings.limits.prompts = 100;
    w->settings.limits.codes_minute = 60;
    return s;
}

/* Members in place of those of a good request; "" leaves one out, NULL keeps it. */
struct object_says {
    const char *aud;
    const char *iss;
    const char *exp;
    const char *iat;
    const char *nbf;
    const char *jti;
    const char *more;
};

static const char *
member(struct signers *s, const char *name, const char *said, const char *usual)
{
    const char *value = said != NULL ? said : usual;

    return *value == '\0' ? "" : arena_printf(s->w->arena, "\"%s\":%s,", name, value);
}

static const char *
at(struct signers *s, int64_t from_now_s)
{
    return arena_printf(s->w->arena, "%lld", (long long)world_ctx(s->w).now + from_now_s);
}

static const char *
payload(struct signers *s, const struct object_says *it)
{
    return arena_printf(
        s->w->arena, "{%s%s%s%s%s%s\"scope\":\"openid\",\"login_hint\":\"13800138000\"%s}",
        member(s, "aud", it->aud, "\"" WORLD_ISSUER "\""), member(s, "iss", it->iss, "\"hotline\""),
        member(s, "exp", it->exp, at(s, 60)), member(s, "iat", it->iat, at(s, 0)),
        member(s, "nbf", it->nbf, at(s, 0)),
        member(s, "jti", it->jti, arena_printf(s->w->arena, "\"j%d\"", s->jti++)),
        it->more != NULL ? it->more : "");
}

static const char *
object(struct signers *s, const struct object_says *it)
{
    return token_signed(s->w->arena, s->key.key, JWS_ES256, "{\"alg\":\"ES256\"}", payload(s, it));
}

static void
send(struct signers *s, const char *request, const char *more)
{
    world_audit_mark(s->w);
    world_partner_post(s->w, "hotline", "/oauth2/bc-authorize", "request=%s%s", request, more);
}

static void
assert_bad(struct signers *s, const char *request, const char *reason)
{
    int64_t rows = world_rows(s->w);

    send(s, request, "");
    assert_refused(s->w, &problem_request_object_invalid);
    assert_audited(s->w, AUDIT_CIBA_REJECTED, reason);
    assert_int_equal(world_rows(s->w), rows);
}

static void
a_signed_request_is_taken(void **state)
{
    struct signers s = signers_new(*state);

    send(&s, object(&s, &(struct object_says) { 0 }), "");
    assert_int_equal(s.w->answer.status, 200);
    send(&s,
         object(&s,
                &(struct object_says) { .aud = "[\"https://other.example\",\"" WORLD_ISSUER "\"]",
                                        .nbf = at(&s, 8),
                                        .more = ",\"requested_expiry\":30" }),
         "");
    assert_non_null(strstr(s.w->answer.body, "\"expires_in\":30"));
    send(&s, object(&s, &(struct object_says) { .more = ",\"requested_expiry\":\"31\"" }), "");
    assert_non_null(strstr(s.w->answer.body, "\"expires_in\":31"));
}

static void
each_of_its_claims_is_judged(void **state)
{
    struct signers s = signers_new(*state);
    const struct {
        struct object_says saying;
        const char *reason;
    } cases[] = {
        { { .aud = "" }, "aud" },
        { { .aud = "\"https://other.example\"" }, "aud" },
        { { .iss = "" }, "iss" },
        { { .iss = "\"linking\"" }, "iss" },
        { { .exp = "" }, "exp" },
        { { .exp = at(&s, 0) }, "exp" },
        { { .exp = at(&s, 4200) }, "exp" },
        { { .iat = "" }, "iat" },
        { { .iat = at(&s, 600) }, "iat" },
        { { .nbf = "" }, "nbf" },
        { { .nbf = at(&s, 600) }, "nbf" },
        { { .nbf = at(&s, -4200) }, "nbf" },
        { { .jti = "" }, "jti" },
        { { .jti = "\"\"" }, "jti" },
        { { .more = ",\"binding_message\":{}" }, "members" },
        { { .more = ",\"requested_expiry\":1.5" }, "members" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_bad(&s, object(&s, &cases[i].saying), cases[i].reason);
}

static void
it_is_good_once(void **state)
{
    struct signers s = signers_new(*state);
    const char *request = object(&s, &(struct object_says) { 0 });

    send(&s, request, "");
    assert_int_equal(s.w->answer.status, 200);
    assert_bad(&s, request, "replayed");
}

static void
only_the_partners_own_key_and_algorithm_sign(void **state)
{
    struct signers s = signers_new(*state);
    struct signing_key rsa = key_new(s.w, JWS_RS256, 3);
    const char *said = payload(&s, &(struct object_says) { 0 });

    assert_bad(&s, token_signed(s.w->arena, s.another.key, JWS_ES256, "{\"alg\":\"ES256\"}", said),
               "signature");
    assert_bad(&s, token_signed(s.w->arena, rsa.key, JWS_RS256, "{\"alg\":\"RS256\"}", said),
               "signature");
    assert_bad(
        &s, token_hmac(s.w->arena, EVP_sha256(), bytes_of_text("x"), "{\"alg\":\"HS256\"}", said),
        "signature");
    assert_bad(&s, "eyJhbGciOiJub25lIn0.e30.", "signature");
    assert_bad(&s, "x", "signature");
}

static void
who_signs_sends_nothing_beside_and_nothing_unsigned(void **state)
{
    struct signers s = signers_new(*state);

    send(&s, object(&s, &(struct object_says) { 0 }), "&login_hint=13800138001");
    assert_refused(s.w, &problem_request_object_beside);
    assert_null(bc_ask(s.w, "hotline", "login_hint=13800138000", ""));
    assert_refused(s.w, &problem_request_object_missing);
}

/* Bounds and rules are those of a plain request. */
static void
what_it_says_is_judged_like_a_plain_request(void **state)
{
    struct signers s = signers_new(*state);
    char *longest = arena_alloc(s.w->arena, 3000);

    memset(longest, 'x', 2999);
    longest[2999] = '\0';
    send(&s, object(&s, &(struct object_says) { .more = ",\"binding_message\":\"a\\u202eb\"" }),
         "");
    assert_refused(s.w, &problem_binding_message_invalid);
    send(&s,
         object(&s,
                &(struct object_says) {
                    .more = arena_printf(s.w->arena, ",\"binding_message\":\"%s\"", longest) }),
         "");
    assert_refused(s.w, &problem_binding_message_invalid);
    send(&s, object(&s, &(struct object_says) { .more = ",\"id_token_hint\":\"x\"" }), "");
    assert_refused(s.w, &problem_ciba_hint_missing);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_signed_request_is_taken),
        world_test(each_of_its_claims_is_judged),
        world_test(it_is_good_once),
        world_test(only_the_partners_own_key_and_algorithm_sign),
        world_test(who_signs_sends_nothing_beside_and_nothing_unsigned),
        world_test(what_it_says_is_judged_like_a_plain_request),
    };

    return world_run(tests);
}
