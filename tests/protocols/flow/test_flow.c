/* SPDX-License-Identifier: Apache-2.0 */
/* The sealed transaction behind every login form: SE-02, SE-03, SE-17, SE-18. */
#include <string.h>

#include "idp/base/text.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"
#include "protocols/flow/transactions.h"
#include "tests/world.h"

static void
at_login(struct world *w)
{
    world_authorize(w, "webhall", "");
    assert_int_equal(w->answer.status, 303);
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 200);
}

static void
submit(struct world *w, const char *tx, const char *csrf)
{
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", tx, csrf, world_phone(0),
                    world_url(w, WORLD_PASSWORD));
}

static void
se_02_a_link_prepared_by_another_is_refused(void **state)
{
    struct world *w = *state;
    const char *link;
    const char *tx;
    const char *csrf;

    world_authorize(w, "webhall", "");
    link = world_header(w, "Location");
    world_get(w, link);
    tx = world_hidden(w, "tx");
    csrf = world_hidden(w, "csrf");

    w->cookies = 0; /* the victim's browser, with a session of its own */
    world_log_in(w, 0);
    world_audit_mark(w);
    world_get(w, link);
    assert_refused(w, &problem_transaction_lost);
    assert_audited(w, AUDIT_LOGIN_REJECTED, "tx_cookie");
    submit(w, tx, csrf);
    assert_refused(w, &problem_transaction_lost);
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_refused(w, &problem_transaction_lost);
    world_get(w, arena_printf(w->arena, "/consent?tx=%s", tx));
    assert_refused(w, &problem_transaction_lost);
}

static void
se_03_the_transactions_cookie_is_for_this_host_and_ends_with_it(void **state)
{
    struct world *w = *state;
    const char *line;

    world_authorize(w, "webhall", "");
    line = world_header(w, "Set-Cookie");
    assert_true(text_starts(line, "__Host-tx_"));
    assert_non_null(strstr(line, "; Path=/; HttpOnly; SameSite=Lax; Secure"));
    assert_non_null(strstr(line, "; Max-Age=88200"));
    assert_null(strstr(line, "Domain"));
}

static void
se_17_a_transaction_that_was_altered_is_refused(void **state)
{
    struct world *w = *state;
    char *tx;

    at_login(w);
    tx = arena_text(w->arena, world_hidden(w, "tx"));
    tx[strlen(tx) / 2] ^= 1;
    world_audit_mark(w);
    submit(w, tx, world_hidden(w, "csrf"));
    assert_refused(w, &problem_transaction_lost);
    assert_audited(w, AUDIT_LOGIN_REJECTED, "tx_tamper");
    world_get(w, "/consent");
    assert_refused(w, &problem_transaction_lost);
}

