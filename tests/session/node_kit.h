/* SPDX-License-Identifier: Apache-2.0 */
/* Two nodes on one store: what each keeps in memory for itself. */
#ifndef TESTS_SESSION_NODE_KIT_H
#define TESTS_SESSION_NODE_KIT_H

#include "idp/partner/registry.h"
#include "idp/session/fresh.h"
#include "idp/session/revocation.h"
#include "idp/tables/epoch.h"
#include "tests/world.h"

struct memory {
    struct registry *registry;
    struct revocations *revocations;
    struct fresh *fresh;
};

static inline void
memory_swap(struct world *w, struct memory *other)
{
    struct memory mine = { w->services.registry, w->services.revocations, w->services.fresh };

    w->services.registry = other->registry;
    w->services.revocations = other->revocations;
    w->services.fresh = other->fresh;
    *other = mine;
}

/* What the watcher does every second. */
static inline void
node_polls(struct world *w, struct memory *node)
{
    struct ctx ctx = world_ctx(w);
    struct epochs epochs;

    memory_swap(w, node);
    assert_int_equal(store_epoch_read(ctx.store, &epochs), OK);
    assert_int_equal(registry_load(&ctx), OK);
    assert_int_equal(revocations_poll(&ctx, epochs.revocation), OK);
    memory_swap(w, node);
}

static inline struct memory
node_begin(struct world *w)
{
    struct memory node = { registry_new(), revocations_new(), fresh_new() };

    node_polls(w, &node);
    return node;
}

static inline void
node_end(struct memory *node)
{
    registry_free(node->registry);
    revocations_free(node->revocations);
    fresh_free(node->fresh);
}

#endif
