/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Budgets (docs/architecture.md, What is stored): what a step may leave in the store, in rows and
 * in bytes, and how large what is handed out may be. The bounds in bytes are a third or so above
 * what was measured when they were set.
 */
#include <stdio.h>
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "tests/world.h"

#define COOKIES_MAX_BYTES 248 /* all of one answer: every request carries them back */
#define CODE_MAX_BYTES 512    /* travels in an address */
#define REFRESH_MAX_BYTES 192
#define ACCESS_MAX_BYTES 1024 /* fits a header beside all else */
#define SEALED_FORM_MAX_BYTES 640
#define SESSION_ROW_MAX_BYTES 176
#define GRANT_ROW_MAX_BYTES 240
#define SPENT_ROW_MAX_BYTES 96
#define AUDIT_ROW_MAX_BYTES 248

/* Rows of every table that a login or a token may touch. */
struct row_counts {
    int64_t session;
    int64_t spent;
    int64_t grant;
    int64_t audit;
    int64_t all; /* but audit and attempt */
};

static struct row_counts
rows_now(struct world *w)
{
    return (struct row_counts) { world_rows_of(w, "session"), world_rows_of(w, "spent"),
                                 world_rows_of(w, "partner_grant"), world_rows_of(w, "audit"),
                                 world_rows(w) };
}

/* Exactly so many more than before, and none in any other table. */
static void
assert_grown(struct world *w, struct row_counts before, struct row_counts by)
{
    struct row_counts now = rows_now(w);

    assert_int_equal(now.session - before.session, by.session);
    assert_int_equal(now.spent - before.spent, by.spent);
    assert_int_equal(now.grant - before.grant, by.grant);
    assert_int_equal(now.audit - before.audit, by.audit);
    assert_int_equal(now.all - before.all, by.session + by.spent + by.grant);
}

static int64_t
bytes_of_one(struct world *w, const char *sql)
{
    const struct arg args[] = { ARG_END };
    int64_t bytes = 0;
    const struct out outs[] = { out_int(&bytes), OUT_END };

    assert_int_equal(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        OK);
    return bytes;
}

/* Of the only row there is. Digests count 32, integers 8. */
static const char session_bytes[] = "SELECT sum(length(sid) + 32 + length(person_id) + "
                                    "length(channel) + length(amr) + 5 * 8) FROM session";
static const char grant_bytes[] =
    "SELECT sum(length(grant_id) + length(person_id) + length(partner_id) + length(sid) + "
    "length(scope) + length(claims) + length(acr) + length(amr) + 7 * 8) FROM partner_grant";
static const char spent_bytes[] = "SELECT sum(32 + length(grant_id) + 8) FROM spent";
static const char audit_bytes[] =
    "SELECT sum(length(audit_id) + 8 + length(event) + length(reason) + length(person_id) + "
    "length(partner_id) + length(sid) + length(channel) + length(request_id) + length(address) + "
    "3 * 8 + length(mac))"
    " FROM audit WHERE event = 'session.begin'";

static void
assert_within(const char *what, int64_t bytes, int64_t most)
{
    print_message("    %s: %lld of %lld\n", what, (long long)bytes, (long long)most);
    assert_true(bytes > 0);
    assert_true(bytes <= most);
}

static int64_t
cookie_bytes(const struct world *w)
{
    size_t bytes = 0;

    for (size_t i = 0; i < w->cookies; i++)
        bytes += strlen(w->jar[i].name) + 1 + strlen(w->jar[i].value) + 2;
    return (int64_t)bytes;
}

/* By the form, as a browser does it. */
static void
log_in_by_form(struct world *w)
{
    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0), world_url(w, WORLD_PASSWORD));
    assert_int_equal(w->answer.status, 303);
}

static void
a_password_login_is_one_session_and_one_record(void **state)
{
    struct world *w = *state;
    struct row_counts before;

    world_person(w, 0);
    before = rows_now(w);
    log_in_by_form(w);
    assert_grown(w, before, (struct row_counts) { .session = 1, .audit = 1 });
    assert_within("session row", bytes_of_one(w, session_bytes), SESSION_ROW_MAX_BYTES);
    assert_within("audit row", bytes_of_one(w, audit_bytes), AUDIT_ROW_MAX_BYTES);
    assert_within("cookies", cookie_bytes(w), COOKIES_MAX_BYTES);
}

static const char *
device_cookie_of(struct world *w, const struct world_answer *answer)
{
    static const char start[] = "__Host-device=";

    for (size_t i = 0; i < answer->header_count; i++) {
        const char *value = answer->headers[i].value;

        if (text_starts(value, start))
            return arena_copy(w->arena, value + sizeof(start) - 1,
                              strcspn(value + sizeof(start) - 1, ";"));
    }
    return "";
}

