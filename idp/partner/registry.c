/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/registry.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/base/snapshot.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/partner/partner_secret.h"
#include "policies/auth_method.h"
#include "policies/web_origin.h"

/* PARTNERS_MAX of them, each some ten times its profile. */
#define SNAPSHOT_BYTES ((size_t)512 * 1024 * 1024)
#define PAGE_BYTES ((size_t)16 * 1024 * 1024)

struct snapshot {
    struct arena *arena;
    struct partner **by_id; /* sorted, NULL-ended */
    size_t count;
    const char **origins; /* of all partners, sorted; one may stand there twice */
    size_t origin_count;
};

struct registry {
    _Atomic(struct snapshot *) now;
};

static struct snapshot *
snapshot_new(void)
{
    struct arena *arena = arena_new(SNAPSHOT_BYTES);
    struct snapshot *snapshot = arena_alloc(arena, sizeof(*snapshot));

    snapshot->arena = arena;
    return snapshot;
}

static void
snapshot_free(void *old)
{
    struct snapshot *snapshot = old;

    for (size_t i = 0; i < snapshot->count; i++)
        key_set_free(&snapshot->by_id[i]->keys);
    arena_free(snapshot->arena);
}

struct registry *
registry_new(void)
{
    struct registry *registry = memory_new(sizeof(*registry));
    struct snapshot *empty;
    struct held held;

    hold_begin(&held, free, registry);
    empty = snapshot_new();
    hold_end(&held);
    empty->by_id = arena_alloc(empty->arena, sizeof(*empty->by_id)); /* of its first block */
    atomic_init(&registry->now, empty);
    return registry;
}

void
registry_free(struct registry *registry)
{
    if (registry == NULL)
        return;
    snapshot_free(atomic_load(&registry->now));
    free(registry);
}

static const struct snapshot *
current(const struct registry *registry)
{
    return atomic_load_explicit(&registry->now, memory_order_acquire);
}

struct secret_row {
    struct bytes digest;
    struct bytes sealed;
    unix_s until;
};

static enum err
secret_add(struct ctx *ctx, struct arena *arena, const struct secret_row *row, struct partner *out)
{
    const char *context = arena_printf(arena, PARTNER_SECRET_CONTEXT "%s", out->profile.partner_id);
    struct partner_secret *secret = &out->secrets[out->secret_count];

    if (row->digest.size != sizeof(secret->digest) || row->until <= ctx->now)
        return OK;
    memcpy(secret->digest.bytes, row->digest.at, sizeof(secret->digest));
    secret->until = row->until;
    out->secret_count++;
    if (row->sealed.size == 0)
        return OK;
    return seal_open(&ctx->keys->data, arena, context, row->sealed, &secret->clear);
}

static enum err
secrets_read(struct ctx *ctx, struct arena *arena, const struct stored_partner *row,
             struct partner *out)
{
    const struct secret_row rows[PARTNER_SECRETS_MAX] = {
        { row->secret_digest, row->secret_sealed, TIME_NEVER },
        { row->before_digest, row->before_sealed, row->before_until },
    };
    enum err err = OK;

    for (size_t i = 0; err == OK && i < PARTNER_SECRETS_MAX; i++)
        err = secret_add(ctx, arena, &rows[i], out);
    return err;
}

static bool
origin_is_listed(const struct profile_list *list, const char *origin)
{
    for (size_t i = 0; i < list->count; i++) {
        if (text_eq(list->at[i], origin))
            return true;
    }
    return false;
}

static struct profile_list
origins_of(struct arena *arena, const struct partner_profile *profile)
{
    const struct profile_list *uris = &profile->redirect_uris;
    struct profile_list origins = { .count = 0 };

    if (profile->web_origins.count > 0)
        return profile->web_origins;
    for (size_t i = 0; i < uris->count; i++) {
        size_t size = web_origin_size(uris->at[i]);
        const char *origin = arena_copy(arena, uris->at[i], size);

        if (size > 0 && !origin_is_listed(&origins, origin))
            origins.at[origins.count++] = origin;
    }
    return origins;
}

static enum err
partner_read(struct ctx *ctx, struct arena *arena, const struct stored_partner *row,
             struct partner *out)
{
    const char *wrong =
        partner_profile_parse(arena, row->profile, strlen(row->profile), &out->profile);

    if (wrong != NULL)
        return ERR_INVALID;
    out->since = row->since;
    out->is_public = auth_method_need(out->profile.auth_method) == AUTH_NEEDS_NOTHING;
    out->id_token_alg = jws_alg_of(out->profile.id_token_alg);
    out->access_alg = jws_alg_of(out->profile.access_token_alg);
    out->web_origins = origins_of(arena, &out->profile);
    if (!text_is_empty(out->profile.jwks) &&
        key_set_import(arena, out->profile.jwks, &out->keys) != OK)
        return ERR_INVALID;
    return secrets_read(ctx, arena, row, out);
}

