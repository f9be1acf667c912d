/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards that are shown and those who scan them: clinic and bank (partners with a key), town (of another region),
 * nobody (registered for no purpose), and terminals of kiosks.
 */
#ifndef TESTS_PROTOCOLS_CARD_SCAN_KIT_H
#define TESTS_PROTOCOLS_CARD_SCAN_KIT_H

#include <string.h>

#include "idp/card/loss.h"
#include "idp/card/scan.h"
#include "idp/session/session.h"
#include "idp/session/token.h"
#include "idp/tables/card_use.h"
#include "idp/tables/grant.h"
#include "policies/card_batch.h"
#include "tests/protocols/oauth2/terminal_kit.h"

#define EXCHANGE "urn:ietf:params:oauth:grant-type:token-exchange"
#define CARD_CODE_GRANT "urn:hrss:params:oauth:grant-type:card-code"
#define CARD_CODE_TYPE "urn:hrss:params:oauth:token-type:card-code"
#define CARD_OF 0 /* whose card it mostly is */

/* A partner that authenticates by a key of its own. */
struct scanner {
    struct holder holder;
    const char *partner_id;
};

static inline struct scanner
scanner_new(struct world *w, const char *partner_id)
{
    return (struct scanner) { holder_new(w), partner_id };
}

static inline const char *
scanner_json(struct scanner *scanner, const char *more)
{
    return arena_printf(
        scanner->holder.w->arena,
        "{\"client_id\":\"%s\",\"client_name\":\"%s\","
        "\"token_endpoint_auth_method\":\"private_key_jwt\","
        "\"jwks\":{\"keys\":[%s]},\"grant_types\":[\"client_credentials\",\"" EXCHANGE
        "\"],\"scope\":\"openid profile identity_number\",%s}",
        scanner->partner_id, scanner->partner_id, scanner->holder.key.jwk, more);
}

/* All that stands ready: each test has it anew. */
struct scene {
    struct world *w;
    struct scanner clinic;
    struct scanner bank;
    struct scanner town;
    struct scanner nobody;
    struct kiosk kiosk;
    const char *card_id;
    const char *sid; /* of the session that shows it */
};

static inline void
scene_partners(struct scene *scene)
{
    struct world *w = scene->w;

    world_partners(
        w, arena_printf(
               w->arena,
               "{\"partners\":[%s,%s,%s,{\"client_id\":\"nobody\",\"client_name\":\"N\","
               "\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{\"keys\":[%s]},"
               "\"grant_types\":[\"client_credentials\"]},"
               "{\"client_id\":\"kiosks\",\"client_name\":\"自助终端\",\"channel\":\"terminal\","
               "\"token_endpoint_auth_method\":\"private_key_jwt\","
               "\"grant_types\":[\"" GRANT_TYPE_CARD_CODE "\",\"refresh_token\"],"
               "\"card_purposes\":[\"show\",\"login\"],\"consent\":\"implied\","
               "\"scope\":\"openid profile realname\"}]}",
               scanner_json(&scene->clinic, "\"card_purposes\":[\"show\",\"serve\"]"),
               scanner_json(&scene->bank, "\"card_purposes\":[\"show\",\"serve\",\"pay\"]"),
               scanner_json(&scene->town, "\"card_purposes\":[\"show\",\"serve\"],"
                                          "\"card_regions\":\"330500 310000\""),
               scene->nobody.holder.key.jwk));
}

/* She is logged in anew in a browser, which shows her card. */
static inline const char *
scene_session(struct world *w, int n)
{
    w->cookies = 0;
    world_log_in(w, n);
    return arena_copy(w->arena, world_cookie(w, "__Host-session"), 24);
}

static inline struct scene
scene_new(struct world *w)
{
    struct scene scene = {
        .w = w,
        .clinic = scanner_new(w, "clinic"),
        .bank = scanner_new(w, "bank"),
        .town = scanner_new(w, "town"),
        .nobody = scanner_new(w, "nobody"),
    };

    scene_partners(&scene);
    scene.kiosk = kiosk_new(w, "kiosks");
    scene.card_id = world_card(w, CARD_OF);
    scene.sid = scene_session(w, CARD_OF);
    return scene;
}

static inline const char *
code_of(struct world *w, const char *card_id, const char *sid, enum card_purpose purpose)
{
    struct ctx ctx = world_ctx(w);
    const char *code = NULL;

    assert_int_equal(
        card_code_issue(
            &ctx, &(struct card_code_order) { .card_id = card_id, .sid = sid, .purpose = purpose },
            &code),
        OK);
    return arena_text(w->arena, code);
}

static inline const char *
scene_code(struct scene *scene, enum card_purpose purpose)
{
    return code_of(scene->w, scene->card_id, scene->sid, purpose);
}

static inline const char *
scanner_assertion(struct scanner *scanner)
{
    struct world *w = scanner->holder.w;

    return token_signed(w->arena, scanner->holder.key.key, JWS_ES256, "{\"alg\":\"ES256\"}",
                        arena_printf(w->arena,
                                     "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"" WORLD_ISSUER
                                     "\",\"jti\":\"s%d-%s\",\"exp\":%lld}",
                                     scanner->partner_id, scanner->partner_id,
                                     ++scanner->holder.jti, scanner->partner_id,
                                     (long long)world_ctx(w).now + 60));
}

static inline void
scanner_post(struct scanner *scanner, const char *target, const char *form)
{
    struct world *w = scanner->holder.w;

    world_audit_mark(w);
    world_send(
        w, &(struct world_call) { .target = target,
                                  .form = arena_printf(w->arena,
                                                       "%s&client_assertion_type=" ASSERTION_TYPE
                                                       "&client_assertion=%s",
                                                       form, scanner_assertion(scanner)),
                                  .without_cookies = true });
}

static inline void
scanner_verify(struct scanner *scanner, const char *code)
{
    scanner_post(scanner, "/card/codes/verify",
                 arena_printf(scanner->holder.w->arena, "code=%s", code));
}

static inline void
kiosk_verify(struct kiosk *kiosk, const char *code)
{
    kiosk_send(kiosk, "/card/codes/verify", arena_printf(kiosk->holder.w->arena, "code=%s", code),
               NULL);
}

/* What is tried on a code that must not be good: the same answer, whatever was wrong. */
static inline void
assert_not_good(struct world *w, const char *reason)
{
    assert_refused(w, &problem_card_code_not_good);
    assert_audited(w, AUDIT_CARD_SCAN_REJECTED, reason);
}

/* She reports it lost, for good. */
static inline void
scene_lose(struct scene *scene)
{
    struct ctx ctx = world_ctx(scene->w);
    const struct loss_report report = { world_person(scene->w, CARD_OF), CARD_LOSS_FORMAL,
                                        LOSS_ON_PAGE };
    struct card card;

    assert_null(card_lose(&ctx, &report, &card));
}

static inline int
scene_teardown(void **state)
{
    while (key_count > 0)
        EVP_PKEY_free(keys[--key_count]);
    return world_teardown(state);
}

#define scene_test(name) cmocka_unit_test_setup_teardown(name, world_setup, scene_teardown)

#endif
