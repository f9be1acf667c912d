/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A counter with a member of staff and the application of a partner there ("window"), which exchanges what a citizen shows for
 * tokens by which the member of staff acts for her. "hatch" is another such partner.
 */
#ifndef TESTS_PROTOCOLS_OAUTH2_GRANTS_ACTING_KIT_H
#define TESTS_PROTOCOLS_OAUTH2_GRANTS_ACTING_KIT_H

#include "idp/session/actor.h"
#include "idp/session/grant.h"
#include "idp/staff/acting.h"
#include "idp/staff/acting_end.h"
#include "keys/jws.h"
#include "tests/protocols/card/scan_kit.h"
#include "tests/store_kit.h"

#define ACCESS_TYPE "urn:ietf:params:oauth:token-type:access_token"
#define READING_TYPE "urn:hrss:params:oauth:token-type:card-reading"
#define ACTING_TYPE "urn:hrss:params:oauth:token-type:acting"
#define CLERK "li.ming"
#define REASON "\xe5\x8a\x9e\xe7\x90\x86\xe5\x85\xbb\xe8\x80\x81\xe9\x87\x91" /* 办理养老金 */
#define WINDOW_BUSINESSES                                                                          \
    "\"businesses\":["                                                                             \
    "{\"code\":\"pension.query\",\"name\":\"养老金查询\",\"scope\":\"openid profile\","       \
    "\"roles\":[\"counter\",\"supervisor\"]},"                                                     \
    "{\"code\":\"pension.change\",\"name\":\"养老金变更\",\"scope\":\"openid\","              \
    "\"roles\":[\"counter\"],\"second\":true},"                                                    \
    "{\"code\":\"audit\",\"name\":\"稽核\",\"scope\":\"openid\",\"roles\":[\"supervisor\"]}]"

struct window {
    struct world *w;
    struct scanner scanner; /* the partner */
    const char *counter_id;
    const char *sid;   /* of the sitting */
    const char *staff; /* her access token there */
    const char *card_id;
    const char *citizen_sid; /* of the session that shows the card */
};

static inline const char *
window_partner(struct scanner *scanner)
{
    return arena_printf(
        scanner->holder.w->arena,
        "{\"client_id\":\"%s\",\"client_name\":\"%s\",\"channel\":\"counter\","
        "\"token_endpoint_auth_method\":\"private_key_jwt\","
        "\"jwks\":{\"keys\":[%s]},\"grant_types\":[\"authorization_code\",\"" GRANT_TYPE_EXCHANGE
        "\"],"
        "\"redirect_uris\":[\"https://%s.example/cb\"],"
        "\"card_purposes\":[\"serve\"],\"scope\":\"openid profile realname staff\"," WINDOW_BUSINESSES
        "}",
        scanner->partner_id, scanner->partner_id, scanner->holder.key.jwk, scanner->partner_id);
}

/* The grant and access token that a partner has of a sitting. */
static inline const char *
staff_token(struct world *w, const char *partner_id, const char *staff_id, const char *sid)
{
    struct ctx ctx = world_ctx(w);
    const struct partner *partner = registry_find(ctx.services->registry, partner_id);
    const struct approval approval = { .subject = { SUBJECT_STAFF, staff_id },
                                       .actor = "",
                                       .partner_id = partner_id,
                                       .sid = sid,
                                       .scope = "openid staff",
                                       .claims = "",
                                       .acr = "urn:hrss:acr:l3",
                                       .amr = "pwd otp",
                                       .auth_time = ctx.now,
                                       .bound_key = "",
                                       .until = ctx.now + 3600 };
    struct stored_grant grant;
    struct access access = { .sub = arena_printf(w->arena, "sub-of-%s", staff_id),
                             .client_id = partner_id,
                             .audience = WORLD_ISSUER,
                             .scope = "openid staff",
                             .bound_key = "" };
    const char *token = NULL;

    assert_int_equal(grant_make(&ctx, &approval, &grant), OK);
    world_must(store_grant_insert(w->store, &grant), "no grant");
    access.grant_id = grant.grant_id;
    assert_int_equal(access_token_issue(&ctx, partner, &access, &token), OK);
    return arena_text(w->arena, token);
}

/* With those roles; the citizen of CARD_OF has an active card and shows it in a browser. */
static inline struct window
window_new(struct world *w, const char *roles)
{
    struct scanner hatch = scanner_new(w, "hatch");
    struct window window = { .w = w, .scanner = scanner_new(w, "window") };

    world_partners(w, arena_printf(w->arena, "{\"partners\":[%s,%s]}",
                                   window_partner(&window.scanner), window_partner(&hatch)));
    window.card_id = world_card(w, CARD_OF);
    window.citizen_sid = scene_session(w, CARD_OF);
    window.sid = world_sit(w, CLERK, roles, 1);
    window.counter_id = world_counter(w, 1);
    window.staff = staff_token(w, "window", CLERK, window.sid);
    return window;
}

static inline const char *
window_code(struct window *window)
{
    return code_of(window->w, window->card_id, window->citizen_sid, CARD_PURPOSE_serve);
}

/* `more` begins with "&"; what stands there is sent instead of the usual business and reason when it names them. */
static inline void
window_exchange(struct window *window, const char *type, const char *subject, const char *more)
{
    struct world *w = window->w;
    const char *business = strstr(more, "&business=") != NULL ? "" : "&business=pension.query";
    const char *reason = strstr(more, "&reason=") != NULL
                             ? ""
                             : arena_printf(w->arena, "&reason=%s", world_url(w, REASON));

    scanner_post(&window->scanner, "/oauth2/token",
                 arena_printf(w->arena,
                              "grant_type=%s&subject_token_type=%s&subject_token=%s"
                              "&actor_token_type=%s&actor_token=%s%s%s%s",
                              world_url(w, EXCHANGE), world_url(w, type), subject,
                              world_url(w, ACCESS_TYPE), window->staff, business, reason, more));
}

static inline void
window_act(struct window *window, const char *more)
{
    window_exchange(window, CARD_CODE_TYPE, window_code(window), more);
}

static inline const char *
window_payload(struct world *w, const char *token)
{
    struct jws jws;

    assert_int_equal(jws_read(w->arena, token, &jws), OK);
    return arena_copy(w->arena, jws.payload.at, jws.payload.size);
}

static inline bool
window_token_works(struct world *w, const char *access)
{
    ask_userinfo(w, "Bearer", access, NULL);
    return w->answer.status == 200;
}

/* And nobody acts. */
static inline void
window_refused(struct window *window, const struct problem *problem, const char *reason)
{
    assert_refused(window->w, problem);
    assert_audited(window->w, AUDIT_ACTING_REJECTED, reason);
    assert_int_equal(world_rows_of(window->w, "acting"), 0);
}

#endif
