/* SPDX-License-Identifier: Apache-2.0 */
/* Having things ready (world.h). */
#include "keys/key_pair.h"
#include "tests/asks.h"
#include "tests/world.h"

#include <stdatomic.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "idp/partner/apply.h"
#include "idp/partner/consent.h"
#include "idp/partner/registry.h"
#include "idp/person/credentials.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "keys/jws.h"
#include "keys/jwt_compat.h"

struct ctx
world_ctx(struct world *w)
{
    struct ctx ctx = ctx_new(&w->services, w->arena, w->store);

    ctx.address = w->address;
    return ctx;
}

void
world_advance(struct world *w, int64_t seconds)
{
    atomic_fetch_add(&w->now, seconds);
}

void
world_partners(struct world *w, const char *json)
{
    struct ctx ctx = world_ctx(w);
    struct buf report = buf_new(w->arena, 1024);
    struct partner_order order = { .may_remove = 0 };
    enum err err = partner_apply(&ctx, bytes_of_text(json), &order, &report);

    if (err == ERR_REFUSED) {
        order.may_remove = order.removed;
        err = partner_apply(&ctx, bytes_of_text(json), &order, &report);
    }
    if (err != OK)
        world_die(report.at);
    world_must(registry_load(&ctx), "partners do not load");
}

const char *
world_phone(int n)
{
    static const char *const phones[] = { "13800138000", "13800138001", "13800138002",
                                          "13800138003", "13800138004", "13800138005",
                                          "13800138006", "13800138007", "13800138008",
                                          "13800138009" };

    return phones[n];
}

static const char *
person_make(struct world *w, int n)
{
    static const char *const numbers[] = { "11010519491231002X", "440106196204150020",
                                           "440305199008200033", "440604198506070011",
                                           "650102197803030010", "44050719310909001X",
                                           "441900200002290020", "440111198801120049",
                                           "440111197905220031", "440111199307180024" };
    struct ctx ctx = world_ctx(w);
    struct person person = {
        .person_id = arena_printf(w->arena, "p_world%d", n),
        .state = PERSON_ACTIVE,
        .name = arena_printf(w->arena, "张三%s", n > 0 ? "丰" : ""),
        .identity_number = numbers[n],
        .phone = arena_printf(w->arena, "+86%s", world_phone(n)),
        .birth_date = 19491231,
        .phone_verified_at = ctx.now,
    };
    struct digest identity = identity_digest(&ctx, person.identity_number);
    struct digest phone = phone_digest(&ctx, person.phone);

    world_must(person_insert(&ctx, &person), "no person");
    world_must(store_person_key_insert(w->store, PERSON_KEY_IDENTITY, &identity, person.person_id,
                                       ctx.now),
               "no key");
    world_must(
        store_person_key_insert(w->store, PERSON_KEY_PHONE, &phone, person.person_id, ctx.now),
        "no key");
    world_must(evidence_add(&ctx, person.person_id, EVIDENCE_BANK_CARD, "TX00000000000000000000"),
               "no evidence");
    if (password_choose(&ctx, person.person_id, WORLD_PASSWORD) != NULL)
        world_die("no password");
    return person.person_id;
}

const char *
world_person(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    const char *phone = arena_printf(w->arena, "+86%s", world_phone(n));
    const char *person_id;

    return person_find_by_phone(&ctx, phone, &person_id) == OK ? person_id : person_make(w, n);
}

void
world_log_in(struct world *w, int n)
{
    world_log_in_at(w, n, NULL);
}

void
world_log_in_at(struct world *w, int n, const char *partner_id)
{
    struct ctx ctx = world_ctx(w);
    struct session nobody = { .live = false };
    struct session session;
    struct proof proof = { .person_id = world_person(w, n), .amr = "pwd" };
    const char *cookie;

    if (partner_id != NULL)
        partner_enter(&ctx, registry_find(w->services.registry, partner_id));
    world_must(session_begin(&ctx, &nobody, &proof, &session, &cookie), "no session");
    world_cookie_put(w, "__Host-session", cookie);
}

void
world_consent(struct world *w, int n, const char *partner_id, const char *scope)
{
    struct ctx ctx = world_ctx(w);

    world_must(consent_give(&ctx, registry_find(w->services.registry, partner_id),
                            world_person(w, n), scope, NULL),
               "no consent");
}

void
world_authorize(struct world *w, const char *partner_id, const char *more)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);

    world_get(w, arena_printf(
                     w->arena,
                     "/oauth2/authorize?client_id=%s&response_type=code&redirect_uri=%s&state=st-1"
                     "&scope=openid%%20profile&nonce=n-1&code_challenge=" WORLD_CHALLENGE
                     "&code_challenge_method=S256%s",
                     partner_id, world_url(w, partner->profile.redirect_uris.at[0]), more));
}

const char *
world_code(struct world *w, const char *partner_id)
{
    if (world_cookie(w, "__Host-session") == NULL)
        world_log_in(w, 0);
    world_consent(w, 0, partner_id, "openid profile");
    world_authorize(w, partner_id, "");
    assert_int_equal(w->answer.status, 303);
    assert_non_null(world_location_param(w, "code"));
    return world_location_param(w, "code");
}

void
world_redeem(struct world *w, const char *partner_id, const char *code)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);

    world_partner_post(
        w, partner_id, "/oauth2/token",
        "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=" WORLD_VERIFIER,
        world_url(w, code), world_url(w, partner->profile.redirect_uris.at[0]));
}

/* libjwt did not come from us: every ID token that a test gets must convince it. */
static void
assert_libjwt_agrees(struct world *w, const char *id_token)
{
    const struct signing_key *key;
    struct jws jws;
    const char *pem;
    const char *claims;

    assert_int_equal(jws_read(w->arena, id_token, &jws), OK);
    key = keyring_verifier(w->services.keys, jws.kid);
    assert_non_null(key);
    if (key->alg == JWS_EDDSA)
        return; /* beyond libjwt 1.10 */
    assert_int_equal(key_to_public_pem(w->arena, key->key, &pem), OK);
    assert_int_equal(jwt_compat_verify(w->arena, id_token, key->alg, bytes_of_text(pem), &claims),
                     OK);
}

struct world_tokens
world_tokens_of(struct world *w)
{
    struct world_tokens tokens = { world_json(w, "access_token"), world_json(w, "refresh_token"),
                                   world_json(w, "id_token") };

    if (tokens.id != NULL)
        assert_libjwt_agrees(w, tokens.id);
    return tokens;
}

struct world_tokens
world_login_tokens(struct world *w, const char *partner_id)
{
    world_redeem(w, partner_id, world_code(w, partner_id));
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}
