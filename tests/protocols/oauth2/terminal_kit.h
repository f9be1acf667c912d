/* SPDX-License-Identifier: Apache-2.0 */
/* Terminals that are enrolled, what they send, and cards in their readers. */
#ifndef TESTS_PROTOCOLS_OAUTH2_TERMINAL_KIT_H
#define TESTS_PROTOCOLS_OAUTH2_TERMINAL_KIT_H

#include "idp/partner/terminal.h"
#include "tests/protocols/http/dpop_kit.h"
#include "tests/world_sims.h"

#define ENROL_URI WORLD_ISSUER "/terminal/enrol"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define CARD_PIN_GRANT "urn:hrss:params:oauth:grant-type:card-pin"
#define CARD                                                                                       \
    "330500|11010519491231002X|X00000019|33050000000000000000000000000019|张三|3B6D|3.00|"       \
    "20200101|20300101|330500000001|K1|"

static inline int
group_teardown_with_sims(void **state)
{
    while (key_count > 0)
        EVP_PKEY_free(keys[--key_count]);
    return world_group_teardown_with_sims(state);
}

/* One that stands somewhere, of one of two partners: "kiosks" and "others". */
struct kiosk {
    struct holder holder;
    const char *partner_id;
    const char *terminal_id;
    const char *code;
};

static inline const char *
kiosk_partner(struct world *w, const char *partner_id)
{
    return arena_printf(
        w->arena,
        "{\"client_id\":\"%s\",\"client_name\":\"自助终端\",\"channel\":\"terminal\","
        "\"token_endpoint_auth_method\":\"private_key_jwt\","
        "\"grant_types\":[\"" GRANT_TYPE_CARD_PIN "\",\"refresh_token\"],"
        "\"consent\":\"implied\",\"scope\":\"openid profile realname\"}",
        partner_id);
}

static inline void
kiosk_partners(struct world *w)
{
    world_partners(w,
                   arena_printf(w->arena,
                                "{\"partners\":[%s,%s,{\"client_id\":\"webhall\","
                                "\"client_name\":\"大厅\",\"client_secret\":"
                                "\"webhall-secret-0123456789-0123456789-0123456789\","
                                "\"redirect_uris\":[\"https://app.example/cb\"],"
                                "\"grant_types\":[\"authorization_code\",\"client_credentials\"],"
                                "\"scope\":\"openid profile\"}]}",
                                kiosk_partner(w, "kiosks"), kiosk_partner(w, "others")));
}

static inline struct kiosk
kiosk_announced(struct world *w, const char *partner_id)
{
    struct ctx ctx = world_ctx(w);
    struct kiosk kiosk = { .holder = holder_new(w), .partner_id = partner_id };
    const struct stored_terminal wanted = { .partner_id = partner_id,
                                            .place = "一楼大厅 3 号机",
                                            .agency = "市人社局" };
    struct setup_code code;

    assert_int_equal(terminal_add(&ctx, &wanted, &code), OK);
    kiosk.terminal_id = code.id;
    kiosk.code = code.text;
    return kiosk;
}

static inline void
kiosk_enrol_with(struct kiosk *kiosk, const char *code, const char *jwk, const char *dpop)
{
    struct world *w = kiosk->holder.w;

    world_audit_mark(w);
    world_send(w, &(struct world_call) {
                      .target = "/terminal/enrol",
                      .form = arena_printf(w->arena, "code=%s&jwk=%s", code, world_url(w, jwk)),
                      .dpop = dpop,
                      .without_cookies = true });
}

static inline const char *
kiosk_proof(struct kiosk *kiosk, const char *uri)
{
    return proof_of(&kiosk->holder, &(struct proving) { .method = "POST", .uri = uri });
}

static inline void
kiosk_enrol(struct kiosk *kiosk)
{
    kiosk_enrol_with(kiosk, kiosk->code, kiosk->holder.key.jwk, kiosk_proof(kiosk, ENROL_URI));
}

static inline struct kiosk
kiosk_new(struct world *w, const char *partner_id)
{
    struct kiosk kiosk = kiosk_announced(w, partner_id);

    kiosk_enrol(&kiosk);
    assert_int_equal(w->answer.status, 200);
    return kiosk;
}

