/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/log.h"
#include "idp/base/snapshot.h"
#include "idp/base/text.h"
#include "idp/connect/bank_unionpay.h"
#include "idp/connect/https.h"
#include "idp/connect/sms.h"
#include "idp/partner/apply.h"
#include "idp/partner/consent.h"
#include "idp/person/credentials.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/server/keys.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "keys/secret.h"
#include "protocols/dispatch.h"
#include "protocols/http/documents.h"
#include "protocols/http/language.h"
#include "protocols/pages/page.h"
#include "tests/store_kit.h"

#define ARENA_BYTES ((size_t)256 << 20)
#define REQUEST_ARENA_BYTES ((size_t)1 << 20)
#define SECRET(id) id "-secret-0123456789-0123456789-0123456789"

static const char partners_json[] =
    "{\"partners\":["
    "{\"client_id\":\"webhall\",\"client_name\":\"网上办事大厅\",\"client_name#en\":\"Web hall\",\"channel\":\"web\","
    "\"redirect_uris\":[\"https://app.example/cb\"],\"post_logout_redirect_uris\":[\"https://app.example/bye\"],"
    "\"token_endpoint_auth_method\":\"client_secret_basic\","
    "\"grant_types\":[\"authorization_code\",\"refresh_token\",\"client_credentials\"],"
    "\"scope\":\"openid profile phone realname identity_number offline_access\",\"client_secret\":\"" SECRET("webhall") "\"},"
    "{\"client_id\":\"hospital\",\"client_name\":\"市人民医院\",\"client_name#en\":\"City hospital\",\"channel\":\"web\","
    "\"redirect_uris\":[\"https://hospital.example/cb\"],\"token_endpoint_auth_method\":\"client_secret_basic\","
    "\"grant_types\":[\"authorization_code\",\"refresh_token\"],\"scope\":\"openid profile\","
    "\"client_secret\":\"" SECRET("hospital") "\"},"
    "{\"client_id\":\"bank\",\"client_name\":\"银行\",\"client_name#en\":\"Bank\",\"channel\":\"web\","
    "\"redirect_uris\":[\"https://bank.example/cb\"],\"token_endpoint_auth_method\":\"client_secret_basic\","
    "\"grant_types\":[\"authorization_code\",\"refresh_token\"],\"scope\":\"openid profile\","
    "\"client_secret\":\"" SECRET("bank") "\"},"
    "{\"client_id\":\"spa\",\"client_name\":\"单页应用\",\"client_name#en\":\"SPA\",\"channel\":\"web\","
    "\"redirect_uris\":[\"https://spa.example/cb\"],\"token_endpoint_auth_method\":\"none\","
    "\"grant_types\":[\"authorization_code\",\"refresh_token\"],\"scope\":\"openid profile\"},"
    "{\"client_id\":\"app\",\"client_name\":\"手机应用\",\"client_name#en\":\"App\",\"channel\":\"app\","
    "\"application_type\":\"native\",\"redirect_uris\":[\"http://127.0.0.1/cb\"],"
    "\"token_endpoint_auth_method\":\"none\",\"grant_types\":[\"authorization_code\",\"refresh_token\"],"
    "\"scope\":\"openid profile\"},"
    "{\"client_id\":\"legacy\",\"client_name\":\"旧系统\",\"client_name#en\":\"Legacy\",\"channel\":\"web\","
    "\"redirect_uris\":[\"https://legacy.example/cb\"],\"token_endpoint_auth_method\":\"client_secret_post\","
    "\"grant_types\":[\"authorization_code\"],\"response_modes\":[\"query\",\"form_post\"],\"require_pkce\":false,"
    "\"scope\":\"openid profile\",\"client_secret\":\"" SECRET("legacy") "\"},"
    "{\"client_id\":\"untrusted\",\"client_name\":\"试用应用\",\"client_name#en\":\"Trial\",\"channel\":\"web\","
    "\"redirect_uris\":[\"https://trial.example/cb\"],\"token_endpoint_auth_method\":\"client_secret_basic\","
    "\"grant_types\":[\"authorization_code\"],\"redirect_errors\":false,\"scope\":\"openid\","
    "\"client_secret\":\"" SECRET("untrusted") "\"}"
    "]}";

