/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_kiosk.h"

#include <stdio.h>
#include <string.h>

#include "idp/base/text.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_token.h"
#include "tests/sims/kit_visit.h"

#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"
#define CARD_GRANT "urn:hrss:params:oauth:grant-type:card-pin"
#define ASSERTION "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define BYE_S 6
#define WRONG_S 20
#define CARD_WAIT_S 60

const struct kiosk_card kiosk_cards[KIOSK_CARDS] = {
    { "440507|44050719310909001X|X00000060|44050700000000000000000000000060|尤福生||3.00|20200101|"
      "20991231|330500000001|DEMO-1|",
      "尤福生", "有账号，密码 123456", "has an account, PIN 123456" },
    { "330500|11010519491231002X|X00000019|33050000000000000000000000000019|张三||3.00|20200101|"
      "20991231|330500000001|DEMO-1|",
      "张三", "先在网上注册，密码 123456", "register on the web first, PIN 123456" },
    { "440106|440106196204150020|X00000027|44010600000000000000000000000027|李秀英||3.00|20200101|"
      "20991231|330500000001|DEMO-1|",
      "李秀英", "已挂失", "reported lost" },
    { "440305|440305199008200033|X00000035|44030500000000000000000000000035|王小明||3.00|20150101|"
      "20251231|330500000001|DEMO-1|",
      "王小明", "已过期", "expired" },
};

static unix_s
clock_now(void)
{
    return env_now(env_machine());
}

static void
text_keep(char *out, size_t room, const char *text)
{
    snprintf(out, room, "%s", text);
}
#define keep_in(member, text) text_keep(member, sizeof(member), text)

void
kiosk_show(struct kiosk_machine *kiosk, enum kiosk_screen screen)
{
    kiosk->screen = screen;
    kiosk->since = clock_now();
    kiosk->pressed = kiosk->since;
    memset(kiosk->pin, 0, sizeof(kiosk->pin));
}

static void
trouble_show(struct kiosk_machine *kiosk, const char *trouble)
{
    keep_in(kiosk->trouble, trouble);
    kiosk_show(kiosk, KIOSK_WRONG);
}

/* --- Asking the provider --- */

static const char *
url_of(const struct kiosk_machine *kiosk, struct arena *arena, const char *path)
{
    return arena_printf(arena, "%s%s", kiosk->issuer, path);
}

static const char *
signed_claims(const struct kiosk_machine *kiosk, struct arena *arena, const char *typ,
              const char *sub, const char *more)
{
    long long now = (long long)clock_now();

    return jose_signed(
        arena, &kiosk->key,
        arena_printf(arena, "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"%s\"}", kiosk->terminal_id,
                     typ),
        arena_printf(arena,
                     "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\",\"iat\":%lld,"
                     "\"exp\":%lld%s}",
                     kiosk->client_id, sub, kiosk->issuer, visit_secret(arena), now, now + 60,
                     more));
}

static void
pair_put(struct buf *form, const char *name, const char *value)
{
    buf_text(form, form->size > 0 ? "&" : "");
    buf_text(form, name);
    buf_char(form, '=');
    buf_url(form, value);
}

/* A call in the terminal's own name. */
static json_t *
provider_asked(const struct kiosk_machine *kiosk, struct arena *arena, const char *path,
               struct buf *form, long *status)
{
    const char *url = url_of(kiosk, arena, path);
    const char *headers[2] = { arena_printf(arena, "DPoP: %s",
                                            jose_proof(arena, &kiosk->key, "POST", url, NULL)) };

    pair_put(form, "client_assertion_type", ASSERTION);
    pair_put(form, "client_assertion", signed_claims(kiosk, arena, "JWT", kiosk->client_id, ""));
    return call_json_any(
        arena, &(struct sim_call) { .url = url, .form = form->at, .headers = headers }, status);
}

static const char *
error_of(const json_t *answer)
{
    const char *error = claim_string(answer, "error");

    return *error != '\0' ? error : "unreachable";
}

