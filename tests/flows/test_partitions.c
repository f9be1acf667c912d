/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables cut into partitions by a hash, as a distributed engine has them (docs/adr/0024): every
 * statement of what people, partners and jobs do reads one partition of a table, or is listed here
 * with the reason. On SQLite these tests are skipped.
 */
#include "idp/audit/verify.h"
#include "idp/person/card.h"
#include "idp/server/life/jobs.h"
#include "idp/session/stop.h"
#include "idp/staff/audit_search.h"
#include "idp/staff/people.h"
#include "idp/staff/standing.h"
#include "idp/tables/card_link.h"
#include "idp/tables/card_use.h"
#include "idp/tables/feed.h"
#include "idp/tables/grant.h"
#include "idp/tables/outbox.h"
#include "idp/tables/person.h"
#include "idp/tables/revocation.h"
#include "idp/tables/seat.h"
#include "idp/tables/session.h"
#include "idp/tables/staff_factor.h"
#include "idp/tables/terminal.h"
#include "tests/card/family_kit.h"
#include "tests/flows/partition_asks.h"
#include "tests/flows/partition_kit.h"
#include "tests/protocols/account/kit.h"
#include "tests/session/logout_kit.h"

/* What reads more than one partition, by words of its statements. */
static const struct {
    const char *words;
    const char *why;
} listed[] = {
    { "FROM partner_grant WHERE sid = $1",
      "a session's grants, which are cut by the id that refresh tokens name: at a code and a logout,"
      " by an index of each partition" },
    { "FROM partner_grant WHERE person_id = $1", "a person's grants: when she is stopped" },
    { "FROM session WHERE person_id = $1", "a person's sessions: when she is stopped" },
    { "UPDATE session SET level = $3", "a person's logins by her card: when it is lost or closed" },
    { "FROM session WHERE lent_by = $1",
      "what a session has lent: when it ends, by a small index of each partition" },
    { "FROM outbox WHERE kind = $1", "an operator looks at deliveries" },
    { "UPDATE outbox SET next_at = $2, tries = tries + 1",
      "what is due, whoever's it is: woken by a logout" },
    { "FROM card_family WHERE member_id = $1",
      "who may show her card: when she looks at it, and when she is stopped" },
    { "FROM card_family WHERE person_id = $1 OR", "a family's links: an operator looks at them" },
    { " LIMIT $2)", "what is over: batches of one node" },
    { "FROM physical_card WHERE card_key = $1",
      "a member of staff finds a person by the number of her card, 200 an hour at most: by an index of"
      " each partition" },
    { "FROM epoch", "three rows, read by every node each second" },
    { "FROM partner WHERE partner_id > $1", "all partners: when one has changed" },
    { "FROM partner WHERE removed_at >= $1", "all partners: when some are removed" },
    { "FROM key_row ORDER BY", "all keys: when one has changed" },
    { "FROM key_row LIMIT 1 OFFSET", "all keys are counted: when one is made" },
    { "FROM partner_grant WHERE grant_id > $1", "all grants: when a partner is removed" },
    { "FROM audit WHERE ", "an operator looks for records, or has the trail verified" },
    { "FROM audit_checkpoint WHERE at >= $2", "what other runs have said: once a minute" },
    { "FROM audit_checkpoint WHERE run > $1", "all runs: when the trail is verified" },
    { "FROM session WHERE terminal_id",
      "what is open at a terminal, which is cut by the id that cookies name: at a login there, and for"
      " those that nobody uses; an index of each partition has them alone" },
    { "FROM session WHERE subject_kind = 1",
      "sittings that nobody uses: twice a minute, by one node; an index of each partition has them alone" },
    { "FROM staff WHERE staff_id > $1", "all members of staff: an operator lists them" },
    { "FROM staff WHERE enrolled_at > 0 LIMIT 1",
      "whether anybody has a factor: until the first one has, at one page and one command" },
    { "FROM terminal WHERE terminal_id > $1", "all terminals: an operator lists them" },
    { "FROM terminal WHERE state", "all terminals are counted, once a minute" },
    { "FROM acting WHERE sid", "what goes on in a sitting: by an index of each partition" },
    { "FROM staff_proposal WHERE state",
      "what waits for a second person in a region: by an index of each partition" },
    { "FROM staff_proposal WHERE staff_id",
      "what a member of staff has proposed: by an index of each partition" },
    { "FROM staff WHERE open_until > 0",
      "who has a sitting and was not confirmed of late: every ten seconds, by one node; an index of"
      " each partition has them alone" },
    { "FROM revocation WHERE seq > $1", "by number, as the version before wrote them" },
};

#define LISTED (sizeof(listed) / sizeof(listed[0]))