static void
se_17_consent_cannot_be_given_before_the_login(void **state)
{
    struct world *w = *state;
    int64_t rows;

    at_login(w);
    rows = world_rows(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_refused(w, &problem_transaction_order);
    assert_int_equal(world_rows(w), rows);
}

static void
se_18_the_form_token_of_another_tab_is_refused(void **state)
{
    struct world *w = *state;
    const char *tx;
    const char *csrf;

    at_login(w);
    tx = world_hidden(w, "tx");
    csrf = world_hidden(w, "csrf");
    at_login(w);
    world_audit_mark(w);
    submit(w, tx, world_hidden(w, "csrf"));
    assert_refused(w, &problem_form_forged);
    assert_audited(w, AUDIT_LOGIN_REJECTED, "csrf");
    submit(w, tx, "");
    assert_refused(w, &problem_form_forged);
    world_person(w, 0);
    submit(w, tx, csrf); /* both tabs work, each with its own */
    assert_int_equal(w->answer.status, 303);
}

static void
se_18_a_form_without_its_token_is_refused(void **state)
{
    struct world *w = *state;

    at_login(w);
    world_form_post(w, "/login", "tx=%s&phone=%s&password=x", world_hidden(w, "tx"),
                    world_phone(0));
    assert_refused(w, &problem_form_forged);
}

static void
a_transaction_has_its_time(void **state)
{
    struct world *w = *state;
    const char *tx;
    const char *csrf;

    world_person(w, 0);
    at_login(w);
    tx = world_hidden(w, "tx");
    csrf = world_hidden(w, "csrf");
    world_advance(w, w->settings.life.transaction_s + 1);
    submit(w, tx, csrf);
    assert_int_equal(world_rows_of(w, "session"), 0);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

static void
nothing_of_a_login_under_way_is_stored(void **state)
{
    struct world *w = *state;
    int64_t rows = world_rows(w);

    at_login(w);
    assert_int_equal(world_rows(w), rows);
}

static void
old_tabs_give_way_when_there_are_too_many(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 30; i++) {
        world_authorize(w, "webhall", "");
        assert_int_equal(w->answer.status, 303);
        assert_true(w->cookies <= 9);
    }
    world_person(w, 0);
    at_login(w);
    submit(w, world_hidden(w, "tx"), world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
}

static void
a_partner_that_was_removed_meanwhile_is_unknown(void **state)
{
    struct world *w = *state;
    const char *tx;
    const char *csrf;

    at_login(w);
    tx = world_hidden(w, "tx");
    csrf = world_hidden(w, "csrf");
    world_partners(w, "{\"partners\":[]}");
    submit(w, tx, csrf);
    assert_refused(w, &problem_client_unknown);
}

/* A node of another version sealed it. */
static void
a_transaction_in_a_language_that_we_do_not_speak_goes_on_in_the_readers(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct request rq = { .ctx = &ctx,
                          .arena = w->arena,
                          .now = ctx.now,
                          .method = "GET",
                          .path = "/login",
                          .language = LANGUAGE_EN };
    struct transaction tx = { .purpose = PURPOSE_OWN };
    struct flow flow;
    const char *cookie;
    const char *sealed;

    assert_int_equal(transaction_new(&ctx, "ug", &tx, &cookie), OK);
    assert_int_equal(transaction_seal(&ctx, &tx, &sealed), OK);
    sealed = arena_printf(w->arena, "tx=%s", sealed);
    assert_int_equal(params_parse(w->arena, sealed, strlen(sealed), &rq.query), OK);
    rq.headers.cookie =
        arena_printf(w->arena, "__Host-%s=%s", transaction_cookie_name(&rq, &tx), cookie);

    assert_null(flow_open(&rq, &flow));
    assert_int_equal(rq.language, LANGUAGE_EN);
    assert_string_equal(flow.tx.language, "ug");
}

/* The transaction as the page has it, sealed anew with what another version may have put there. */
static const char *
resealed(struct world *w, const char *purpose, const char *asked)
{
    struct ctx ctx = world_ctx(w);
    struct transaction tx;
    const char *sealed;

    assert_int_equal(transaction_peek(&ctx, world_hidden(w, "tx"), &tx), OK);
    tx.purpose = purpose;
    tx.asked = asked != NULL ? asked : tx.asked;
    assert_int_equal(transaction_seal(&ctx, &tx, &sealed), OK);
    return sealed;
}

static void
a_purpose_that_we_do_not_know_is_begun_anew(void **state)
{
    struct world *w = *state;
    const char *tx;

    at_login(w);
    tx = resealed(w, "teleport", NULL);
    world_get(w, arena_printf(w->arena, "/login?tx=%s", tx));
    assert_refused(w, &problem_transaction_lost);
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_refused(w, &problem_transaction_lost);
}

static void
a_request_that_cannot_be_read_any_more_is_begun_anew(void **state)
{
    struct world *w = *state;
    const char *tx;

    at_login(w);
    tx = resealed(w, PURPOSE_AUTHORIZE, "state=99:short");
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", tx));
    assert_refused(w, &problem_transaction_lost);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_transaction_in_a_language_that_we_do_not_speak_goes_on_in_the_readers),
        world_test(se_02_a_link_prepared_by_another_is_refused),
        world_test(se_03_the_transactions_cookie_is_for_this_host_and_ends_with_it),
        world_test(se_17_a_transaction_that_was_altered_is_refused),
        world_test(se_17_consent_cannot_be_given_before_the_login),
        world_test(se_18_the_form_token_of_another_tab_is_refused),
        world_test(se_18_a_form_without_its_token_is_refused),
        world_test(a_transaction_has_its_time),
        world_test(nothing_of_a_login_under_way_is_stored),
        world_test(old_tabs_give_way_when_there_are_too_many),
        world_test(a_partner_that_was_removed_meanwhile_is_unknown),
        world_test(a_purpose_that_we_do_not_know_is_begun_anew),
        world_test(a_request_that_cannot_be_read_any_more_is_begun_anew),
    };

    return world_run(tests);
}