/* RSA keys take long to make: one key ring for all tests of a program. */
static struct {
    struct database *database;
    struct keyring *keys;
    struct password_gate *hash;
    struct key32 kek;
} shared;

static void
die(const char *what)
{
    fprintf(stderr, "world: %s\n", what);
    exit(1);
}

static void
must(enum err err, const char *what)
{
    if (err != OK)
        die(what);
}

/* --- Clock, random, settings ---------------------------------------------------------------------------------------- */

static struct world *
world_of(struct env *env)
{
    return env->state;
}

static unix_s
stopped_now(struct env *env)
{
    return atomic_load(&world_of(env)->now);
}

/* Different every time, the same in every run (as long as one thread draws). */
static enum err
counted_random(struct env *env, void *out, size_t size)
{
    struct world *w = world_of(env);
    unsigned char *bytes = out;

    if (w->random_fails)
        return ERR_UNAVAILABLE;
    for (size_t i = 0; i < size; i += sizeof(struct digest)) {
        uint64_t number = atomic_fetch_add(&w->drawn, 1);
        struct digest digest = digest_of(bytes_of(&number, sizeof(number)));

        memcpy(bytes + i, digest.bytes, size - i < sizeof(digest) ? size - i : sizeof(digest));
    }
    return OK;
}

static struct settings
settings_make(void)
{
    return (struct settings) {
        .server = { .issuer = WORLD_ISSUER,
                    .issuer_is_https = true,
                    .listen = "",
                    .admin_listen = "",
                    .tls_certificate_file = "",
                    .tls_key_file = "",
                    .trusted_proxies = "",
                    .request_deadline_s = 30 },
        .store = { .url = "" },
        .keys = { .encryption_key_file = "", .algorithm = "ES256", .rotation_s = 7776000, .announce_s = 86400 },
        .life = { .transaction_s = 1800,
                  .code_s = 60,
                  .access_token_s = 300,
                  .id_token_s = 3600,
                  .grant_s = 2592000,
                  .session_idle_s = 1800,
                  .session_absolute_s = 43200 },
        .bank = { .url = "", .deadline_s = 2, .max_in_flight = 8 },
        .sms = { .url = "", .deadline_s = 2, .max_in_flight = 8 },
        .outbound = { .ca_file = "" },
        .log = { .level = "error" },
    };
}

/* --- Life ------------------------------------------------------------------------------------------------------------- */

int
world_group_setup(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    shared.database = kit_database_open();
    must(password_gate_new_cheap(&shared.hash), "no password gate");
    return 0;
}

int
world_group_teardown(void **state)
{
    (void)state;
    keyring_free(shared.keys);
    password_gate_free(shared.hash);
    snapshot_sweep(true);
    kit_database_close();
    return 0;
}

static void
keys_begin(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    int64_t made;

    if (shared.keys == NULL) {
        memset(&shared.kek, 7, sizeof(shared.kek));
        must(keys_ensure(&ctx, &shared.kek, &made), "no keys");
        must(keys_load(&ctx, &shared.kek), "keys do not load");
        shared.keys = (struct keyring *)ctx.keys;
    }
    w->services.keys = shared.keys;
}

static void
services_begin(struct world *w)
{
    w->services.settings = &w->settings;
    w->services.env = &w->env;
    w->services.database = shared.database;
    w->services.hash = shared.hash;
    w->services.registry = registry_new();
    w->services.revocations = revocations_new();
    w->services.fresh = fresh_new();
    w->services.https = https_new(&w->settings);
    must(bank_new(&w->settings, w->services.https, &w->services.bank), "no bank");
    must(sms_new(&w->settings, w->services.https, &w->env, &w->services.sms), "no sms");
}

int
world_setup(void **state)
{
    return world_setup_adjusted(state, NULL);
}