/* The page is shown before: what counts is the form. */
static void
assert_login_costs(struct world *w, const char *what, int64_t statements, int64_t commits)
{
    int64_t statements_before;
    int64_t commits_before;

    world_open(w, "/login");
    statements_before = metric_read(METRIC_STORE_STATEMENTS);
    commits_before = metric_read(METRIC_STORE_COMMITS);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0), world_url(w, WORLD_PASSWORD));
    assert_int_equal(w->answer.status, 303);
    assert_within(what, metric_read(METRIC_STORE_STATEMENTS) - statements_before, statements);
    assert_within("commits", metric_read(METRIC_STORE_COMMITS) - commits_before, commits);
}

/*
 * The tries counted, the tries forgotten, the session; the fourth is the test's own, whose cheap
 * hash is made anew. A known browser counts in one line.
 */
static void
a_password_login_is_three_commits_and_few_statements(void **state)
{
    struct world *w = *state;
    struct world_answer answer;

    world_person(w, 0);
    assert_login_costs(w, "statements in a new browser", 16, 4);
    answer = w->answer;
    w->cookies = 0;
    world_cookie_put(w, "__Host-device", device_cookie_of(w, &answer));
    assert_login_costs(w, "statements in a known browser", 10, 4);
}

static void
a_code_is_nothing_until_redeemed_then_one_row_of_each(void **state)
{
    struct world *w = *state;
    struct row_counts before;
    const char *code;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    before = rows_now(w);
    world_authorize(w, "webhall", "");
    code = world_location_param(w, "code");
    assert_non_null(code);
    assert_grown(w, before, (struct row_counts) { 0 });
    world_redeem(w, "webhall", code);
    assert_int_equal(w->answer.status, 200);
    assert_grown(w, before, (struct row_counts) { .spent = 1, .grant = 1, .audit = 1 });
    assert_within("grant row", bytes_of_one(w, grant_bytes), GRANT_ROW_MAX_BYTES);
    assert_within("spent row", bytes_of_one(w, spent_bytes), SPENT_ROW_MAX_BYTES);
    assert_within("code", (int64_t)strlen(code), CODE_MAX_BYTES);
}

static void
tokens_are_small_and_a_refresh_is_no_row(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct row_counts before = rows_now(w);

    assert_within("access token", (int64_t)strlen(tokens.access), ACCESS_MAX_BYTES);
    for (int i = 0; i < 10; i++) {
        assert_within("refresh token", (int64_t)strlen(tokens.refresh), REFRESH_MAX_BYTES);
        world_partner_post(w, "webhall", "/oauth2/token",
                           "grant_type=refresh_token&refresh_token=%s", tokens.refresh);
        assert_int_equal(w->answer.status, 200);
        tokens = world_tokens_of(w);
    }
    assert_grown(w, before, (struct row_counts) { 0 });
}

static void
what_only_reads_leaves_nothing(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct row_counts before = rows_now(w);

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    assert_int_equal(w->answer.status, 200);
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", tokens.access);
    assert_int_equal(w->answer.status, 200);
    assert_true(world_token_works(w, tokens.access));
    assert_grown(w, before, (struct row_counts) { 0 });
}

static void
pages_shown_leave_nothing(void **state)
{
    static const char *const pages[] = { "/", "/login", "/login/sms", "/register",
                                         "/.well-known/openid-configuration" };
    struct world *w = *state;
    struct row_counts before = rows_now(w);

    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        world_open(w, pages[i]);
        assert_int_equal(w->answer.status, 200);
    }
    world_authorize(w, "webhall", "");
    assert_int_equal(w->answer.status, 303);
    world_get(w, arena_text(w->arena, world_header(w, "Location")));
    assert_int_equal(w->answer.status, 200);
    assert_within("sealed transaction", (int64_t)strlen(world_hidden(w, "tx")),
                  SEALED_FORM_MAX_BYTES);
    assert_grown(w, before, (struct row_counts) { 0 });
}

/* The ledger of attempts has a line for each subject, not for each attempt. */
static void
failed_logins_add_records_but_no_lines_to_the_ledger(void **state)
{
    struct world *w = *state;
    int64_t lines;

    world_person(w, 0);
    for (int i = 0; i < 4; i++) {
        world_open(w, "/login");
        world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=wrong", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"), world_phone(0));
        assert_refused(w, &problem_login_failed);
        if (i == 0)
            lines = world_rows_of(w, "attempt");
    }
    assert_int_equal(world_rows_of(w, "attempt"), lines);
    assert_int_equal(world_audit_count(w, AUDIT_LOGIN_FAILED), 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_password_login_is_one_session_and_one_record),
        world_test(a_password_login_is_three_commits_and_few_statements),
        world_test(a_code_is_nothing_until_redeemed_then_one_row_of_each),
        world_test(tokens_are_small_and_a_refresh_is_no_row),
        world_test(what_only_reads_leaves_nothing),
        world_test(pages_shown_leave_nothing),
        world_test(failed_logins_add_records_but_no_lines_to_the_ledger),
    };

    return world_run(tests);
}
