/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/audit/lanes.h"
#include "idp/audit/sampler.h"
#include "idp/base/buf.h"
#include "idp/base/file.h"
#include "idp/base/log.h"
#include "idp/base/snapshot.h"
#include "idp/base/text.h"
#include "idp/connect/bank_unionpay.h"
#include "idp/connect/directory.h"
#include "idp/connect/https.h"
#include "idp/connect/physical_card.h"
#include "idp/connect/sms.h"
#include "idp/connect/wechat.h"
#include "idp/partner/apply.h"
#include "idp/partner/consent.h"
#include "idp/person/credentials.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/server/config/config.h"
#include "idp/server/config/config_told.h"
#include "idp/session/fresh.h"
#include "idp/session/poll.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "idp/staff/groups.h"
#include "keys/secret.h"
#include "keys/turning/keys.h"
#include "protocols/dispatch.h"
#include "protocols/http/documents.h"
#include "protocols/http/language.h"
#include "protocols/pages/page.h"
#include "tests/store_kit.h"

#define ARENA_BYTES ((size_t)256 << 20)
#define REQUEST_ARENA_BYTES ((size_t)1 << 20)
#define PARTNERS_MAX ((size_t)64 << 10)

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
        .card = defaults.card,
        .upgrade.sealed_layout = defaults.upgrade.sealed_layout,
        .limits = defaults.limits,
        .audit = defaults.audit,
        .staff = defaults.staff,
        .server = { .issuer = WORLD_ISSUER,
                    .issuer_is_https = true,
                    .issuer_path = "",
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
                  .public_refresh_retry = true,
                  .session_idle_s = 1800,
                  .session_absolute_s = 43200,
                  .device_s = 15552000,
                  .phone_s = 7776000 },
        .bank = { .url = "", .deadline_s = 2, .max_in_flight = 8 },
        .card_bureau = { .url = "",
                         .app_id = "",
                         .secret = "",
                         .max_in_flight = 8,
                         .deadline_s = 1 },
        .sms = { .url = "http://127.0.0.1:9/", /* where nobody is */
                 .access_key_id = "",
                 .access_key_secret = "",
                 .sign_name = "",
                 .template_code = "",
                 .template_code_notice = "",
                 .template_code_alarm = "",
                 .template_code_act = "",
                 .template_code_link = "",
                 .template_code_reply = "",
                 .template_code_lost = "",
                 .template_code_reset = "",
                 .callback_secret = "",
                 .deadline_s = 2,
                 .max_in_flight = 8 },
        .wechat = { .official_appid = "",
                    .open_appid = "",
                    .mini_appid = "",
                    .deadline_s = 2,
                    .max_in_flight = 8 },
        .directory = defaults.directory,
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
groups_begin(struct world *w)
{
    const char *why;

    world_must(
        staff_groups_open(w->arena, w->settings.staff.groups_file, &w->services.staff_groups, &why),
        "no groups");
}

static void
services_begin(struct world *w)
{
    w->services.settings = &w->settings;
    w->services.env = &w->env;
    w->services.settings_tell = config_told;
    w->services.database = shared.database;
    w->services.hash = &world_password_cost;
    w->services.registry = registry_new();
    w->services.revocations = revocations_new();
    w->services.fresh = fresh_new();
    w->services.polls = polls_new();
    w->services.lanes = lanes_new(WORLD_RUN, WORLD_NOW);
    w->services.https = https_new(&w->settings);
    world_must(bank_new(&w->settings, w->services.https, &w->services.bank), "no bank");
    world_must(card_bureau_new(&w->settings, w->services.https, &w->env, &w->services.card_bureau),
               "no card bureau");
    world_must(sms_new(&w->settings, w->services.https, &w->env, &w->services.sms), "no sms");
    world_must(wechat_new(&w->settings, w->services.https, &w->services.wechat), "no wechat");
    world_must(directory_new(&w->settings, &w->env, &w->services.directory), "no directory");
    groups_begin(w);
}

static void
partners_begin(struct world *w)
{
    struct bytes json;

    world_must(file_read(w->arena, SOURCE_DIR "/tests/world_partners.json", PARTNERS_MAX, &json),
               "no partners");
    world_partners(w, (const char *)json.at);
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
    w->settings.staff.url = WORLD_STAFF_URL;
    if (adjust != NULL)
        adjust(w);
    w->store = store_open(shared.database);
    services_begin(w);
    keys_begin(w);
    partners_begin(w);
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

    staff_groups_free(w->services.staff_groups);
    directory_free(w->services.directory);
    wechat_free(w->services.wechat);
    sms_free(w->services.sms);
    card_bureau_free(w->services.card_bureau);
    bank_free(w->services.bank);
    https_free(w->services.https);
    sampler_free(w->services.sampler);
    lanes_free(w->services.lanes);
    fresh_free(w->services.fresh);
    polls_free(w->services.polls);
    revocations_free(w->services.revocations);
    registry_free(w->services.registry);
    store_close(w->store);
    arena_free(w->arena);
    return 0;
}