int
world_setup_adjusted(void **state, void (*adjust)(struct world *w))
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct world *w = arena_alloc(arena, sizeof(*w));

    kit_database_reset();
    w->arena = arena;
    w->address = "203.0.113.7";
    w->env = (struct env) { .now = stopped_now, .random = counted_random, .state = w };
    atomic_store(&w->now, WORLD_NOW);
    w->settings = settings_make();
    if (adjust != NULL)
        adjust(w);
    w->store = store_open(shared.database);
    services_begin(w);
    keys_begin(w);
    world_partners(w, partners_json);
    *state = w;
    return 0;
}

int
world_teardown(void **state)
{
    struct world *w = *state;

    sms_free(w->services.sms);
    bank_free(w->services.bank);
    https_free(w->services.https);
    fresh_free(w->services.fresh);
    revocations_free(w->services.revocations);
    registry_free(w->services.registry);
    store_close(w->store);
    arena_free(w->arena);
    return 0;
}

/* --- Asking ----------------------------------------------------------------------------------------------------------- */

static const char *
jar_header(struct world *w)
{
    struct buf line = buf_new(w->arena, 256);

    for (size_t i = 0; i < w->cookies; i++) {
        buf_text(&line, i > 0 ? "; " : "");
        buf_text(&line, w->jar[i].name);
        buf_char(&line, '=');
        buf_text(&line, w->jar[i].value);
    }
    return w->cookies > 0 ? line.at : NULL;
}

static void
request_begin(struct world *w, struct ctx *ctx, const struct world_call *call, const char *cookie, struct request *rq)
{
    const char *question = strchr(call->target, '?');
    size_t path_size = question != NULL ? (size_t)(question - call->target) : strlen(call->target);

    *rq = (struct request) {
        .ctx = ctx,
        .arena = ctx->arena,
        .now = ctx->now,
        .method = call->method != NULL ? call->method : call->form != NULL ? "POST" : "GET",
        .path = arena_copy(ctx->arena, call->target, path_size),
        .headers = { .host = "id.example",
                     .authorization = call->authorization,
                     .cookie = cookie,
                     .origin = call->origin,
                     .accept_language = call->language != NULL ? call->language : "zh-CN",
                     .user_agent = "world" },
        .language = "zh-CN",
    };
    if (question != NULL)
        must(params_parse(ctx->arena, question + 1, strlen(question + 1), &rq->query), "a query of the test is malformed");
    if (call->form == NULL)
        return;
    rq->body = bytes_of_text(call->form);
    rq->headers.content_type = call->content_type != NULL ? call->content_type : "application/x-www-form-urlencoded";
    (void)w;
}

static void
answer_take(const struct request *rq, struct world_answer *out)
{
    const struct response *response = &rq->response;
    const struct document *document = response->document;

    *out = (struct world_answer) { .status = response->status, .header_count = response->header_count };
    memcpy(out->headers, response->headers, sizeof(out->headers));
    if (document != NULL) {
        out->body = arena_copy(rq->arena, document->body.at, document->body.size);
        out->content_type = document->content_type;
        return;
    }
    out->body = arena_copy(rq->arena, response->body.at, response->body.size);
    for (size_t i = 0; i < out->header_count; i++)
        if (text_eq_ignoring_case(out->headers[i].name, "Content-Type"))
            out->content_type = out->headers[i].value;
}

static void
perform(struct world *w, struct ctx *ctx, const struct world_call *call, const char *cookie, struct world_answer *out)
{
    struct request rq;

    request_begin(w, ctx, call, cookie, &rq);
    if (dispatch_route(public_routes, &rq))
        assert_true(dispatch_run(&rq)); /* there is a store: nothing is left to a worker */
    answer_take(&rq, out);
}

void
world_perform(struct world *w, struct store *store, struct arena *arena, const struct world_call *call,
              struct world_answer *out)
{
    struct ctx ctx = ctx_new(&w->services, arena, store);

    ctx.address = w->address;
    ctx.request_id = "0123456789abcdef";
    perform(w, &ctx, call, NULL, out);
}

