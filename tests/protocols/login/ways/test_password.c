/* SPDX-License-Identifier: Apache-2.0 */
/* The login page against the attack catalogue: SE-01, SE-04, SE-05, SE-15, SE-17, AU-01,
 * AU-03, AU-05, AU-23, AU-25. */
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "keys/jws.h"
#include "tests/world.h"

/* The page to log in for the partner; its hidden fields are in the answer. */
static const char *
login_page(struct world *w, const char *partner_id, const char *more)
{
    const char *location;

    world_authorize(w, partner_id, more);
    assert_int_equal(w->answer.status, 303);
    location = world_header(w, "Location");
    assert_true(text_starts(location, "/login?tx="));
    world_get(w, location);
    assert_int_equal(w->answer.status, 200);
    return location;
}

static void
submit(struct world *w, const char *tx, const char *csrf, const char *phone, const char *password)
{
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", tx, csrf,
                    world_url(w, phone), world_url(w, password));
}

/* On a fresh page of our own, without a partner. */
static void
try_to_log_in(struct world *w, const char *phone, const char *password)
{
    world_open(w, "/login");
    submit(w, world_hidden(w, "tx"), world_hidden(w, "csrf"), phone, password);
}

static bool
cookie_lives(struct world *w, const char *cookie)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, cookie, &session), OK);
    return session.live;
}

static void
phone_and_password_lead_back_to_the_partner(void **state)
{
    struct world *w = *state;

    world_consent(w, 0, "webhall", "openid profile");
    login_page(w, "webhall", "");
    submit(w, world_hidden(w, "tx"), world_hidden(w, "csrf"), world_phone(0), WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 303);
    assert_non_null(world_cookie(w, "__Host-session"));
    world_get(w, world_header(w, "Location"));
    assert_int_equal(w->answer.status, 303);
    assert_non_null(world_location_param(w, "code"));
}

static void
a_login_writes_one_session_and_one_record(void **state)
{
    struct world *w = *state;
    int64_t rows;

    world_person(w, 0);
    rows = world_rows(w);
    world_audit_mark(w);
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 303);
    assert_int_equal(world_rows(w), rows + 1);
    assert_int_equal(world_rows_of(w, "audit"), 1);
    assert_audited(w, AUDIT_LOGIN, "pwd");
}

static void
se_01_a_cookie_set_before_the_login_is_not_kept(void **state)
{
    struct world *w = *state;
    const char *planted = "s_AAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    world_person(w, 0);
    world_cookie_put(w, "__Host-session", planted);
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 303);
    assert_string_not_equal(world_cookie(w, "__Host-session"), planted);
    assert_false(cookie_lives(w, planted));
    assert_true(cookie_lives(w, world_cookie(w, "__Host-session")));
}

static void
se_01_logging_in_again_changes_the_cookie_and_the_old_one_is_dead(void **state)
{
    struct world *w = *state;
    const char *before;

    world_log_in(w, 0);
    before = world_cookie(w, "__Host-session");
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    assert_false(cookie_lives(w, before));
    assert_true(cookie_lives(w, world_cookie(w, "__Host-session")));
    assert_int_equal(world_rows_of(w, "session"), 1);
}

static void
se_01_another_persons_login_ends_the_session_that_was_there(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *before = world_cookie(w, "__Host-session");

    world_person(w, 1);
    world_audit_mark(w);
    try_to_log_in(w, world_phone(1), WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 303);
    assert_false(cookie_lives(w, before));
    assert_audited(w, AUDIT_SESSION_ENDED, "replaced");
    assert_false(world_token_works(w, tokens.access));
}

static void
se_03_the_session_cookie_is_for_this_host_and_no_script(void **state)
{
    struct world *w = *state;
    const char *line = "";

    world_person(w, 0);
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    for (size_t i = 0; i < w->answer.header_count; i++)
        if (text_starts(w->answer.headers[i].value, "__Host-session="))
            line = w->answer.headers[i].value;
    assert_non_null(strstr(line, "; Path=/; HttpOnly; SameSite=Lax; Secure"));
    assert_null(strstr(line, "Domain"));
    assert_null(strstr(line, "Max-Age"));
    assert_true(strlen(world_cookie(w, "__Host-session")) >= 24 + 43); /* 256 bits behind the sid */
}