static const char *
reason_of(const char *sql)
{
    for (size_t i = 0; i < LISTED; i++) {
        if (strstr(sql, listed[i].words) != NULL)
            return listed[i].why;
    }
    return NULL;
}

/* Every statement so far reads one partition, or more and is listed. */
static void
assert_as_listed(void)
{
    size_t wrong = 0;

    for (size_t i = 0; i < spy.count; i++) {
        const struct statement *statement = &spy.statements[i];
        const char *why = reason_of(statement->sql);

        if ((statement->read > 1) == (why != NULL))
            continue;
        print_message("%zu partitions, %s: %s\n", statement->read,
                      why != NULL ? "though it is listed" : "and it is not listed", statement->sql);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* --- What is done --- */

static void
a_registration(void **state)
{
    struct world *w = watched(state);
    struct journey j = journey_to_password(w, &zhang_san);

    journey_choose(&j, WORLD_PASSWORD);
    assert_non_null(world_cookie(w, "__Host-session"));
    assert_as_listed();
}

static void
type_password(struct world *w, const char *password)
{
    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0), world_url(w, password));
}

static void
a_login_by_password_and_one_that_fails(void **state)
{
    struct world *w = watched(state);
    struct password_cost dearer = world_password_cost;

    world_person(w, 0);
    type_password(w, "not this one");
    assert_refused(w, &problem_login_failed);
    dearer.operations++;
    w->services.hash = &dearer; /* so that the hash is made anew */
    type_password(w, WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 303);
    world_get(w, "/");
    type_password(w, WORLD_PASSWORD); /* the session goes on under another handle */
    assert_int_equal(w->answer.status, 303);
    assert_as_listed();
}