void
world_cookie_put(struct world *w, const char *name, const char *value)
{
    size_t i = 0;

    while (i < w->cookies && !text_eq(w->jar[i].name, name))
        i++;
    assert_true(i < WORLD_COOKIES);
    w->jar[i].name = arena_text(w->arena, name);
    w->jar[i].value = arena_text(w->arena, value);
    if (i == w->cookies)
        w->cookies++;
}

static void
jar_take(struct world *w, const char *set_cookie)
{
    const char *equals = strchr(set_cookie, '=');
    const char *end = equals + strcspn(equals, ";");
    const char *name = arena_copy(w->arena, set_cookie, (size_t)(equals - set_cookie));

    if (strstr(set_cookie, "Max-Age=0") == NULL) {
        world_cookie_put(w, name, arena_copy(w->arena, equals + 1, (size_t)(end - equals - 1)));
        return;
    }
    for (size_t i = 0; i < w->cookies; i++)
        if (text_eq(w->jar[i].name, name))
            w->jar[i] = w->jar[--w->cookies];
}

void
world_send(struct world *w, const struct world_call *call)
{
    struct ctx ctx = ctx_new(&w->services, w->arena, w->store);

    ctx.address = w->address;
    ctx.request_id = "0123456789abcdef";
    perform(w, &ctx, call, call->without_cookies ? NULL : jar_header(w), &w->answer);
    for (size_t i = 0; i < w->answer.header_count; i++)
        if (text_eq_ignoring_case(w->answer.headers[i].name, "Set-Cookie"))
            jar_take(w, w->answer.headers[i].value);
}

void
world_get(struct world *w, const char *target)
{
    world_send(w, &(struct world_call) { .target = target });
}

void
world_form_post(struct world *w, const char *target, const char *format, ...)
{
    va_list args;
    const char *form;

    va_start(args, format);
    form = arena_vprintf(w->arena, format, args);
    va_end(args);
    world_send(w, &(struct world_call) { .target = target, .form = form });
}

void
world_partner_post(struct world *w, const char *partner_id, const char *target, const char *format, ...)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);
    const char *basic = NULL;
    va_list args;
    const char *form;

    va_start(args, format);
    form = arena_vprintf(w->arena, format, args);
    va_end(args);
    if (partner->is_public)
        form = arena_printf(w->arena, "%s&client_id=%s", form, partner_id);
    else if (text_eq(partner->profile.auth_method, "client_secret_post"))
        form = arena_printf(w->arena, "%s&client_id=%s&client_secret=%s-secret-0123456789-0123456789-0123456789", form,
                            partner_id, partner_id);
    else
        basic = world_basic(w, partner_id);
    world_send(w, &(struct world_call) { .target = target,
                                         .form = form,
                                         .authorization = basic,
                                         .without_cookies = true });
}

const char *
world_basic(struct world *w, const char *partner_id)
{
    const char *pair =
        arena_printf(w->arena, "%s:%s-secret-0123456789-0123456789-0123456789", partner_id, partner_id);

    return arena_printf(w->arena, "Basic %s", base64_encode(w->arena, bytes_of_text(pair)));
}

const char *
world_url(struct world *w, const char *text)
{
    struct buf buf = buf_new(w->arena, 64);

    buf_url(&buf, text);
    return buf.at;
}

/* --- Reading the answer --------------------------------------------------------------------------------------------- */

const char *
world_header(const struct world *w, const char *name)
{
    for (size_t i = 0; i < w->answer.header_count; i++)
        if (text_eq_ignoring_case(w->answer.headers[i].name, name))
            return w->answer.headers[i].value;
    return NULL;
}

const char *
world_location_param(struct world *w, const char *name)
{
    const char *location = world_header(w, "Location");
    const char *question = location != NULL ? strchr(location, '?') : NULL;
    struct params params;

    if (question == NULL || params_parse(w->arena, question + 1, strlen(question + 1), &params) != OK)
        return NULL;
    return params_find(&params, name);
}