static void
se_04_a_login_form_of_a_foreign_site_is_refused(void **state)
{
    static const char *const origins[] = { "https://evil.example", "null", "http://id.example",
                                           "https://id.example:8443", "https://id.example.evil" };
    struct world *w = *state;

    world_person(w, 0);
    for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
        world_open(w, "/login");
        world_audit_mark(w);
        world_send(w, &(struct world_call) {
                          .target = "/login",
                          .form = arena_printf(w->arena, "tx=%s&csrf=%s&phone=%s&password=%s",
                                               world_hidden(w, "tx"), world_hidden(w, "csrf"),
                                               world_phone(0), world_url(w, WORLD_PASSWORD)),
                          .origin = origins[i] });
        assert_refused(w, &problem_form_forged);
        assert_audited(w, AUDIT_LOGIN_REJECTED, "csrf");
        assert_null(world_cookie(w, "__Host-session"));
    }
    assert_int_equal(world_rows_of(w, "session"), 0);
}

static void
our_own_origin_is_welcome(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    world_open(w, "/login");
    world_send(w, &(struct world_call) {
                      .target = "/login",
                      .form = arena_printf(w->arena, "tx=%s&csrf=%s&phone=%s&password=%s",
                                           world_hidden(w, "tx"), world_hidden(w, "csrf"),
                                           world_phone(0), world_url(w, WORLD_PASSWORD)),
                      .origin = WORLD_ISSUER });
    assert_int_equal(w->answer.status, 303);
}

