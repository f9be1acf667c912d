/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a partner that a person has answered (CIBA Core, 10.2), and what a message carries. The rest is
 * shown in tests/protocols/oauth2/test_bc_authorize.c and grants/test_ciba.c. */
#include "idp/partner/registry.h"
#include "idp/server/life/outbox.h"
#include "idp/session/backchannel_answer.h"
#include "idp/session/backchannel_id.h"
#include "tests/listener.h"
#include "tests/protocols/oauth2/backchannel_kit.h"

#define TOKEN "8d67dc78-7faa-4d41-aabd-67707b374255"

/* The hotline is told at the listener; the port is known only now. */
static const char *
ask_for_ping(struct world *w, const struct listener *listener)
{
    struct partner *partner = (struct partner *)registry_find(w->services.registry, "hotline");
    const char *auth_req_id;

    w->settings.outbound.allow_loopback = true;
    partner->profile.backchannel_mode = "ping";
    partner->profile.backchannel_approval = "page";
    partner->profile.backchannel_notify_uri =
        arena_printf(w->arena, "http://127.0.0.1:%d/cb", listener->port);
    world_person(w, 0);
    auth_req_id =
        bc_ask(w, "hotline", "login_hint=13800138000", "&client_notification_token=" TOKEN);
    assert_non_null(auth_req_id);
    return auth_req_id;
}

static void
deliver(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool worked = true;

    while (worked)
        world_must(outbox_deliver(&ctx, &worked), "delivery");
}

static void
a_partner_is_told_with_the_token_it_gave(void **state)
{
    struct world *w = *state;
    struct listener listener;
    const char *auth_req_id;

    assert_int_equal(listener_start(&listener, 204), 0);
    auth_req_id = ask_for_ping(w, &listener);
    deliver(w);
    assert_int_equal(atomic_load(&listener.calls), 0);
    bc_answer(w, 0, "allow");
    deliver(w);
    assert_int_equal(atomic_load(&listener.calls), 1);
    assert_non_null(strstr(listener.head, "Authorization: Bearer " TOKEN "\r\n"));
    assert_non_null(strstr(listener.head, "Content-Type: application/json"));
    assert_string_equal(listener.body,
                        arena_printf(w->arena, "{\"auth_req_id\":\"%s\"}", auth_req_id));
    bc_poll(w, "hotline", auth_req_id);
    assert_int_equal(w->answer.status, 200);
    listener_stop(&listener);
}

static void
a_refusal_is_told_too(void **state)
{
    struct world *w = *state;
    struct listener listener;
    const char *auth_req_id;

    assert_int_equal(listener_start(&listener, 200), 0);
    auth_req_id = ask_for_ping(w, &listener);
    bc_answer(w, 0, "deny");
    deliver(w);
    assert_int_equal(atomic_load(&listener.calls), 1);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_access_denied);
    listener_stop(&listener);
}

static void
who_says_no_or_sends_us_elsewhere_is_not_asked_twice(void **state)
{
    static const int statuses[] = { 401, 403, 301, 400 };
    struct world *w = *state;
    struct listener listener;
    const char *auth_req_id;

    w->settings.limits.prompts = 10;
    assert_int_equal(listener_start(&listener, 401), 0);
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        atomic_store(&listener.status, statuses[i]);
        auth_req_id = ask_for_ping(w, &listener);
        bc_answer(w, 0, "allow");
        world_audit_mark(w);
        deliver(w);
        assert_audited(w, AUDIT_PING_GIVEN_UP, "refused");
        world_advance(w, 60);
        deliver(w);
        assert_int_equal(atomic_load(&listener.calls), (int)i + 1);
        bc_poll(w, "hotline", auth_req_id); /* and the partner may poll all the same */
        assert_int_equal(w->answer.status, 200);
    }
    listener_stop(&listener);
}

static void
who_is_down_is_told_later(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 503), 0);
    (void)ask_for_ping(w, &listener);
    bc_answer(w, 0, "allow");
    deliver(w);
    atomic_store(&listener.status, 200);
    world_advance(w, 2);
    deliver(w);
    assert_int_equal(atomic_load(&listener.calls), 2);
    listener_stop(&listener);
}

static void
ping_needs_a_token_that_nobody_guesses(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 204), 0);
    (void)ask_for_ping(w, &listener);
    assert_null(bc_ask(w, "hotline", "login_hint=13800138000", ""));
    assert_refused(w, &problem_notification_token_invalid);
    assert_null(bc_ask(w, "hotline", "login_hint=13800138000", "&client_notification_token=short"));
    assert_refused(w, &problem_notification_token_invalid);
    listener_stop(&listener);
}

static void
an_auth_req_id_is_one_of_ours_or_nothing(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct digest id = digest_of_text("row");
    struct digest found;
    const char *text;
    const char *secret;

    assert_int_equal(auth_req_id_make(&ctx, &id, "a secret", &text), OK);
    assert_int_equal(auth_req_id_open(&ctx, text, &found, &secret), OK);
    assert_true(digest_eq(&id, &found));
    assert_string_equal(secret, "a secret");
    assert_int_equal(auth_req_id_make(&ctx, &id, "", &text), OK);
    assert_int_equal(auth_req_id_open(&ctx, text, &found, &secret), ERR_FORGED);
    assert_int_equal(auth_req_id_open(&ctx, "x", &found, &secret), ERR_FORGED);
}

static void
what_waits_to_be_told_is_sealed(void **state)
{
    static const char sql[] = "SELECT payload FROM outbox WHERE kind = 'ping'";
    struct world *w = *state;
    struct listener listener;
    const char *payload = NULL;
    const struct out outs[] = { out_text(&payload), OUT_END };

    assert_int_equal(listener_start(&listener, 204), 0);
    (void)ask_for_ping(w, &listener);
    bc_answer(w, 0, "allow");
    world_must(store_run(w->store, &(struct query) { .sql = sql, .outs = outs, .arena = w->arena }),
               sql);
    assert_non_null(payload);
    assert_null(strstr(payload, TOKEN));
    listener_stop(&listener);
}

static void
who_was_removed_is_told_nothing(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct stored_delivery gone = { .partner_id = "nobody", .payload = "x" };
    int status = 0;

    assert_int_equal(ping_tell(&ctx, &gone, &status), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_partner_is_told_with_the_token_it_gave),
        world_test(a_refusal_is_told_too),
        world_test(who_says_no_or_sends_us_elsewhere_is_not_asked_twice),
        world_test(who_is_down_is_told_later),
        world_test(ping_needs_a_token_that_nobody_guesses),
        world_test(an_auth_req_id_is_one_of_ours_or_nothing),
        world_test(what_waits_to_be_told_is_sealed),
        world_test(who_was_removed_is_told_nothing),
    };

    return world_run(tests);
}
