/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/context/ctx.h"

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
        .channel = "web",
        .partner_id = "",
    };
}