/* By its key, naming whatever terminal. */
static inline const char *
kiosk_assertion(struct kiosk *kiosk, const char *terminal_id)
{
    struct world *w = kiosk->holder.w;

    return token_signed(w->arena, kiosk->holder.key.key, JWS_ES256,
                        arena_printf(w->arena, "{\"alg\":\"ES256\",\"kid\":\"%s\"}", terminal_id),
                        arena_printf(w->arena,
                                     "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"" WORLD_ISSUER
                                     "\",\"jti\":\"a%d-%s\","
                                     "\"exp\":%lld}",
                                     kiosk->partner_id, kiosk->partner_id, ++kiosk->holder.jti,
                                     kiosk->terminal_id, (long long)world_ctx(w).now + 60));
}

static inline void
kiosk_send(struct kiosk *kiosk, const char *target, const char *form, const char *dpop)
{
    struct world *w = kiosk->holder.w;

    world_audit_mark(w);
    world_send(w, &(struct world_call) {
                      .target = target,
                      .form = arena_printf(w->arena,
                                           "%s&client_assertion_type=" ASSERTION_TYPE
                                           "&client_assertion=%s",
                                           form, kiosk_assertion(kiosk, kiosk->terminal_id)),
                      .dpop = dpop,
                      .without_cookies = true });
}

static inline void
kiosk_post(struct kiosk *kiosk, const char *form)
{
    kiosk_send(kiosk, "/oauth2/token", form, kiosk_proof(kiosk, TOKEN_URI));
}

/* What a reading says besides what the reader said; members that are NULL are as they should be. */
struct reading_says {
    const char *text; /* NULL: CARD */
    const char *typ;
    const char *iss;
    const char *sub;
    const char *aud;
    const char *jti;
    int64_t iat_in;
    int64_t exp_in; /* 0: 60 */
    struct holder *by;
};

static inline const char *
or_else(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static inline const char *
kiosk_reading(struct kiosk *kiosk, const struct reading_says *says)
{
    struct world *w = kiosk->holder.w;
    struct holder *by = says->by != NULL ? says->by : &kiosk->holder;
    long long now = (long long)world_ctx(w).now;
    const char *jti = or_else(says->jti, arena_printf(w->arena, "r%d", ++kiosk->holder.jti));

    return token_signed(
        w->arena, by->key.key, JWS_ES256,
        arena_printf(w->arena, "{\"typ\":\"%s\",\"alg\":\"ES256\",\"kid\":\"%s\"}",
                     or_else(says->typ, "card-reading+jwt"), kiosk->terminal_id),
        arena_printf(w->arena,
                     "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\",\"iat\":%lld,"
                     "\"exp\":%lld,\"reading\":\"%s\"}",
                     or_else(says->iss, kiosk->partner_id), or_else(says->sub, kiosk->terminal_id),
                     or_else(says->aud, WORLD_ISSUER), jti, now + says->iat_in,
                     now + (says->exp_in != 0 ? says->exp_in : 60), or_else(says->text, CARD)));
}

static inline void
kiosk_card(struct kiosk *kiosk, const char *reading, const char *pin)
{
    kiosk_post(kiosk, arena_printf(kiosk->holder.w->arena,
                                   "grant_type=" CARD_PIN_GRANT
                                   "&scope=openid%%20profile&card_reading=%s&pin=%s",
                                   reading, pin));
}

/* Her card and her PIN: tokens. */
static inline struct world_tokens
kiosk_log_in(struct kiosk *kiosk)
{
    struct world *w = kiosk->holder.w;

    world_card_control(w, "manner=ok&card_no=X00000019&state=normal");
    world_person(w, 0);
    kiosk_card(kiosk, kiosk_reading(kiosk, &(struct reading_says) { 0 }), "123456");
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}

static inline void
kiosk_refresh(struct kiosk *kiosk, const char *refresh)
{
    kiosk_post(kiosk, refresh_form(kiosk->holder.w, refresh));
}

static inline bool
kiosk_token_works(struct kiosk *kiosk, const char *access)
{
    struct world *w = kiosk->holder.w;

    ask_userinfo(w, "DPoP", access, userinfo_proof(&kiosk->holder, access));
    return w->answer.status == 200;
}

#endif
