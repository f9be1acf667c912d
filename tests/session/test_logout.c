/* SPDX-License-Identifier: Apache-2.0 */
/* Telling partners of a logout (SE-09, SE-11), against addresses on this machine. */
#include <jansson.h>
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/server/life/resting.h"
#include "idp/session/logout.h"
#include "keys/jws.h"
#include "tests/session/logout_kit.h"

#define EVENT "http://schemas.openid.net/event/backchannel-logout"

static const char *
outcome(struct world *w)
{
    static const char sql[] = "SELECT outcome FROM outbox";
    const struct arg args[] = { ARG_END };
    const char *text = NULL;
    const struct out outs[] = { out_text(&text), OUT_END };
    struct query query = { .sql = sql, .args = args, .outs = outs, .arena = w->arena };

    assert_int_equal(store_run(w->store, &query), OK);
    return text;
}

static int64_t
tries_of(struct world *w, const char *partner_id)
{
    const struct arg args[] = { arg_text(partner_id), ARG_END };
    int64_t tries = -1;
    const struct out outs[] = { out_int(&tries), OUT_END };

    assert_int_equal(
        store_run(w->store,
                  &(struct query) { .sql = "SELECT tries FROM outbox WHERE partner_id = $1",
                                    .args = args,
                                    .outs = outs,
                                    .arena = w->arena }),
        OK);
    return tries;
}

/* The claims of the token in the last call, its signature checked. */
static json_t *
token_received(struct world *w, const struct listener *listener)
{
    static const char name[] = "logout_token=";
    const struct signing_key *key;
    struct jws jws;

    assert_true(text_starts(listener->body, name));
    assert_int_equal(jws_read(w->arena, listener->body + strlen(name), &jws), OK);
    assert_string_equal(jws.typ, "logout+jwt");
    key = keyring_verifier(w->services.keys, jws.kid);
    assert_non_null(key);
    assert_int_equal(jws_check(&jws, key->key, key->alg), OK);
    return json_loadb((const char *)jws.payload.at, jws.payload.size, JSON_REJECT_DUPLICATES, NULL);
}

static const char *
member(json_t *claims, const char *name)
{
    return json_string_value(json_object_get(claims, name));
}

static void
se_09_the_token_says_who_was_logged_out_and_nothing_it_must_not(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct listener listener;
    struct jws id;
    json_t *claims;
    json_t *identity;

    assert_int_equal(listener_start(&listener, 200), 0);
    partner_listens(w, "webhall", &listener);
    log_out(w);
    assert_true(deliver(w));
    claims = token_received(w, &listener);
    assert_int_equal(jws_read(w->arena, tokens.id, &id), OK);
    identity = json_loadb((const char *)id.payload.at, id.payload.size, 0, NULL);
    assert_string_equal(member(claims, "iss"), WORLD_ISSUER);
    assert_string_equal(member(claims, "aud"), "webhall");
    assert_string_equal(member(claims, "sub"), member(identity, "sub"));
    assert_string_equal(member(claims, "sid"), member(identity, "sid"));
    assert_non_null(member(claims, "jti"));
    assert_int_equal(json_integer_value(json_object_get(claims, "iat")), WORLD_NOW);
    assert_int_equal(json_integer_value(json_object_get(claims, "exp")), WORLD_NOW + 120);
    assert_true(json_is_object(json_object_get(json_object_get(claims, "events"), EVENT)));
    assert_null(json_object_get(claims, "nonce"));
    json_decref(claims);
    json_decref(identity);
    listener_stop(&listener);
}

static const char *
payload_of(struct world *w)
{
    static const char sql[] = "SELECT payload FROM outbox";
    const char *payload = NULL;
    const struct out outs[] = { out_text(&payload), OUT_END };

    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = sql, .outs = outs, .arena = w->arena }), OK);
    return payload;
}

/* Whoever delivers, and however late: it is the trace of the request that logged her out. */
static void
a_partner_is_told_in_the_trace_of_the_logout(void **state)
{
    struct world *w = *state;
    struct listener listener;
    const char *trace;

    assert_int_equal(listener_start(&listener, 200), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    log_out(w);
    trace = arena_printf(w->arena, "\r\ntraceparent: %.36s", payload_of(w));
    assert_true(deliver(w));
    assert_non_null(strstr(listener.head, trace));
    assert_null(strstr(listener.head, payload_of(w))); /* the span is another */
    listener_stop(&listener);
}

static void
se_09_a_partner_is_told_once(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 204), 0);
    (void)world_login_tokens(w, "webhall");
    (void)world_login_tokens(w, "webhall");  /* two grants of one session */
    (void)world_login_tokens(w, "hospital"); /* wants not to be told */
    partner_listens(w, "webhall", &listener);
    log_out(w);
    assert_true(deliver(w));
    assert_false(deliver(w));
    assert_int_equal(atomic_load(&listener.calls), 1);
    assert_string_equal(outcome(w), "delivered");
    listener_stop(&listener);
}