static void
se_05_cancelling_a_fresh_login_leaves_the_session_as_it_was(void **state)
{
    struct world *w = *state;
    const char *before;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    before = world_cookie(w, "__Host-session");
    world_advance(w, 30);
    login_page(w, "webhall", "&prompt=login");
    assert_non_null(strstr(w->answer.body, "/login/cancel"));
    world_audit_mark(w);
    world_form_post(w, "/login/cancel", "tx=%s&csrf=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    world_follow(w);
    assert_refused_by_redirect(w, "webhall", &problem_access_denied);
    assert_string_equal(world_cookie(w, "__Host-session"), before);
    assert_true(cookie_lives(w, before));
    assert_int_equal(world_audit_count(w, AUDIT_LOGIN), 0);
    world_authorize(w, "webhall", "&max_age=10"); /* not raised: the login is as old as before */
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

static void
se_05_prompt_login_is_not_satisfied_by_the_session_there_was(void **state)
{
    struct world *w = *state;
    const char *location;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_advance(w, 30);
    location = login_page(w, "webhall", "&prompt=login");
    world_get(w, arena_printf(w->arena, "/oauth2/authorize/resume%s", strchr(location, '?')));
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

static void
assert_about(struct world *w, const char *id_token, const char *sub)
{
    struct jws jws;

    assert_int_equal(jws_read(w->arena, id_token, &jws), OK);
    assert_non_null(
        strstr((const char *)jws.payload.at, arena_printf(w->arena, "\"sub\":\"%s\"", sub)));
}

/* What the partner calls person n. */
static const char *
subject_of(struct world *w, int n)
{
    w->cookies = 0;
    world_log_in(w, n);
    world_consent(w, n, "webhall", "openid profile");
    world_authorize(w, "webhall", "");
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_true(world_token_works(w, world_json(w, "access_token")));
    return world_json(w, "sub");
}

#define PEOPLE 10
#define ROUNDS 20

struct browser {
    const char *name; /* of the transaction's cookie */
    const char *value;
    const char *tx;
    const char *csrf;
};

static struct browser
browser_at_login(struct world *w)
{
    struct browser browser;

    w->cookies = 0;
    login_page(w, "webhall", "");
    assert_int_equal(w->cookies, 1);
    browser = (struct browser) { w->jar[0].name, w->jar[0].value, world_hidden(w, "tx"),
                                 world_hidden(w, "csrf") };
    return browser;
}

/* Two hundred logins, ten at a time, each begun before the others are done and
 * finished in another order. */
static void
se_15_interleaved_logins_are_never_mixed_up(void **state)
{
    struct world *w = *state;
    const char *subjects[PEOPLE];
    struct browser browsers[PEOPLE];

    for (int n = 0; n < PEOPLE; n++)
        subjects[n] = subject_of(w, n);
    for (int round = 0; round < ROUNDS; round++) {
        for (int n = 0; n < PEOPLE; n++)
            browsers[n] = browser_at_login(w);
        for (int i = 0; i < PEOPLE; i++) {
            int n = (i * 7 + round) % PEOPLE;

            w->cookies = 0;
            world_cookie_put(w, browsers[n].name, browsers[n].value);
            submit(w, browsers[n].tx, browsers[n].csrf, world_phone(n), WORLD_PASSWORD);
            world_get(w, world_header(w, "Location"));
            world_redeem(w, "webhall", world_location_param(w, "code"));
            assert_about(w, world_json(w, "id_token"), subjects[n]);
        }
    }
}

static void
se_17_an_empty_form_and_a_form_out_of_order_change_nothing(void **state)
{
    struct world *w = *state;
    const char *tx;
    const char *csrf;
    int64_t rows = world_rows(w);

    world_send(w, &(struct world_call) { .target = "/login", .method = "POST" });
    assert_refused(w, &problem_transaction_lost);
    world_open(w, "/login");
    tx = world_hidden(w, "tx");
    csrf = world_hidden(w, "csrf");
    world_form_post(w, "/login/cancel", "tx=%s&csrf=%s", tx, csrf); /* there is no partner */
    assert_refused(w, &problem_transaction_order);
    world_form_post(w, "/login/sms/code", "tx=%s&csrf=%s&code=123456", tx, csrf);
    assert_refused(w, &problem_transaction_order);
    world_get(w, arena_printf(w->arena, "/login/sms/code?tx=%s", tx));
    assert_refused(w, &problem_transaction_order);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", tx, csrf);
    assert_refused(w, &problem_transaction_order);
    assert_int_equal(world_rows(w), rows);
}

static void
au_01_unknown_and_wrong_are_answered_alike(void **state)
{
    struct world *w = *state;
    size_t size;
    size_t headers;

    world_person(w, 0);
    try_to_log_in(w, world_phone(0), "wrong password");
    assert_refused(w, &problem_login_failed);
    size = strlen(w->answer.body);
    headers = w->answer.header_count;
    try_to_log_in(w, "13900139000", "wrong password");
    assert_refused(w, &problem_login_failed);
    assert_int_equal(strlen(w->answer.body), size);
    assert_int_equal(w->answer.header_count, headers);
}

static void
au_03_after_five_wrong_passwords_the_right_one_must_wait_too(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    world_audit_mark(w);
    for (int i = 0; i < 5; i++) {
        try_to_log_in(w, world_phone(0), "wrong password");
        assert_refused(w, &problem_login_failed);
    }
    assert_audited(w, AUDIT_LOCK_SET, "password");
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    assert_refused(w, &problem_login_wait_5);
    assert_non_null(world_header(w, "Retry-After"));
    assert_non_null(strstr(w->answer.body, "id=\"other-way\" href=\"/login/sms?tx="));
    assert_null(world_cookie(w, "__Host-session"));
    world_advance(w, 119);
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    assert_refused(w, &problem_login_wait_1);
    world_advance(w, 1);
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 303);
}

static void
au_05_every_spelling_of_a_number_is_one_counter(void **state)
{
    static const char *const spellings[] = { "13800138000", "+86 138 0013 8000", "138-0013-8000",
                                             " 13800138000", "１３８００１３８０００" };
    struct world *w = *state;

    world_person(w, 0);
    for (size_t i = 0; i < 5; i++) {
        try_to_log_in(w, spellings[i], "wrong password");
        assert_refused(w, &problem_login_failed);
    }
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    assert_refused(w, &problem_login_wait_5);
    for (size_t i = 0; i < 5; i++) { /* and each names the same person */
        world_advance(w, 600);
        try_to_log_in(w, spellings[i], WORLD_PASSWORD);
        assert_int_equal(w->answer.status, 303);
    }
}

/* C3: an empty field is a slip of the finger, not a guess. */
static void
an_empty_password_is_asked_for_and_counts_nothing(void **state)
{
    struct world *w = *state;
    int64_t hashes;

    world_person(w, 0);
    world_audit_mark(w);
    hashes = metric_read(METRIC_HASH_RUNS);
    for (int i = 0; i < 10; i++) {
        try_to_log_in(w, world_phone(0), "");
        assert_refused(w, &problem_password_missing);
        assert_non_null(strstr(w->answer.body, "id=\"password-problem\""));
    }
    assert_int_equal(metric_read(METRIC_HASH_RUNS), hashes);
    assert_int_equal(world_rows_of(w, "attempt") + world_rows_of(w, "audit"), 0);
    try_to_log_in(w, world_phone(0), WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 303);
}

static void
a_success_clears_the_counter(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    for (int i = 0; i < 12; i++) {
        try_to_log_in(w, world_phone(0), i % 4 == 3 ? WORLD_PASSWORD : "wrong password");
        assert_int_equal(w->answer.status, i % 4 == 3 ? 303 : 400);
    }
}

static void
au_25_without_a_password_nobody_gets_in(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    try_to_log_in(w, world_phone(0), "");
    assert_refused(w, &problem_password_missing);
    try_to_log_in(w, world_phone(0), "null");
    assert_refused(w, &problem_login_failed);
    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0));
    assert_refused(w, &problem_password_missing);
    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=a&password=b",
                    world_hidden(w, "tx"), world_hidden(w, "csrf"), world_phone(0));
    assert_refused(w, &problem_parameter_repeated);
}

