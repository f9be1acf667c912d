/* SPDX-License-Identifier: Apache-2.0 */
/* Where a person stands who is asked over another line, for form_kit.h. */
#ifndef TESTS_FLOWS_APPROVAL_PLACES_H
#define TESTS_FLOWS_APPROVAL_PLACES_H

#include "idp/server/life/outbox.h"
#include "tests/protocols/account/kit.h"
#include "tests/protocols/oauth2/backchannel_kit.h"

static inline struct journey
at_approvals(struct world *w)
{
    struct journey j = { .w = w, .tx = "" };

    (void)bc_ask_her(w);
    world_log_in(w, 0);
    world_get(w, "/approvals");
    j.csrf = world_hidden(w, "csrf");
    return j;
}

/* The link of the message, opened. */
static inline struct journey
at_approve(struct world *w)
{
    struct journey j = { .w = w };
    struct ctx ctx = world_ctx(w);
    bool worked = true;

    w->settings.sms.template_code_link = "SMS_LINK";
    world_person(w, 0);
    assert_non_null(bc_ask(w, "linking", "login_hint=13800138000", ""));
    while (worked)
        world_must(outbox_deliver(&ctx, &worked), "delivery");
    world_get(w, arena_printf(w->arena, "/approve?l=%s", world_sms_says(w, "13800138000", "link")));
    journey_arrive(&j);
    return j;
}

/* --- What she sends --- */

static inline const char *
the_approval(struct world *w)
{
    return arena_printf(w->arena, "which=%s&decision=allow", world_hidden(w, "which"));
}

static inline const char *
the_refusal(struct world *w)
{
    return arena_printf(w->arena, "which=%s&decision=deny", world_hidden(w, "which"));
}

#endif