static void
se_09_a_partner_that_fails_is_told_again_later_and_then_given_up(void **state)
{
    static const int64_t pauses_s[] = { 5, 30, 120, 600, 3600 };
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 500), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    log_out(w);
    world_audit_mark(w);
    for (size_t i = 0; i < 5; i++) {
        assert_true(deliver(w));
        assert_false(deliver(w));
        world_advance(w, pauses_s[i] - 1);
        assert_false(deliver(w));
        world_advance(w, 1);
    }
    assert_int_equal(world_audit_count(w, AUDIT_LOGOUT_GIVEN_UP), 0);
    assert_true(deliver(w));
    assert_audited(w, AUDIT_LOGOUT_GIVEN_UP, NULL);
    assert_string_equal(outcome(w), "given_up");
    world_advance(w, 86400);
    assert_false(deliver(w));
    assert_int_equal(atomic_load(&listener.calls), 6);
    listener_stop(&listener);
}

static void
a_partner_that_comes_back_hears_of_it(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 503), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    log_out(w);
    assert_true(deliver(w));
    atomic_store(&listener.status, 200);
    world_advance(w, 5);
    assert_true(deliver(w));
    assert_string_equal(outcome(w), "delivered");
    listener_stop(&listener);
}

/* K10: who answers no is not like one that is down. Both are told again. */
static void
k10_a_refusal_has_a_word_and_a_count_of_its_own(void **state)
{
    static const struct {
        int status;
        const char *outcome;
        enum metric counted;
    } cases[] = {
        { 400, "refused", METRIC_LOGOUT_REFUSED },    { 404, "refused", METRIC_LOGOUT_REFUSED },
        { 302, "refused", METRIC_LOGOUT_REFUSED },    { 202, "refused", METRIC_LOGOUT_REFUSED },
        { 429, "unavailable", METRIC_LOGOUT_FAILED }, { 500, "unavailable", METRIC_LOGOUT_FAILED },
        { 503, "unavailable", METRIC_LOGOUT_FAILED }, { 200, "delivered", METRIC_LOGOUT_DELIVERED },
    };
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    log_out(w);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct arg args[] = { ARG_END };
        int64_t before = metric_read(cases[i].counted);

        assert_int_equal(store_run(w->store, &(struct query) { .sql = "UPDATE outbox SET tries = 0",
                                                               .args = args }),
                         OK);
        atomic_store(&listener.status, cases[i].status);
        assert_true(deliver(w));
        assert_string_equal(outcome(w), cases[i].outcome);
        assert_int_equal(metric_read(cases[i].counted), before + 1);
        world_advance(w, 5);
    }
    listener_stop(&listener);
}

static void
k10_the_status_is_told_and_the_trail_has_the_last_outcome(void **state)
{
    struct world *w = *state;
    struct listener listener;
    struct ctx ctx = world_ctx(w);
    struct stored_delivery delivery = { .partner_id = "webhall",
                                        .person_id = world_person(w, 0),
                                        .sid = "s_1",
                                        .created_at = WORLD_NOW };
    int status = 0;

    assert_int_equal(listener_start(&listener, 400), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    assert_int_equal(logout_tell(&ctx, &delivery, &status), ERR_REFUSED);
    assert_int_equal(status, 400);
    log_out(w);
    world_audit_mark(w);
    for (int i = 0; i < 6; i++) {
        assert_true(deliver(w));
        world_advance(w, 3600);
    }
    assert_audited(w, AUDIT_LOGOUT_GIVEN_UP, "refused");
    listener_stop(&listener);
}

static void
without_leave_no_call_goes_to_this_machine(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    w->settings.outbound.allow_loopback = false;
    log_out(w);
    assert_true(deliver(w));
    assert_int_equal(atomic_load(&listener.calls), 0);
    assert_string_equal(outcome(w), "unavailable");
    listener_stop(&listener);
}

static void
a_partner_that_is_gone_needs_no_telling(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    log_out(w);
    world_partners(w, "{\"partners\":[]}");
    assert_true(deliver(w));
    assert_false(deliver(w));
    assert_string_equal(outcome(w), "partner_gone");
    listener_stop(&listener);
}

struct deliverer {
    pthread_t thread;
    struct world *w;
    enum err err;
};

static void *
deliver_beside(void *state)
{
    struct deliverer *deliverer = state;
    struct arena *arena = arena_new((size_t)8 << 20);
    struct store *store = store_open(deliverer->w->services.database);
    struct ctx ctx = ctx_new(&deliverer->w->services, arena, store);
    bool worked;

    deliverer->err = outbox_deliver(&ctx, &worked);
    store_close(store);
    arena_free(arena);
    return NULL;
}

static void
se_11_a_partner_that_hangs_keeps_no_other_waiting(void **state)
{
    struct world *w = *state;
    struct deliverer beside = { .w = w };
    struct listener slow;
    struct listener quick;

    assert_int_equal(listener_start(&slow, 200), 0);
    assert_int_equal(listener_start(&quick, 200), 0);
    atomic_store(&slow.holds, true);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &slow);
    log_out(w);
    assert_int_equal(pthread_create(&beside.thread, NULL, deliver_beside, &beside), 0);
    sem_wait(&slow.taken); /* it has the call and does not answer */

    w->cookies = 0;
    (void)world_login_tokens(w, "hospital");
    partner_listens(w, "hospital", &quick);
    log_out(w);
    assert_true(deliver(w));
    assert_int_equal(atomic_load(&quick.calls), 1);
    assert_false(deliver(w)); /* the hanging one is leased: nobody else calls it meanwhile */
    assert_int_equal(atomic_load(&slow.calls), 1);

    sem_post(&slow.release);
    pthread_join(beside.thread, NULL);
    assert_int_equal(beside.err, OK);
    listener_stop(&slow);
    listener_stop(&quick);
}