static void
partner_add(struct ctx *ctx, struct snapshot *snapshot, const struct stored_partner *row)
{
    struct partner *partner = arena_alloc(snapshot->arena, sizeof(*partner));
    enum err err = partner_read(ctx, snapshot->arena, row, partner);

    if (err == OK)
        snapshot->by_id[snapshot->count++] = partner;
    else
        log_line(LOG_ERROR, "partner.unreadable", log_text("partner", row->partner_id),
                 log_text("error", err_name(err)));
}

/* Page by page, each in an arena that the next one takes over: what is kept is in the snapshot. */
static enum err
all_read(struct ctx *ctx, struct snapshot *snapshot)
{
    struct arena *page = arena_new(PAGE_BYTES);
    struct stored_partner_list rows = { .count = PARTNER_PAGE };
    const char *after = "";
    size_t read = 0;
    struct held held;
    enum err err = OK;

    hold_begin(&held, arena_release, page);
    while (err == OK && rows.count == PARTNER_PAGE && read + PARTNER_PAGE <= PARTNERS_MAX) {
        arena_reset(page);
        err = store_partner_list(ctx->store, page, after, &rows);
        for (size_t i = 0; err == OK && i < rows.count; i++)
            partner_add(ctx, snapshot, &rows.at[i]);
        if (err == OK && rows.count > 0)
            after = arena_text(snapshot->arena, rows.at[rows.count - 1].partner_id);
        read += PARTNER_PAGE;
    }
    hold_release(&held);
    return err;
}

static int
compare_origins(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
origins_index(struct snapshot *snapshot)
{
    size_t count = 0;

    for (size_t i = 0; i < snapshot->count; i++)
        count += snapshot->by_id[i]->web_origins.count;
    snapshot->origins = arena_alloc(snapshot->arena, (count + 1) * sizeof(*snapshot->origins));
    for (size_t i = 0; i < snapshot->count; i++) {
        const struct profile_list *list = &snapshot->by_id[i]->web_origins;

        for (size_t j = 0; j < list->count; j++)
            snapshot->origins[snapshot->origin_count++] = list->at[j];
    }
    qsort(snapshot->origins, count, sizeof(*snapshot->origins), compare_origins);
}

enum err
registry_load(struct ctx *ctx)
{
    struct registry *registry = ctx->services->registry;
    struct snapshot *snapshot = snapshot_new();
    struct held held;
    enum err err;

    hold_begin(&held, snapshot_free, snapshot);
    snapshot->by_id = arena_alloc(snapshot->arena, (PARTNERS_MAX + 1) * sizeof(*snapshot->by_id));
    err = all_read(ctx, snapshot);
    origins_index(snapshot);
    hold_end(&held);
    if (err == OK)
        snapshot_retire(atomic_exchange(&registry->now, snapshot), snapshot_free);
    else
        snapshot_free(snapshot);
    return err;
}

static int
compare_id(const void *partner_id, const void *element)
{
    const struct partner *const *partner = element;

    return strcmp(partner_id, (*partner)->profile.partner_id);
}

const struct partner *
registry_find(const struct registry *registry, const char *partner_id)
{
    const struct snapshot *snapshot = current(registry);
    struct partner **found;

    if (partner_id == NULL)
        return NULL;
    found =
        bsearch(partner_id, snapshot->by_id, snapshot->count, sizeof(*snapshot->by_id), compare_id);
    return found != NULL ? *found : NULL;
}

void
partner_enter(struct ctx *ctx, const struct partner *partner)
{
    ctx->channel = partner->profile.channel;
    ctx->partner_id = partner->profile.partner_id;
}

bool
partner_has_origin(const struct partner *partner, const char *origin)
{
    return origin_is_listed(&partner->web_origins, origin);
}

bool
registry_has_origin(const struct registry *registry, const char *origin)
{
    const struct snapshot *snapshot = current(registry);

    return snapshot->origin_count > 0 &&
           bsearch(&origin, snapshot->origins, snapshot->origin_count, sizeof(*snapshot->origins),
                   compare_origins) != NULL;
}

const struct partner *const *
registry_all(const struct registry *registry)
{
    return (const struct partner *const *)current(registry)->by_id;
}

const char *
partner_name(const struct partner *partner, enum language language)
{
    return language == LANGUAGE_EN ? partner->profile.name_en : partner->profile.name_zh;
}
