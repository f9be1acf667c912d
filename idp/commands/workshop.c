/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/workshop.h"

#include <unistd.h>

#include "idp/audit/checkpoint.h"
#include "idp/partner/registry.h"
#include "idp/server/config/config.h"
#include "idp/server/life/services.h"
#include "idp/store/migrate.h"
#include "keys/kek.h"
#include "keys/turning/keys.h"

/* The channel of what an operator does, in the audit trail. */
#define OPERATOR "operator"

struct opening {
    struct arena *arena;
    const char *config;
    struct workshop *shop;
};

static const char *
settings_open(struct opening *opening)
{
    const char *why = NULL;
    struct workshop *shop = opening->shop;
    enum err err = config_read(opening->arena, opening->config, &shop->own_settings, &why);

    if (err != OK)
        return why;
    shop->settings = &shop->own_settings;
    return NULL;
}

static const char *
shop_store_open(struct opening *opening)
{
    struct workshop *shop = opening->shop;

    /* Its address is not told: it may hold a password. */
    shop->services = &shop->own_services;
    if (services_open_store(shop->services, shop->settings) != OK)
        return "the store cannot be opened; the log says why";
    shop->store = store_open(shop->services->database);
    shop->ctx = ctx_new(shop->services, opening->arena, shop->store);
    workshop_operator(shop, getuid());
    return NULL;
}

static const char *
schema_open(struct opening *opening)
{
    const char *why = NULL;
    enum err err = store_schema_check(opening->shop->store, opening->arena, &why);

    if (err == ERR_INVALID)
        return why;
    return err == OK ? NULL
                     : arena_printf(opening->arena, "the store's schema cannot be read: %s",
                                    err_name(err));
}

static const char *
keys_open(struct opening *opening)
{
    struct workshop *shop = opening->shop;
    const char *file = shop->settings->keys.encryption_key_file;

    if (kek_read(file, &shop->kek) != OK)
        return arena_printf(opening->arena, "%s cannot be used; the log says why", file);
    if (keys_load(&shop->ctx, &shop->kek) != OK)
        return arena_printf(opening->arena,
                            "%s does not open the keys of the store; the log says why", file);
    return registry_load(&shop->ctx) == OK ? NULL : "the partners cannot be read from the store";
}

const char *
workshop_open(struct arena *arena, const char *config, enum need need, struct workshop *out)
{
    static const char *(*const steps[])(struct opening * opening) = {
        [NEED_NOTHING] = NULL,          [NEED_SETTINGS] = settings_open,
        [NEED_STORE] = shop_store_open, [NEED_SCHEMA] = schema_open,
        [NEED_KEYS] = keys_open,
    };
    struct opening opening = { arena, config, out };
    const char *why = NULL;

    while (why == NULL && out->opened < need) {
        out->opened++;
        why = steps[out->opened](&opening);
    }
    return why;
}

void
workshop_borrow(struct workshop *out, const struct ctx *ctx, const struct key32 *kek)
{
    *out = (struct workshop) { .settings = ctx->settings,
                               .services = ctx->services,
                               .ctx = *ctx,
                               .kek = *kek,
                               .opened = NEED_KEYS };
}

void
workshop_operator(struct workshop *shop, uid_t uid)
{
    shop->ctx.channel = OPERATOR;
    shop->ctx.address = arena_printf(shop->ctx.arena, "uid %u", (unsigned)uid);
}

void
workshop_close(void *workshop)
{
    struct workshop *shop = workshop;

    if (shop->store != NULL)
        store_close(shop->store);
    if (shop->store != NULL && shop->opened == NEED_KEYS)
        checkpoint_end(shop->services);
    if (shop->services == &shop->own_services)
        services_close(&shop->own_services);
    secret_wipe(&shop->kek, sizeof(shop->kek));
}