static void
a_login_by_message(void **state)
{
    struct world *w = watched(state);

    world_person(w, 0);
    world_open(w, "/login/sms");
    world_form_post(w, "/login/sms", "tx=%s&csrf=%s&phone=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0));
    world_follow(w);
    world_form_post(w, "/login/sms/code", "tx=%s&csrf=%s&code=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_sms_code(w, world_phone(0)));
    assert_non_null(world_cookie(w, "__Host-session"));
    assert_as_listed();
}

static void
a_consent_a_code_and_what_becomes_of_its_tokens(void **state)
{
    struct world *w = watched(state);
    struct world_tokens first;
    struct world_tokens second;
    const char *code;

    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    world_follow(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    world_follow(w);
    code = world_location_param(w, "code");
    world_redeem(w, "webhall", code);
    first = world_tokens_of(w);
    assert_true(world_token_works(w, first.access));
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", first.access);
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       first.refresh);
    second = world_tokens_of(w);
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", second.refresh);
    world_partner_post(w, "webhall", "/oauth2/revoke", "token=%s", second.refresh);
    assert_int_equal(w->answer.status, 200);
    world_redeem(w, "webhall", code); /* a replay */
    assert_refused(w, &problem_code_invalid);
    assert_as_listed();
}

static void
a_partner_for_itself(void **state)
{
    struct world *w = watched(state);
    const char *token;

    w->settings.upgrade.numbered_revocations = true;
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    token = world_json(w, "access_token");
    assert_non_null(token);
    world_partner_post(w, "webhall", "/oauth2/revoke", "token=%s", token);
    assert_int_equal(w->answer.status, 200);
    assert_as_listed();
}

static void
a_logout_and_the_call_that_tells_of_it(void **state)
{
    struct world *w = watched(state);
    struct listener listener;

    world_login_tokens(w, "webhall");
    assert_int_equal(listener_start(&listener, 200), 0);
    partner_listens(w, "webhall", &listener);
    log_out(w);
    assert_true(deliver(w));
    listener_stop(&listener);
    assert_as_listed();
}

static void
an_end_to_all_that_a_person_has(void **state)
{
    struct world *w = watched(state);
    struct ctx ctx = world_ctx(w);
    const char *person_id = world_person(w, 0);

    world_login_tokens(w, "webhall");
    assert_int_equal(person_stop(&ctx, person_id, PERSON_DISABLED, "test"), OK);
    assert_int_equal(person_resume(&ctx, person_id), OK);
    assert_as_listed();
}

static void
the_jobs_of_a_node(void **state)
{
    struct world *w = watched(state);
    struct ctx ctx = world_ctx(w);
    struct rounds rounds = { .holder = "a", .watch = { .started = true } };

    assert_int_equal(store_epoch_read(ctx.store, &rounds.watch.seen), OK);
    for (enum crew crew = 0; crew < CREW_COUNT; crew++)
        jobs_pass(&ctx, crew, &rounds);
    jobs_give_back(&ctx, &rounds);
    assert_as_listed();
}

/* What the flows above seldom come to. */
static void
what_terminals_are_asked(void **state)
{
    struct world *w = watched(state);
    const struct digest code = kit_digest(1);
    const struct stored_terminal terminal = { .terminal_id = "t_1",
                                              .state = TERMINAL_ANNOUNCED,
                                              .code = { code.bytes, sizeof(code.bytes) },
                                              .code_until = WORLD_NOW + 60 };
    const struct stored_terminal enrolled = {
        .terminal_id = "t_1", .jwk = "{}", .thumbprint = "t", .enrolled_at = WORLD_NOW
    };
    struct stored_terminal_list terminals;
    struct listed_session_list sessions;
    struct stored_terminal read;

    assert_int_equal(store_terminal_insert(w->store, &terminal), OK);
    assert_int_equal(store_terminal_code(w->store, "t_1", &code, WORLD_NOW + 60), OK);
    assert_int_equal(store_terminal_enrol(w->store, &enrolled, &code), OK);
    assert_int_equal(store_terminal_load(w->store, w->arena, "t_1", &read), OK);
    assert_int_equal(store_terminal_hold(w->store, "t_1", "t"), OK);
    assert_int_equal(store_terminal_list(w->store, w->arena, "", &terminals), OK);
    assert_int_equal(store_session_list_at(w->store, w->arena, "t_1", "", &sessions), OK);
    assert_int_equal(store_terminal_retire(w->store, "t_1", WORLD_NOW), OK);
    assert_as_listed();
}

static void
what_cards_are_asked(void **state)
{
    struct world *w = watched(state);
    struct ctx ctx = world_ctx(w);
    const char *card_id = world_card(w, 0);
    struct physical_card_list physical;
    struct ecard_past_list past;
    struct stored_feed feed;
    struct card card;

    assert_int_equal(card_hold(&ctx, world_person(w, 0), card_id, &card), OK);
    assert_int_equal(store_ecard_change(w->store, &card.row), OK);
    assert_int_equal(card_find(&ctx, world_person(w, 0), &card), OK);
    assert_int_equal(store_ecard_past_list(w->store, w->arena, world_person(w, 0), &past), OK);
    assert_int_equal(store_physical_card_list(w->store, w->arena, &card.row.holder, &physical), OK);
    assert_int_equal(store_session_lower(w->store, world_person(w, 0), "sc", 1), OK);
    assert_int_equal(store_feed_find(w->store, "physical_card", &feed), OK);
    assert_int_equal(store_feed_move(w->store, &feed, feed.position), OK);
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(store_ecard_close(w->store, &card.row, "closed", WORLD_NOW), OK);
    store_rollback(w->store);
    assert_as_listed();
}

static void
what_staff_are_asked(void **state)
{
    struct world *w = watched(state);

    world_sit(w, "li", "counter", 1);
    world_open(w, "/staff");
    staff_are_asked_for_a_citizen(w);
    partition_proposals_ask(w);
    partition_actings_ask(w);
    partition_corrections_ask(w);
    what_the_watch_asks(w);
    assert_as_listed();
}

static void
what_administrators_of_staff_are_asked(void **state)
{
    struct world *w = watched(state);
    struct ctx ctx = world_ctx(w);
    const struct list_place places[] = {
        { .only = "p_a" }, { .actor = "li" }, { .counter_id = "k_1" }, { .event = "" }
    };
    struct audit_found found;
    struct listed_staff_list people;

    world_sit(w, "li", "security_admin", 1);
    assert_int_equal(staff_people(&ctx, &(struct staff_people) { "", "", "", true }, &people), OK);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        assert_int_equal(audit_search(&ctx, &places[i], 1, &found), OK);
    assert_int_equal(staff_halt(&ctx, "li"), OK);
    assert_as_listed();
}

/* From the password to the end of the sitting, and what an operator looks at. */
static void
what_signing_in_asks(void **state)
{
    struct world *w = watched(state);
    struct digest code = digest_of_text("a code");
    struct stored_staff staff = { .staff_id = "wang",
                                  .name_sealed = bytes_of_text("sealed"),
                                  .certificate = "" };
    struct staff_seat seat = { .staff_id = "li", .counter_id = world_counter(w, 1) };
    struct listed_session_list left;
    struct stored_staff_list all;
    bool any;

    seat.sid = world_sit(w, "li", "counter", 1);
    assert_int_equal(store_staff_said(w->store, &staff), OK);
    assert_int_equal(store_staff_code(w->store, "wang", &code, w->now + 1), OK);
    assert_int_equal(store_staff_enrol(w->store, &staff, &code), OK);
    assert_int_equal(store_staff_change(w->store, "wang", STAFF_NONE, STAFF_STOPPED), OK);
    assert_int_equal(store_staff_list(w->store, w->arena, "", &all), OK);
    assert_int_equal(store_staff_any_enrolled(w->store, &any), OK);
    assert_int_equal(store_session_list_staff_left(w->store, w->arena, w->now, w->now, &left), OK);
    assert_int_equal(store_seat_leave(w->store, &seat), OK);
    assert_as_listed();
}

static void
what_a_telephone_with_the_card_is_asked(void **state)
{
    partition_telephone_asks(watched(state));
    assert_as_listed();
}

static void
what_families_are_asked(void **state)
{
    family_is_asked_all(watched(state));
    assert_as_listed();
}

static void
what_scans_of_cards_are_asked(void **state)
{
    struct world *w = watched(state);
    const char *person_id = world_person(w, 0);
    const struct stored_card_use use = { .person_id = person_id, .use_id = "u" };
    const struct card_use_elsewhere which = { person_id, "clinic", WORLD_NOW };
    const struct stored_card_link link = { .person_id = person_id, .channel = "app", .sid = "s" };
    struct stored_card_use_list uses;
    struct stored_card_link found;
    bool elsewhere;

    assert_int_equal(store_card_use_insert(w->store, &use), OK);
    assert_int_equal(store_card_use_list(w->store, w->arena, person_id, TIME_NEVER, &uses), OK);
    assert_int_equal(store_card_use_is_elsewhere(w->store, &which, &elsewhere), OK);
    assert_int_equal(store_card_link_put(w->store, &link), OK);
    assert_int_equal(store_card_link_find(w->store, w->arena, person_id, "app", &found), OK);
    assert_int_equal(store_card_link_hold(w->store, person_id, "app", "s"), OK);
    assert_int_equal(store_card_link_delete(w->store, person_id, "app"), OK);
    assert_as_listed();
}

static void
what_else_the_tables_are_asked(void **state)
{
    struct world *w = watched(state);
    struct stored_grant grant = { .grant_id = "g" };
    struct revocation_list revocations;
    struct grant_list grants;

    grant.approval.sid = "s";
    grant.approval.partner_id = "hospital";
    assert_asked(store_grant_list_beyond(w->store, w->arena, &grant, &grants));
    assert_asked(store_grant_list(w->store, w->arena, "", &grants));
    assert_asked(store_revocation_list(w->store, w->arena, 0, WORLD_NOW, &revocations));
    what_else_keys_and_partners_are_asked(w);
    what_else_persons_are_asked(w);
    what_an_operator_asks_of_the_trail(w);
    assert_as_listed();
}

/* --- The lists --- */

static void
every_table_has_a_column_by_which_it_is_cut(void **state)
{
    static const char sql[] = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema ="
                              " current_schema() AND table_name NOT LIKE 'schema\\_%'";
    int64_t count = 0;
    const struct out outs[] = { out_int(&count), OUT_END };

    watched(state);
    assert_int_equal(store_run(spy.store, &(struct query) { .sql = sql, .outs = outs }), OK);
    assert_int_equal(count, TABLES * (1 + PARTITIONS));
}

static bool
is_seen(const char *words)
{
    for (size_t i = 0; i < spy.count; i++) {
        if (strstr(spy.statements[i].sql, words) != NULL)
            return true;
    }
    return false;
}

/* Behind all others, on which it counts. */
static void
nothing_is_listed_that_is_not_asked(void **state)
{
    watched(state);
    for (size_t i = 0; i < LISTED; i++) {
        if (!is_seen(listed[i].words))
            fail_msg("no statement has the words: %s", listed[i].words);
    }
    for (size_t i = 0; i < TABLES; i++) {
        if (!spy.touched[i])
            fail_msg("no statement touches %s", cuts[i].table);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(every_table_has_a_column_by_which_it_is_cut),
        world_sims_test(a_registration),
        world_sims_test(a_login_by_password_and_one_that_fails),
        world_sims_test(a_login_by_message),
        world_sims_test(a_consent_a_code_and_what_becomes_of_its_tokens),
        world_sims_test(a_partner_for_itself),
        world_sims_test(a_logout_and_the_call_that_tells_of_it),
        world_sims_test(an_end_to_all_that_a_person_has),
        world_sims_test(the_jobs_of_a_node),
        world_sims_test(what_terminals_are_asked),
        world_sims_test(what_cards_are_asked),
        world_sims_test(what_a_telephone_with_the_card_is_asked),
        world_sims_test(what_staff_are_asked),
        world_sims_test(what_administrators_of_staff_are_asked),
        world_sims_test(what_signing_in_asks),
        world_sims_test(what_families_are_asked),
        world_sims_test(what_scans_of_cards_are_asked),
        world_sims_test(what_else_the_tables_are_asked),
        world_sims_test(nothing_is_listed_that_is_not_asked),
    };

    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