const char *
world_json(struct world *w, const char *name)
{
    json_t *root = json_loads(w->answer.body, JSON_REJECT_DUPLICATES, NULL);
    const char *value = json_string_value(json_object_get(root, name));
    const char *copy = value != NULL ? arena_text(w->arena, value) : NULL;

    json_decref(root);
    return copy;
}

const char *
world_hidden(struct world *w, const char *name)
{
    const char *input = arena_printf(w->arena, "name=\"%s\" value=\"", name);
    const char *at = strstr(w->answer.body, input);

    if (at == NULL)
        return NULL;
    at += strlen(input);
    return arena_copy(w->arena, at, strcspn(at, "\""));
}

const char *
world_cookie(const struct world *w, const char *name)
{
    for (size_t i = 0; i < w->cookies; i++)
        if (text_eq(w->jar[i].name, name))
            return w->jar[i].value;
    return NULL;
}

/* --- Having things ready ---------------------------------------------------------------------------------------------- */

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

    if (partner_apply(&ctx, bytes_of_text(json), false, &report) != OK)
        die(report.at);
    must(registry_load(&ctx), "partners do not load");
}

const char *
world_phone(int n)
{
    static const char *const phones[] = { "13800138000", "13800138001", "13800138002", "13800138003", "13800138004",
                                          "13800138005", "13800138006", "13800138007", "13800138008", "13800138009" };

    return phones[n];
}

static const char *
person_make(struct world *w, int n)
{
    static const char *const numbers[] = { "11010519491231002X", "440106196204150020", "440305199008200033",
                                           "440604198506070011", "650102197803030010", "44050719310909001X",
                                           "441900200002290020", "440111198801120049", "440111197905220031",
                                           "440111199307180024" };
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

    must(person_insert(&ctx, &person), "no person");
    must(store_person_key_insert(w->store, PERSON_KEY_IDENTITY, &identity, person.person_id, ctx.now), "no key");
    must(store_person_key_insert(w->store, PERSON_KEY_PHONE, &phone, person.person_id, ctx.now), "no key");
    must(evidence_add_bank_card(&ctx, person.person_id, "TX00000000000000000000"), "no evidence");
    if (password_choose(&ctx, person.person_id, WORLD_PASSWORD) != NULL)
        die("no password");
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
    struct ctx ctx = world_ctx(w);
    struct session nobody = { .live = false };
    struct session session;
    struct proof proof = { .person_id = world_person(w, n), .amr = "pwd" };
    const char *cookie;

    must(session_begin(&ctx, &nobody, &proof, &session, &cookie), "no session");
    world_cookie_put(w, "__Host-session", cookie);
}

void
world_consent(struct world *w, int n, const char *partner_id, const char *scope)
{
    struct ctx ctx = world_ctx(w);

    must(consent_give(&ctx, registry_find(w->services.registry, partner_id), world_person(w, n), scope), "no consent");
}

void
world_authorize(struct world *w, const char *partner_id, const char *more)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);

    world_get(w, arena_printf(w->arena,
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

    world_partner_post(w, partner_id, "/oauth2/token",
                       "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=" WORLD_VERIFIER,
                       world_url(w, code), world_url(w, partner->profile.redirect_uris.at[0]));
}

struct world_tokens
world_tokens_of(struct world *w)
{
    return (struct world_tokens) { world_json(w, "access_token"), world_json(w, "refresh_token"),
                                   world_json(w, "id_token") };
}

struct world_tokens
world_login_tokens(struct world *w, const char *partner_id)
{
    world_redeem(w, partner_id, world_code(w, partner_id));
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}

/* --- Judging ------------------------------------------------------------------------------------------------------------ */

void
assert_refused(struct world *w, const struct problem *problem)
{
    const char *on_page = arena_printf(w->arena, "id=\"error-%s\"", problem->symbol);
    const char *body = w->answer.body;

    assert_int_equal(w->answer.status, problem->status);
    if (text_starts(w->answer.content_type, "text/html")) {
        if (strstr(body, on_page) == NULL)
            print_error("the page does not tell %s:\n%s\n", problem->symbol, body);
        assert_non_null(strstr(body, on_page));
        assert_null(world_header(w, "Location"));
    } else if (text_starts(w->answer.content_type, "application/json")) {
        assert_string_equal(world_json(w, "error"), problem->code);
        assert_string_equal(world_json(w, "error_description"), problem->en);
    } else {
        assert_non_null(strstr(body, problem->en));
    }
    if (problem_is_temporary(problem))
        assert_non_null(world_header(w, "Retry-After"));
}

void
assert_refused_by_redirect(struct world *w, const char *partner_id, const struct problem *problem)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);
    const char *location = world_header(w, "Location");

    assert_int_equal(w->answer.status, 303);
    assert_non_null(location);
    assert_true(text_starts(location, partner->profile.redirect_uris.at[0]));
    assert_string_equal(world_location_param(w, "error"), problem->code);
    assert_string_equal(world_location_param(w, "error_description"), problem->en);
    assert_string_equal(world_location_param(w, "iss"), WORLD_ISSUER);
    assert_null(world_location_param(w, "code"));
}