bool
kiosk_set_up(struct kiosk_machine *kiosk, struct arena *arena, const char *code)
{
    const char *url = url_of(kiosk, arena, "/terminal/enrol");
    struct buf form = buf_new(arena, 512);
    const char *headers[2] = { NULL };
    long status;
    json_t *answer;

    kiosk->key = jose_key_new(arena);
    headers[0] = arena_printf(arena, "DPoP: %s", jose_proof(arena, &kiosk->key, "POST", url, NULL));
    pair_put(&form, "code", code);
    pair_put(&form, "jwk", kiosk->key.jwk);
    answer = call_json_any(
        arena, &(struct sim_call) { .url = url, .form = form.at, .headers = headers }, &status);
    keep_in(kiosk->terminal_id, claim_string(answer, "terminal_id"));
    keep_in(kiosk->place, claim_string(answer, "place"));
    keep_in(kiosk->agency, claim_string(answer, "agency"));
    json_decref(answer);
    return status == 200;
}

/* --- Somebody is in --- */

static json_t *
person_asked(const struct kiosk_machine *kiosk, struct arena *arena, long *status)
{
    const char *url = url_of(kiosk, arena, "/oidc/userinfo");
    const char *headers[3] = {
        arena_printf(arena, "Authorization: DPoP %s", kiosk->access_token),
        arena_printf(arena, "DPoP: %s",
                     jose_proof(arena, &kiosk->key, "GET", url, kiosk->access_token)),
    };

    return call_json_any(arena, &(struct sim_call) { .url = url, .headers = headers }, status);
}

static json_t *
claims_read(const struct kiosk_machine *kiosk, struct arena *arena, const char *token)
{
    json_t *jwks =
        call_json(arena, &(struct sim_call) { .url = url_of(kiosk, arena, "/oauth2/jwks") });
    const struct expected expected = {
        .issuer = kiosk->issuer, .client_id = kiosk->client_id, .jwks = jwks, .now = clock_now()
    };
    json_t *claims = id_token_claims(arena, token, &expected, "");

    json_decref(jwks);
    return claims;
}

static void
factors_keep(struct kiosk_machine *kiosk, struct arena *arena, const json_t *claims)
{
    struct buf list = buf_new(arena, 32);
    const json_t *amr = json_object_get(claims, "amr");

    for (size_t i = 0; i < json_array_size(amr); i++) {
        buf_text(&list, i > 0 ? " " : "");
        buf_text(&list, json_string_value(json_array_get(amr, i)));
    }
    keep_in(kiosk->factors, list.at);
}

static void
tokens_keep(struct kiosk_machine *kiosk, const json_t *tokens)
{
    keep_in(kiosk->access_token, claim_string(tokens, "access_token"));
    keep_in(kiosk->refresh_token, claim_string(tokens, "refresh_token"));
}

static void
person_enter(struct kiosk_machine *kiosk, struct arena *arena, const json_t *tokens)
{
    json_t *claims = claims_read(kiosk, arena, claim_string(tokens, "id_token"));
    const char *acr = strrchr(claim_string(claims, "acr"), ':');
    json_t *person;
    long status;

    tokens_keep(kiosk, tokens);
    person = person_asked(kiosk, arena, &status);
    if (status == 200 && claims != NULL) {
        keep_in(kiosk->name, claim_string(person, "name"));
        keep_in(kiosk->level,
                acr != NULL && acr[1] == 'l' ? arena_printf(arena, "L%s", acr + 2) : "");
        factors_keep(kiosk, arena, claims);
        kiosk->session_until = clock_now() + 600;
        kiosk_show(kiosk, KIOSK_IN);
    } else {
        trouble_show(kiosk, error_of(person));
    }
    json_decref(person);
    json_decref(claims);
}