/* However many logouts it has not taken: once it has kept a deliverer, its others wait without a call,
 * and no try of theirs counts. */
static void
se_11_what_a_resting_partner_does_not_take_holds_up_nobody(void **state)
{
    struct world *w = *state;
    struct listener slow;
    struct listener quick;

    assert_int_equal(listener_start(&slow, 200), 0);
    assert_int_equal(listener_start(&quick, 200), 0);
    w->services.resting = resting_new();
    resting_learn(w->services.resting, "webhall", w->now, false);
    (void)world_login_tokens(w, "webhall");
    (void)world_login_tokens(w, "hospital");
    partner_listens(w, "webhall", &slow);
    partner_listens(w, "hospital", &quick);
    log_out(w);
    while (deliver(w))
        ;
    assert_int_equal(atomic_load(&slow.calls), 0);
    assert_int_equal(atomic_load(&quick.calls), 1);
    world_advance(w, RESTING_S);
    assert_true(deliver(w));
    assert_int_equal(atomic_load(&slow.calls), 1);
    assert_int_equal(tries_of(w, "webhall"), 1);
    resting_free(w->services.resting);
    w->services.resting = NULL;
    listener_stop(&slow);
    listener_stop(&quick);
}

/* It would tell of a session that is long over everywhere. */
static void
after_a_day_it_is_given_up_without_a_call(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    log_out(w);
    world_advance(w, 86401);
    assert_true(deliver(w));
    assert_int_equal(atomic_load(&listener.calls), 0);
    assert_string_equal(outcome(w), "given_up");
    listener_stop(&listener);
}

/* Z6: the one before is gone, and who has its id now never knew the session. */
static void
z6_a_partner_that_came_back_is_not_told_of_what_was_before(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    log_out(w);
    ((struct partner *)registry_find(w->services.registry, "webhall"))->since = WORLD_NOW + 1;
    assert_true(deliver(w));
    assert_int_equal(atomic_load(&listener.calls), 0);
    assert_string_equal(outcome(w), "partner_gone");
    listener_stop(&listener);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(se_09_the_token_says_who_was_logged_out_and_nothing_it_must_not),
        world_test(a_partner_is_told_in_the_trace_of_the_logout),
        world_test(se_09_a_partner_is_told_once),
        world_test(se_09_a_partner_that_fails_is_told_again_later_and_then_given_up),
        world_test(a_partner_that_comes_back_hears_of_it),
        world_test(k10_a_refusal_has_a_word_and_a_count_of_its_own),
        world_test(k10_the_status_is_told_and_the_trail_has_the_last_outcome),
        world_test(without_leave_no_call_goes_to_this_machine),
        world_test(a_partner_that_is_gone_needs_no_telling),
        world_test(se_11_a_partner_that_hangs_keeps_no_other_waiting),
        world_test(se_11_what_a_resting_partner_does_not_take_holds_up_nobody),
        world_test(after_a_day_it_is_given_up_without_a_call),
        world_test(z6_a_partner_that_came_back_is_not_told_of_what_was_before),
    };

    return world_run(tests);
}
