/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/context/ctx.h"

#include <stdatomic.h>

struct ctx
ctx_new(struct services *services, struct arena *arena, struct store *store)
{
    return (struct ctx) {
        .services = services,
        .settings = services->settings,
        .env = services->env,
        .keys = services->keys,
        .arena = arena,
        .store = store,
        .now = env_now(services->env),
        .request_id = "",
        .address = "",
        .browser = "",
        .channel = "web",
        .terminal_id = "",
        .staff_id = "",
        .counter_id = "",
        .partner_id = "",
    };
}

bool
handed_out_too_early(const struct ctx *ctx, unix_s at)
{
    return at < atomic_load_explicit(&ctx->services->not_before, memory_order_relaxed);
}

void
not_before_raise(struct services *services, unix_s to)
{
    int64_t now_is = atomic_load(&services->not_before);

    while (now_is < to && !atomic_compare_exchange_weak(&services->not_before, &now_is, to))
        continue;
}