/* Her electronic card, of the physical one that she has just put in. */
void
kiosk_issue(struct kiosk_machine *kiosk, struct arena *arena)
{
    const char *url = url_of(kiosk, arena, "/card/issue");
    const char *headers[4] = {
        arena_printf(arena, "Authorization: DPoP %s", kiosk->access_token),
        arena_printf(arena, "DPoP: %s",
                     jose_proof(arena, &kiosk->key, "POST", url, kiosk->access_token)),
        "Content-Type: application/json",
    };
    long status;
    json_t *answer = call_json_any(
        arena, &(struct sim_call) { .url = url, .form = "{}", .headers = headers }, &status);

    keep_in(kiosk->issued, status == 200 || status == 201 ? "yes" : error_of(answer));
    kiosk->pressed = clock_now();
    json_decref(answer);
}

void
kiosk_leave(struct kiosk_machine *kiosk, struct arena *arena)
{
    struct buf form = buf_new(arena, 256);
    long status;

    json_decref(provider_asked(kiosk, arena, "/terminal/session/end", &form, &status));
    memset(kiosk->access_token, 0, sizeof(kiosk->access_token));
    memset(kiosk->refresh_token, 0, sizeof(kiosk->refresh_token));
    memset(kiosk->name, 0, sizeof(kiosk->name));
    memset(kiosk->issued, 0, sizeof(kiosk->issued));
    kiosk_show(kiosk, KIOSK_BYE);
}

/* She goes on: the provider hears of it, too. */
void
kiosk_stay(struct kiosk_machine *kiosk, struct arena *arena)
{
    struct buf form = buf_new(arena, 1024);
    json_t *tokens;
    long status;

    pair_put(&form, "grant_type", "refresh_token");
    pair_put(&form, "refresh_token", kiosk->refresh_token);
    tokens = provider_asked(kiosk, arena, "/oauth2/token", &form, &status);
    if (status == 200) {
        tokens_keep(kiosk, tokens);
        kiosk->pressed = clock_now();
    } else {
        kiosk_leave(kiosk, arena);
    }
    json_decref(tokens);
}

/* --- By telephone --- */

static void
code_keep(struct kiosk_machine *kiosk, const json_t *answer)
{
    unix_s now = clock_now();

    keep_in(kiosk->device_code, claim_string(answer, "device_code"));
    keep_in(kiosk->user_code, claim_string(answer, "user_code"));
    keep_in(kiosk->address, claim_string(answer, "verification_uri"));
    keep_in(kiosk->address_complete, claim_string(answer, "verification_uri_complete"));
    keep_in(kiosk->match_number, claim_string(answer, "match_number"));
    kiosk->interval_s = json_integer_value(json_object_get(answer, "interval"));
    if (kiosk->interval_s < 1)
        kiosk->interval_s = 5;
    kiosk->code_until = now + json_integer_value(json_object_get(answer, "expires_in"));
    kiosk->poll_at = now + kiosk->interval_s;
}

void
kiosk_ask_phone(struct kiosk_machine *kiosk, struct arena *arena)
{
    struct buf form = buf_new(arena, 1024);
    json_t *answer;
    long status;

    pair_put(&form, "scope", kiosk->scope);
    answer = provider_asked(kiosk, arena, "/oauth2/device_authorization", &form, &status);
    if (status == 200) {
        code_keep(kiosk, answer);
        kiosk->by_card = false;
        kiosk_show(kiosk, KIOSK_PHONE);
    } else {
        trouble_show(kiosk, error_of(answer));
    }
    json_decref(answer);
}

static void
phone_poll(struct kiosk_machine *kiosk, struct arena *arena)
{
    struct buf form = buf_new(arena, 1024);
    const char *error;
    json_t *answer;
    long status;

    pair_put(&form, "grant_type", DEVICE_GRANT);
    pair_put(&form, "device_code", kiosk->device_code);
    answer = provider_asked(kiosk, arena, "/oauth2/token", &form, &status);
    error = error_of(answer);
    if (text_eq(error, "slow_down"))
        kiosk->interval_s += 5;
    kiosk->poll_at = clock_now() + kiosk->interval_s;
    if (status == 200)
        person_enter(kiosk, arena, answer);
    else if (!text_list_has("slow_down authorization_pending unreachable temporarily_unavailable",
                            error))
        trouble_show(kiosk, error);
    json_decref(answer);
}