static int64_t
number(struct world *w, const char *sql, const struct arg *args)
{
    int64_t value = 0;
    const struct out outs[] = { out_int(&value), OUT_END };

    must(store_run(w->store, &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }), sql);
    return value;
}

void
world_audit_mark(struct world *w)
{
    static const char sql[] = "DELETE FROM audit";
    const struct arg args[] = { ARG_END };

    must(store_run(w->store, &(struct query) { .sql = sql, .args = args }), "audit not cleared");
}

int64_t
world_audit_count(struct world *w, enum audit_event event)
{
    static const char sql[] = "SELECT count(*) FROM audit WHERE event = $1";
    const struct arg args[] = { arg_text(audit_event_name(event)), ARG_END };
    int64_t value = 0;
    const struct out outs[] = { out_int(&value), OUT_END };

    must(store_run(w->store, &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }), sql);
    return value;
}

void
assert_audited(struct world *w, enum audit_event event, const char *reason)
{
    static const char sql[] = "SELECT reason FROM audit WHERE event = $1";
    const struct arg args[] = { arg_text(audit_event_name(event)), ARG_END };
    const char *found = NULL;
    const struct out outs[] = { out_text(&found), OUT_END };

    assert_int_equal(world_audit_count(w, event), 1);
    must(store_run(w->store, &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }), sql);
    if (reason != NULL)
        assert_string_equal(found, reason);
}

bool
world_token_works(struct world *w, const char *access_token)
{
    world_send(w, &(struct world_call) { .target = "/oidc/userinfo",
                                         .authorization = arena_printf(w->arena, "Bearer %s", access_token) });
    return w->answer.status == 200;
}

/* Texts of statements must keep their addresses for as long as a connection lives. The last two are not "rows". */
#define COUNTED(table) { table, "SELECT count(*) FROM " table }
#define NOT_ROWS 2
static const struct {
    const char *name;
    const char *sql;
} tables[] = {
    COUNTED("revocation"),
    COUNTED("key_row"),
    COUNTED("partner"),
    COUNTED("person"),
    COUNTED("person_key"),
    COUNTED("evidence"),
    COUNTED("bank_card"),
    COUNTED("bank_order"),
    COUNTED("credential"),
    COUNTED("consent"),
    COUNTED("spent"),
    COUNTED("session"),
    COUNTED("partner_grant"),
    COUNTED("logout_delivery"),
    COUNTED("one_time_code"),
    COUNTED("audit"),
    COUNTED("attempt"),
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

int64_t
world_rows_of(struct world *w, const char *table)
{
    const struct arg args[] = { ARG_END };
    size_t i = 0;

    while (i < TABLES && !text_eq(tables[i].name, table))
        i++;
    assert_true(i < TABLES);
    return number(w, tables[i].sql, args);
}

int64_t
world_rows(struct world *w)
{
    int64_t sum = 0;

    for (size_t i = 0; i < TABLES - NOT_ROWS; i++)
        sum += world_rows_of(w, tables[i].name);
    return sum;
}
