/* SPDX-License-Identifier: Apache-2.0 */
/* A partner that listens, a logout, and the call that tells it. */
#ifndef TESTS_SESSION_LOGOUT_KIT_H
#define TESTS_SESSION_LOGOUT_KIT_H

#include "idp/partner/registry.h"
#include "idp/server/life/outbox.h"
#include "tests/listener.h"
#include "tests/world.h"

/* Put into the registry by hand: the port is known only now. */
static inline void
partner_listens(struct world *w, const char *partner_id, const struct listener *listener)
{
    struct partner *partner = (struct partner *)registry_find(w->services.registry, partner_id);

    w->settings.outbound.allow_loopback = true;
    partner->profile.backchannel_logout_uri =
        arena_printf(w->arena, "http://127.0.0.1:%d/logout", listener->port);
}

static inline void
log_out(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
}

static inline bool
deliver(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool worked;

    assert_int_equal(outbox_deliver(&ctx, &worked), OK);
    return worked;
}

#endif
