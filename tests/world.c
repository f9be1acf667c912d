/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/audit/sampler.h"
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
#include "idp/server/config/config.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "keys/secret.h"
#include "keys/turning/keys.h"
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
    "{\"client_id\":\"webhall\",\"client_name\":\"网上办事大厅\",\"client_name#en\":\"Web "
    "hall\",\"channel\":\"web\","
    "\"redirect_uris\":[\"https://app.example/cb\"],\"post_logout_redirect_uris\":[\"https://"
    "app.example/bye\"],"
    "\"token_endpoint_auth_method\":\"client_secret_basic\","
    "\"grant_types\":[\"authorization_code\",\"refresh_token\",\"client_credentials\"],"
    "\"scope\":\"openid profile phone realname identity_number "
    "offline_access\",\"client_secret\":\"" SECRET(
        "webhall") "\"},"
                   "{\"client_id\":\"hospital\",\"client_name\":\"市人民医院\",\"client_name#en\":"
                   "\"City hospital\",\"channel\":\"web\","
                   "\"redirect_uris\":[\"https://hospital.example/"
                   "cb\"],\"token_endpoint_auth_method\":\"client_secret_basic\","
                   "\"grant_types\":[\"authorization_code\",\"refresh_token\"],\"scope\":\"openid "
                   "profile\","
                   "\"client_secret\":\"" SECRET(
                       "hospital") "\"},"
                                   "{\"client_id\":\"bank\",\"client_name\":\"银行\",\"client_name#"
                                   "en\":\"Bank\",\"channel\":\"web\","
                                   "\"redirect_uris\":[\"https://bank.example/"
                                   "cb\"],\"token_endpoint_auth_method\":\"client_secret_basic\","
                                   "\"grant_types\":[\"authorization_code\",\"refresh_token\"],"
                                   "\"scope\":\"openid profile\","
                                   "\"client_secret\":\"" SECRET(
                                       "bank") "\"},"
                                               "{\"client_id\":\"spa\",\"client_name\":"
                                               "\"单页应用\",\"client_name#en\":\"SPA\","
                                               "\"channel\":\"web\","
                                               "\"redirect_uris\":[\"https://spa.example/"
                                               "cb\"],\"token_endpoint_auth_method\":\"none\","
                                               "\"grant_types\":[\"authorization_code\",\"refresh_"
                                               "token\"],\"scope\":\"openid profile\"},"
                                               "{\"client_id\":\"app\",\"client_name\":"
                                               "\"手机应用\",\"client_name#en\":\"App\","
                                               "\"channel\":\"app\","
                                               "\"application_type\":\"native\",\"redirect_uris\":["
                                               "\"http://127.0.0.1/cb\"],"
                                               "\"token_endpoint_auth_method\":\"none\",\"grant_"
                                               "types\":[\"authorization_code\",\"refresh_token\"],"
                                               "\"scope\":\"openid profile\"},"
                                               "{\"client_id\":\"legacy\",\"client_name\":"
                                               "\"旧系统\",\"client_name#en\":\"Legacy\","
                                               "\"channel\":\"web\","
                                               "\"redirect_uris\":[\"https://legacy.example/"
                                               "cb\"],\"token_endpoint_auth_method\":\"client_"
                                               "secret_post\","
                                               "\"grant_types\":[\"authorization_code\"],"
                                               "\"response_modes\":[\"query\",\"form_post\"],"
                                               "\"require_pkce\":false,"
                                               "\"scope\":\"openid "
                                               "profile\",\"client_secret\":\"" SECRET(
                                                   "legacy") "\"},"
                                                             "{\"client_id\":\"untrusted\","
                                                             "\"client_name\":\"试用应用\","
                                                             "\"client_name#en\":\"Trial\","
                                                             "\"channel\":\"web\","
                                                             "\"redirect_uris\":[\"https://"
                                                             "trial.example/"
                                                             "cb\"],\"token_endpoint_auth_method\":"
                                                             "\"client_secret_basic\","
                                                             "\"grant_types\":[\"authorization_"
                                                             "code\"],\"redirect_errors\":false,"
                                                             "\"scope\":\"openid\","
                                                             "\"client_secret\":\"" SECRET(
                                                                 "untrusted") "\"}"
                                                                              "]}";

