/* SPDX-License-Identifier: Apache-2.0 */
/* A device that waits, and the telephone of the person before it. */
#ifndef TESTS_PROTOCOLS_LOGIN_DEVICE_KIT_H
#define TESTS_PROTOCOLS_LOGIN_DEVICE_KIT_H

#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/partner/terminal.h"
#include "idp/session/device_code.h"
#include "tests/protocols/http/dpop_kit.h"

/* What a device was told. */
struct waiting {
    struct world *w;
    const char *partner_id;
    const char *device_code;
    const char *user_code;
    const char *number; /* NULL: none */
};

/* The one terminal of selfservice. Its key lives as long as the program. */
#define KIT_TERMINAL "t_0000000001"
#define KIT_PLACE "一楼大厅 3 号机"

static inline const struct signing_key *
kit_terminal_key(void)
{
    static struct arena *arena;
    static struct signing_key key;

    if (arena == NULL) {
        arena = arena_new(65536);
        key = signing_key_new(arena, JWS_ES256, 1);
    }
    return &key;
}

static inline void
kit_terminal_enrol(struct world *w)
{
    const struct stored_terminal terminal = { .terminal_id = KIT_TERMINAL,
                                              .partner_id = "selfservice",
                                              .place = KIT_PLACE,
                                              .agency = "市人社局",
                                              .state = TERMINAL_ENROLLED,
                                              .jwk = kit_terminal_key()->jwk,
                                              .thumbprint = kit_terminal_key()->kid,
                                              .created_at = WORLD_NOW,
                                              .enrolled_at = WORLD_NOW };
    enum err err = store_terminal_insert(w->store, &terminal);

    assert_true(err == OK || err == ERR_CONFLICT);
}

static inline const char *
kit_terminal_proof(struct world *w)
{
    static int jti;

    kit_terminal_enrol(w);
    return token_signed(
        w->arena, kit_terminal_key()->key, JWS_ES256,
        "{\"alg\":\"ES256\",\"kid\":\"" KIT_TERMINAL "\"}",
        arena_printf(w->arena,
                     "{\"iss\":\"selfservice\",\"sub\":\"selfservice\",\"aud\":\"" WORLD_ISSUER
                     "\",\"jti\":\"kit-%d\",\"exp\":%lld}",
                     ++jti, (long long)world_ctx(w).now + 60));
}

/* A terminal shows at every request that it holds its key. */
static inline const char *
kit_terminal_dpop(struct world *w, const char *target)
{
    static int jti;
    struct holder holder = { .w = w, .key = *kit_terminal_key() };

    return proof_of(&holder,
                    &(struct proving) { .method = "POST",
                                        .uri = arena_printf(w->arena, WORLD_ISSUER "%s", target),
                                        .jti = arena_printf(w->arena, "kit-%d", ++jti) });
}

static inline const char *
kit_form_of(struct world *w, const struct partner *partner, const char *form)
{
    if (partner->is_public)
        return arena_printf(w->arena, "client_id=%s&%s", partner->profile.partner_id, form);
    if (!text_eq(partner->profile.channel, "terminal"))
        return form;
    return arena_printf(
        w->arena,
        "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        "&client_assertion=%s&%s",
        kit_terminal_proof(w), form);
}

/* A form of the partner, which is public, a terminal or has a secret. `dpop` may be NULL. */
static inline void
kit_post_with(struct world *w, const char *partner_id, const char *target, const char *form,
              const char *dpop)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);
    const char *all = kit_form_of(w, partner, form);

    if (dpop == NULL && text_eq(partner->profile.channel, "terminal"))
        dpop = kit_terminal_dpop(w, target);

    world_send(
        w, &(struct world_call) { .target = target,
                                  .form = all,
                                  .authorization = all == form ? world_basic(w, partner_id) : NULL,
                                  .dpop = dpop,
                                  .without_cookies = true });
}

static inline void
kit_ask(struct world *w, const char *partner_id, const char *form)
{
    kit_post_with(w, partner_id, "/oauth2/device_authorization", form, NULL);
}

static inline struct waiting
kit_waiting(struct world *w, const char *partner_id)
{
    kit_ask(w, partner_id, "scope=openid%20profile");
    assert_int_equal(w->answer.status, 200);
    return (struct waiting) { w, partner_id, world_json(w, "device_code"),
                              world_json(w, "user_code"), world_json(w, "match_number") };
}

static inline void
kit_poll_as(const struct waiting *device, const char *partner_id, const char *dpop)
{
    kit_post_with(device->w, partner_id, "/oauth2/token",
                  arena_printf(device->w->arena, "grant_type=" DEVICE_GRANT "&device_code=%s",
                               device->device_code),
                  dpop);
}

static inline void
kit_poll(const struct waiting *device)
{
    kit_poll_as(device, device->partner_id, NULL);
}

static inline void
kit_arrive(struct world *w)
{
    while (w->answer.status == 303 && text_starts(world_header(w, "Location"), "/"))
        world_get(w, arena_text(w->arena, world_header(w, "Location")));
}

/* Her telephone opens what the QR code says, and follows to the page that stands there. */
static inline void
kit_scan(const struct waiting *device)
{
    world_get(device->w, arena_printf(device->w->arena, "/device?user_code=%s", device->user_code));
    kit_arrive(device->w);
}

/* Sends the form of the page that is shown; arrives where it leads. */
static inline void
kit_press(struct world *w, const char *path, const char *fields)
{
    world_form_post(w, path, "tx=%s&csrf=%s&%s", world_hidden(w, "tx"), world_hidden(w, "csrf"),
                    fields);
    kit_arrive(w);
}

static inline const char *
kit_yes(const struct waiting *device)
{
    return device->number == NULL ? "decision=allow"
                                  : arena_printf(device->w->arena, "number=%s", device->number);
}

/* Person 0 is logged in on her telephone and allows it. */
static inline void
kit_allow(const struct waiting *device)
{
    world_log_in(device->w, 0);
    kit_scan(device);
    kit_press(device->w, "/device/confirm", kit_yes(device));
}

static inline void
assert_shown(const struct world *w, const char *id)
{
    if (strstr(w->answer.body, arena_printf(w->arena, "id=\"%s\"", id)) == NULL)
        fail_msg("no %s on\n%s", id, w->answer.body);
}

static inline void
assert_told(struct world *w, const struct problem *problem)
{
    assert_shown(w, arena_printf(w->arena, "error-%s", problem->symbol));
    assert_int_equal(w->answer.status, problem->status);
}

#endif