/* --- By card --- */

void
kiosk_insert(struct kiosk_machine *kiosk, const struct kiosk_card *card)
{
    kiosk->card = card;
    kiosk->by_card = true;
    kiosk_show(kiosk, KIOSK_PIN);
}

static void
card_ask(struct kiosk_machine *kiosk, struct arena *arena)
{
    const char *reading = arena_printf(arena, ",\"reading\":\"%s\"", kiosk->card->reading);
    struct buf form = buf_new(arena, 1024);
    json_t *answer;
    long status;

    pair_put(&form, "grant_type", CARD_GRANT);
    pair_put(&form, "scope", kiosk->scope);
    pair_put(&form, "card_reading",
             signed_claims(kiosk, arena, "card-reading+jwt", kiosk->terminal_id, reading));
    pair_put(&form, "pin", kiosk->pin);
    answer = provider_asked(kiosk, arena, "/oauth2/token", &form, &status);
    if (status == 200)
        person_enter(kiosk, arena, answer);
    else
        trouble_show(kiosk, error_of(answer));
    json_decref(answer);
}

void
kiosk_key(struct kiosk_machine *kiosk, struct arena *arena, const char *key)
{
    size_t size = strlen(kiosk->pin);

    kiosk->pressed = clock_now();
    if (text_eq(key, "ok") && size >= 4)
        card_ask(kiosk, arena);
    else if (text_eq(key, "back") && size > 0)
        kiosk->pin[size - 1] = '\0';
    else if (strlen(key) == 1 && key[0] >= '0' && key[0] <= '9' && size < KIOSK_PIN_MAX)
        kiosk->pin[size] = key[0];
}

/* --- By itself --- */

int64_t
kiosk_left_s(const struct kiosk_machine *kiosk)
{
    unix_s now = clock_now();
    int64_t idle = kiosk->pressed + kiosk->idle_s - now;
    int64_t all = kiosk->session_until - now;

    if (kiosk->screen == KIOSK_PHONE)
        return kiosk->code_until - now;
    return kiosk->screen == KIOSK_IN && all < idle ? all : idle;
}

/* Ended elsewhere, by her telephone or an operator. */
static bool
is_over_elsewhere(const struct kiosk_machine *kiosk, struct arena *arena)
{
    long status;

    json_decref(person_asked(kiosk, arena, &status));
    return status == 401;
}

static void
tick_in(struct kiosk_machine *kiosk, struct arena *arena)
{
    if (kiosk_left_s(kiosk) <= 0 || is_over_elsewhere(kiosk, arena))
        kiosk_leave(kiosk, arena);
}

static void
tick_phone(struct kiosk_machine *kiosk, struct arena *arena)
{
    unix_s now = clock_now();

    if (now >= kiosk->code_until)
        trouble_show(kiosk, "expired_token");
    else if (now >= kiosk->poll_at)
        phone_poll(kiosk, arena);
}

void
kiosk_tick(struct kiosk_machine *kiosk, struct arena *arena)
{
    int64_t age_s = clock_now() - kiosk->pressed;

    if (kiosk->screen == KIOSK_IN)
        tick_in(kiosk, arena);
    else if (kiosk->screen == KIOSK_PHONE)
        tick_phone(kiosk, arena);
    else if ((kiosk->screen == KIOSK_BYE && age_s >= BYE_S) ||
             (kiosk->screen == KIOSK_WRONG && age_s >= WRONG_S) ||
             ((kiosk->screen == KIOSK_CARD || kiosk->screen == KIOSK_PIN) && age_s >= CARD_WAIT_S))
        kiosk_show(kiosk, KIOSK_HOME);
}