/* RSA keys take long to make: one key ring for all tests of a program. */
static struct {
    struct database *database;
    struct keyring *keys;
    struct key32 kek;
} shared;

void
world_die(const char *what)
{
    fprintf(stderr, "world: %s\n", what);
    exit(1);
}

void
world_must(enum err err, const char *what)
{
    if (err != OK)
        world_die(what);
}

/* --- Clock, random, settings --- */

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

/* The numbers that an operator who sets none has. */
static struct settings
settings_default(struct arena *arena)
{
    struct settings settings;
    const char *why;

    world_must(config_parse(arena, "world", bytes_of_text("[server]\nissuer = " WORLD_ISSUER "\n"),
                            &settings, &why),
               "no default settings");
    return settings;
}

static struct settings
settings_make(struct arena *arena)
{
    struct settings defaults = settings_default(arena);

    return (struct settings) {
        .upgrade = defaults.upgrade,
        .limits = defaults.limits,
        .audit = defaults.audit,
        .server = { .issuer = WORLD_ISSUER,
                    .issuer_is_https = true,
                    .listen = "",
                    .admin_listen = "",
                    .tls_certificate_file = "",
                    .tls_key_file = "",
                    .trusted_proxies = "",
                    .request_deadline_s = 30 },
        .store = { .url = "" },
        .keys = { .encryption_key_file = "", .rotation_s = 7776000, .announce_s = 86400 },
        .life = { .transaction_s = 1800,
                  .code_s = 60,
                  .access_token_s = 300,
                  .id_token_s = 3600,
                  .grant_s = 2592000,
                  .session_idle_s = 1800,
                  .session_absolute_s = 43200,
                  .device_s = 15552000 },
        .bank = { .url = "", .deadline_s = 2, .max_in_flight = 8 },
        .sms = { .url = "", .deadline_s = 2, .max_in_flight = 8 },
        .outbound = { .ca_file = "" },
        .log = { .level = "error" },
    };
}

const struct password_cost world_password_cost = { 1, 8192 };

/* --- Life --- */

int
world_group_setup(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    shared.database = kit_database_open();
    return 0;
}

int
world_group_teardown(void **state)
{
    (void)state;
    keyring_free(shared.keys);
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
        world_must(keys_ensure(&ctx, &shared.kek, &made), "no keys");
        world_must(keys_load(&ctx, &shared.kek), "keys do not load");
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
    w->services.hash = &world_password_cost;
    w->services.registry = registry_new();
    w->services.revocations = revocations_new();
    w->services.fresh = fresh_new();
    w->services.https = https_new(&w->settings);
    world_must(bank_new(&w->settings, w->services.https, &w->services.bank), "no bank");
    world_must(sms_new(&w->settings, w->services.https, &w->env, &w->services.sms), "no sms");
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
    w->settings = settings_make(arena);
    if (adjust != NULL)
        adjust(w);
    w->store = store_open(shared.database);
    services_begin(w);
    keys_begin(w);
    world_partners(w, partners_json);
    *state = w;
    return 0;
}

void
world_sampling(struct world *w)
{
    sampler_free(w->services.sampler);
    w->services.sampler = sampler_new();
}

int
world_teardown(void **state)
{
    struct world *w = *state;

    sms_free(w->services.sms);
    bank_free(w->services.bank);
    https_free(w->services.https);
    sampler_free(w->services.sampler);
    fresh_free(w->services.fresh);
    revocations_free(w->services.revocations);
    registry_free(w->services.registry);
    store_close(w->store);
    arena_free(w->arena);
    return 0;
}
