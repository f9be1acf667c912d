/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nobody locks another out, and refusals do not grow the store: Z9, Z10 and Z11 of the findings,
 * AU-06 of the attack list, as the browser of a citizen and those of strangers meet them.
 */
#include "tests/protocols/account/kit.h"

#include "idp/base/metrics.h"
#include <stdio.h>

#define OWNER 0 /* +8613800138000 */

/* A browser puts its cookies away while another one is used. */
struct limit_browser {
    char jar[sizeof(((struct world *)NULL)->jar)];
    size_t cookies;
};

static struct limit_browser
browser_put_away(struct world *w)
{
    struct limit_browser browser;

    memcpy(browser.jar, w->jar, sizeof(browser.jar));
    browser.cookies = w->cookies;
    w->cookies = 0;
    return browser;
}

static void
browser_take_out(struct world *w, const struct limit_browser *browser)
{
    memcpy(w->jar, browser->jar, sizeof(browser->jar));
    w->cookies = browser->cookies;
}

static void
log_in(struct world *w, const char *password)
{
    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(OWNER), world_url(w, password));
}

static bool
is_logged_in(const struct world *w)
{
    return w->answer.status == 303 && world_cookie(w, "__Host-session") != NULL;
}

static void
ask_code(struct world *w, const char *path, const char *phone)
{
    world_open(w, path);
    world_form_post(w, path, "tx=%s&csrf=%s&phone=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), phone);
}

static bool
code_was_sent(const struct world *w)
{
    return w->answer.status == 303;
}

/* The code of the page that the last answer leads to. */
static void
enter_code(struct world *w, const char *phone)
{
    world_get(w, arena_text(w->arena, world_header(w, "Location")));
    world_form_post(w, "/login/sms/code", "tx=%s&csrf=%s&code=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_sms_code(w, phone));
}

static const char *
address_number(struct world *w, int n)
{
    return arena_printf(w->arena, "198.51.%d.%d", 100 + n / 256, n % 256);
}

/* As somebody whom nobody knows: no cookies, that address. */
static void
strangers_guess(struct world *w, int addresses, int times)
{
    const char *mine = w->address;
    struct limit_browser owner = browser_put_away(w);

    for (int i = 0; i < addresses * times; i++) {
        w->address = address_number(w, i % addresses);
        log_in(w, "a guess");
        assert_false(is_logged_in(w));
        w->cookies = 0;
    }
    w->address = mine;
    browser_take_out(w, &owner);
}

static int
strangers_ask_codes(struct world *w, int addresses)
{
    const char *mine = w->address;
    struct limit_browser owner = browser_put_away(w);
    int sent = 0;

    for (int i = 0; i < addresses; i++) {
        w->address = address_number(w, i);
        ask_code(w, i % 2 == 0 ? "/login/sms" : "/register", world_phone(OWNER));
        sent += code_was_sent(w);
        w->cookies = 0;
    }
    w->address = mine;
    browser_take_out(w, &owner);
    return sent;
}

/* --- Z9 --- */

static void
z9_forty_messages_from_one_64_count_as_one_sender(void **state)
{
    struct world *w = *state;
    int sent = 0;

    w->settings.limits.codes_address = 25;
    for (int i = 0; i < 40; i++) {
        w->address = arena_printf(w->arena, "2001:db8:1:2:%x::%x", i * 1000, i);
        ask_code(w, "/register", arena_printf(w->arena, "139000010%02d", i));
        sent += code_was_sent(w);
        if (i >= 25)
            assert_refused(w, &problem_sms_network_full);
    }
    assert_int_equal(sent, 25);
    w->address = "2001:db8:1:3::1";
    ask_code(w, "/register", "13900001099");
    assert_true(code_was_sent(w));
}

static void
z9_a_mapped_address_is_the_ipv4_address(void **state)
{
    struct world *w = *state;

    world_person(w, OWNER);
    for (int i = 0; i < 5; i++) {
        w->address = i % 2 == 0 ? "1.2.3.4" : "::ffff:1.2.3.4";
        log_in(w, "a guess");
        assert_refused(w, &problem_login_failed);
    }
    w->address = "::ffff:102:304";
    log_in(w, WORLD_PASSWORD);
    assert_refused(w, &problem_login_wait_5);
}

/* --- Z10, AU-06 --- */

static void
z10_five_guesses_from_five_addresses_do_not_lock_the_owner(void **state)
{
    struct world *w = *state;

    world_person(w, OWNER);
    strangers_guess(w, 5, 1);
    log_in(w, WORLD_PASSWORD);
    assert_true(is_logged_in(w));
}

static void
au_06_whatever_strangers_do_a_known_browser_gets_in_by_password(void **state)
{
    struct world *w = *state;

    world_person(w, OWNER);
    log_in(w, WORLD_PASSWORD);
    assert_non_null(world_cookie(w, "__Host-device"));
    strangers_guess(w, 30, 2); /* more than all strangers together may */
    w->address = address_number(w, 1);
    log_in(w, WORLD_PASSWORD); /* even through a network that has used up its tries */
    assert_true(is_logged_in(w));
}

static void
au_06_an_unknown_browser_waits_no_longer_than_it_is_told(void **state)
{
    struct world *w = *state;

    world_person(w, OWNER);
    strangers_guess(w, 30, 1);
    log_in(w, WORLD_PASSWORD);
    assert_refused(w, &problem_login_wait_5);
    assert_non_null(strstr(w->answer.body, "id=\"login-by-sms\""));
    world_advance(w, 120);
    log_in(w, WORLD_PASSWORD);
    assert_true(is_logged_in(w));
}

static void
au_06_known_and_unknown_numbers_are_told_the_same(void **state)
{
    struct world *w = *state;
    int64_t hashes;
    int status;
    size_t size;

    world_person(w, OWNER);
    for (int i = 0; i < 5; i++)
        log_in(w, "a guess");
    hashes = metric_read(METRIC_HASH_RUNS);
    log_in(w, "a guess");
    status = w->answer.status;
    size = strlen(w->answer.body);
    for (int i = 0; i < 6; i++) {
        world_open(w, "/login");
        world_form_post(w, "/login", "tx=%s&csrf=%s&phone=13900139000&password=x",
                        world_hidden(w, "tx"), world_hidden(w, "csrf"));
    }
    assert_refused(w, &problem_login_wait_5);
    assert_int_equal(w->answer.status, status);
    assert_int_equal(strlen(w->answer.body), size);
    assert_int_equal(metric_read(METRIC_HASH_RUNS) - hashes, 5);
}

static void
z10_ten_codes_for_a_stranger_leave_the_owners_login_and_registration(void **state)
{
    struct world *w = *state;

    world_person(w, OWNER);
    assert_int_equal(strangers_ask_codes(w, 10), 10);
    ask_code(w, "/login/sms", world_phone(OWNER)); /* in the same minute */
    assert_true(code_was_sent(w));
    enter_code(w, world_phone(OWNER));
    assert_true(is_logged_in(w));
    world_advance(w, 60);
    w->cookies = 0;
    ask_code(w, "/register", world_phone(OWNER)); /* on the same day */
    assert_true(code_was_sent(w));
}

static void
au_06_strangers_cannot_use_up_a_known_browsers_codes(void **state)
{
    struct world *w = *state;
    size_t before;

    world_person(w, OWNER);
    log_in(w, WORLD_PASSWORD);
    before = world_sms_count(w, world_phone(OWNER));
    assert_int_equal(strangers_ask_codes(w, 40), 15);
    for (int i = 0; i < 12; i++) {
        world_advance(w, 3600);
        strangers_ask_codes(w, 10);
    }
    assert_int_equal(world_sms_count(w, world_phone(OWNER)) - before, 20);
    ask_code(w, "/login/sms", world_phone(OWNER));
    assert_true(code_was_sent(w));
    enter_code(w, world_phone(OWNER));
    assert_true(is_logged_in(w));
}

/* Nobody is sent more than thirty messages a day, and the day ends. */
static void
a_number_is_sent_thirty_messages_a_day_at_most(void **state)
{
    struct world *w = *state;
    size_t before = world_sms_count(w, world_phone(OWNER));

    world_person(w, OWNER);
    log_in(w, WORLD_PASSWORD);
    for (int i = 0; i < 23; i++) {
        world_advance(w, 3600);
        strangers_ask_codes(w, 10);
        ask_code(w, "/login/sms", world_phone(OWNER));
    }
    assert_int_equal(world_sms_count(w, world_phone(OWNER)) - before, 30);
    world_advance(w, 2 * 3600);
    ask_code(w, "/login/sms", world_phone(OWNER));
    assert_true(code_was_sent(w));
}

static void
a_second_channel_stays_open_either_way(void **state)
{
    struct world *w = *state;

    world_person(w, OWNER);
    for (int i = 0; i < 5; i++)
        log_in(w, "a guess");
    log_in(w, WORLD_PASSWORD);
    assert_refused(w, &problem_login_wait_5);
    ask_code(w, "/login/sms", world_phone(OWNER)); /* from the very same place */
    enter_code(w, world_phone(OWNER));
    assert_true(is_logged_in(w));
    w->cookies = 0;
    w->address = "192.0.2.200";
    (void)strangers_ask_codes(w, 40);
    ask_code(w, "/login/sms", world_phone(OWNER));
    assert_int_equal(w->answer.status, 429);
    log_in(w, WORLD_PASSWORD);
    assert_true(is_logged_in(w));
}

/* --- Z11 --- */

#define REQUESTS 20000

/* So many of one kind, from `networks` networks in turn. */
static void
flood(struct world *w, int networks, int times, const struct world_call *call)
{
    struct arena *arena = arena_new((size_t)8 << 20);
    struct store *store = store_open(w->services.database);
    const char *mine = w->address;
    struct world_answer answer;
    char target[256];
    char form[256];

    for (int i = 0; i < times; i++) {
        struct world_call one = *call;
        char address[64];

        snprintf(address, sizeof(address), "2001:db8:%x:%x::1", i % networks, i % 7);
        snprintf(target, sizeof(target), "%s%d", call->target, i);
        one.target = call->form == NULL ? target : call->target;
        if (call->form != NULL) {
            snprintf(form, sizeof(form), "%s%d", call->form, i);
            one.form = form;
        }
        w->address = networks > 1 ? address : mine;
        world_perform(w, store, arena, &one, &answer);
        assert_in_range(answer.status, 400, 499);
        arena_reset(arena);
    }
    w->address = mine;
    store_close(store);
    arena_free(arena);
}

static void
z11_20000_anonymous_requests_with_invented_clients_are_a_few_rows(void **state)
{
    const struct world_call authorize = { .target =
                                              "/oauth2/authorize?response_type=code&client_id=no" };
    struct world *w = *state;
    int64_t sampled = metric_read(METRIC_AUDIT_SAMPLED);

    world_audit_mark(w);
    world_sampling(w);
    flood(w, 1, REQUESTS, &authorize);
    assert_int_equal(world_rows_of(w, "audit"), 5 + 4); /* and the 10th, 100th, 1,000th, 10,000th */
    assert_int_equal(world_rows_of(w, "attempt"), 0);
    assert_int_equal(metric_read(METRIC_AUDIT_SAMPLED) - sampled, REQUESTS - 9);
}

static void
z11_from_many_networks_there_is_a_bound_for_each_minute(void **state)
{
    const struct world_call authorize = { .target =
                                              "/oauth2/authorize?response_type=code&client_id=no" };
    struct world *w = *state;

    world_audit_mark(w);
    world_sampling(w);
    flood(w, 60000, REQUESTS, &authorize);
    assert_int_equal(world_rows_of(w, "audit"), w->settings.audit.rows_a_minute);
    assert_int_equal(world_rows_of(w, "attempt"), 0);
}

static void
z11_invented_clients_at_the_token_endpoint_are_one_line_and_a_few_rows(void **state)
{
    const struct world_call token = {
        .target = "/oauth2/token",
        .form = "grant_type=client_credentials&client_secret=x&client_id=no"
    };
    struct world *w = *state;

    world_audit_mark(w);
    world_sampling(w);
    flood(w, 1, 2000, &token);
    assert_int_equal(world_rows_of(w, "audit"), 5 + 3);
    assert_int_equal(world_rows_of(w, "attempt"), 1);
}

/* Whoever has an account could otherwise write without end, in her own name. */
static void
z11_refusals_that_name_a_person_are_bounded_too(void **state)
{
    struct world *w = *state;
    const char *code = world_code(w, "spa");

    world_redeem(w, "spa", code);
    assert_int_equal(w->answer.status, 200);
    world_audit_mark(w);
    world_sampling(w);
    for (int i = 0; i < 300; i++) {
        world_redeem(w, "spa", code);
        assert_refused(w, &problem_code_invalid);
    }
    assert_int_equal(world_audit_count(w, AUDIT_CODE_REPLAYED), 20 + 1);
}

/* Whoever looks for ways to exhaust us leaves a trace. */
static void
a_request_that_takes_more_than_it_may_is_audited(void **state)
{
    struct world *w = *state;
    struct arena *small = arena_new(8192);
    struct world_answer answer;

    world_audit_mark(w);
    world_perform(w, w->store, small, &(struct world_call) { .target = "/" }, &answer);
    assert_int_equal(answer.status, problem_too_much.status);
    assert_audited(w, AUDIT_REQUEST_ENDED, "too_large");
    arena_free(small);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(z9_forty_messages_from_one_64_count_as_one_sender),
        world_sims_test(z9_a_mapped_address_is_the_ipv4_address),
        world_sims_test(z10_five_guesses_from_five_addresses_do_not_lock_the_owner),
        world_sims_test(au_06_whatever_strangers_do_a_known_browser_gets_in_by_password),
        world_sims_test(au_06_an_unknown_browser_waits_no_longer_than_it_is_told),
        world_sims_test(au_06_known_and_unknown_numbers_are_told_the_same),
        world_sims_test(z10_ten_codes_for_a_stranger_leave_the_owners_login_and_registration),
        world_sims_test(au_06_strangers_cannot_use_up_a_known_browsers_codes),
        world_sims_test(a_number_is_sent_thirty_messages_a_day_at_most),
        world_sims_test(a_second_channel_stays_open_either_way),
        world_sims_test(z11_20000_anonymous_requests_with_invented_clients_are_a_few_rows),
        world_sims_test(z11_from_many_networks_there_is_a_bound_for_each_minute),
        world_sims_test(z11_invented_clients_at_the_token_endpoint_are_one_line_and_a_few_rows),
        world_sims_test(z11_refusals_that_name_a_person_are_bounded_too),
        world_sims_test(a_request_that_takes_more_than_it_may_is_audited),
    };

    return world_sims_run(tests);
}