static void
au_23_a_nul_in_a_password_is_refused_at_the_door(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=a%%00b", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0));
    assert_refused(w, &problem_malformed);
}

static void
a_number_that_is_none_is_told_beside_the_field(void **state)
{
    struct world *w = *state;

    try_to_log_in(w, "12345", WORLD_PASSWORD);
    assert_refused(w, &problem_login_name_invalid);
    try_to_log_in(w, "", "");
    assert_refused(w, &problem_login_name_invalid);
}

static void
a_hint_that_is_a_phone_number_is_filled_in_and_nothing_else_is(void **state)
{
    struct world *w = *state;

    login_page(w, "webhall", "&login_hint=%2B8613800138000");
    assert_non_null(strstr(w->answer.body, "value=\"13800138000\""));
    login_page(w, "webhall", "&login_hint=%3Cscript%3Ehello");
    assert_null(strstr(w->answer.body, "hello"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(phone_and_password_lead_back_to_the_partner),
        world_test(a_login_writes_one_session_and_one_record),
        world_test(se_01_a_cookie_set_before_the_login_is_not_kept),
        world_test(se_01_logging_in_again_changes_the_cookie_and_the_old_one_is_dead),
        world_test(se_01_another_persons_login_ends_the_session_that_was_there),
        world_test(se_03_the_session_cookie_is_for_this_host_and_no_script),
        world_test(se_04_a_login_form_of_a_foreign_site_is_refused),
        world_test(our_own_origin_is_welcome),
        world_test(se_05_cancelling_a_fresh_login_leaves_the_session_as_it_was),
        world_test(se_05_prompt_login_is_not_satisfied_by_the_session_there_was),
        world_test(se_15_interleaved_logins_are_never_mixed_up),
        world_test(se_17_an_empty_form_and_a_form_out_of_order_change_nothing),
        world_test(au_01_unknown_and_wrong_are_answered_alike),
        world_test(au_03_after_five_wrong_passwords_the_right_one_must_wait_too),
        world_test(au_05_every_spelling_of_a_number_is_one_counter),
        world_test(an_empty_password_is_asked_for_and_counts_nothing),
        world_test(a_success_clears_the_counter),
        world_test(au_23_a_nul_in_a_password_is_refused_at_the_door),
        world_test(au_25_without_a_password_nobody_gets_in),
        world_test(a_number_that_is_none_is_told_beside_the_field),
        world_test(a_hint_that_is_a_phone_number_is_filled_in_and_nothing_else_is),
    };

    return world_run(tests);
}
