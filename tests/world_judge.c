/* SPDX-License-Identifier: Apache-2.0 */
/* Judging (world.h). */
#include "tests/world.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"

void
assert_refused(struct world *w, const struct problem *problem)
{
    const char *on_page = arena_printf(w->arena, "id=\"error-%s\"", problem->symbol);
    const char *body;

    assert_non_null(w->answer.problem);
    world_follow_stop(w);
    body = w->answer.body;
    assert_int_equal(w->answer.status, problem->status);
    if (text_starts(w->answer.content_type, "text/html")) {
        if (strstr(body, on_page) == NULL)
            print_error("the page does not tell %s:\n%s\n", problem->symbol, body);
        assert_non_null(strstr(body, on_page));
        assert_null(world_header(w, "Location"));
    } else if (text_starts(w->answer.content_type, "application/json")) {
        assert_string_equal(world_json(w, "error"), problem->code);
        assert_string_equal(world_json(w, "error_description"), problem_text(problem, LANGUAGE_EN));
    } else {
        assert_non_null(strstr(body, problem_text(problem, LANGUAGE_EN)));
    }
    if (problem_is_temporary(problem))
        assert_non_null(world_header(w, "Retry-After"));
    /* A page may tell several, and the log names the first. */
    if (w->answer.problem != problem)
        assert_true(text_starts(w->answer.content_type, "text/html"));
}

void
assert_arrived(struct world *w)
{
    if (w->answer.status == 303 && world_header(w, "Location")[0] == '/')
        world_follow(w);
    assert_int_equal(w->answer.status, 200);
}

void
assert_refused_by_redirect(struct world *w, const char *partner_id, const struct problem *problem)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);
    const char *location = world_header(w, "Location");

    assert_int_equal(w->answer.status, 303);
    assert_ptr_equal(w->answer.problem, problem);
    assert_string_equal(w->answer.partner_id, partner_id);
    assert_non_null(location);
    assert_true(text_starts(location, partner->profile.redirect_uris.at[0]));
    assert_string_equal(world_location_param(w, "error"), problem->code);
    assert_string_equal(world_location_param(w, "error_description"),
                        problem_text(problem, LANGUAGE_EN));
    assert_string_equal(world_location_param(w, "iss"), WORLD_ISSUER);
    assert_null(world_location_param(w, "code"));
}

void
world_audit_mark(struct world *w)
{
    static const char sql[] = "DELETE FROM audit";
    const struct arg args[] = { ARG_END };

    world_must(store_run(w->store, &(struct query) { .sql = sql, .args = args }),
               "audit not cleared");
}

int64_t
world_audit_count(struct world *w, enum audit_event event)
{
    static const char sql[] = "SELECT count(*) FROM audit WHERE event = $1";
    const struct arg args[] = { arg_text(audit_event_name(event)), ARG_END };
    int64_t value = 0;
    const struct out outs[] = { out_int(&value), OUT_END };

    world_must(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        sql);
    return value;
}

void
assert_audited(struct world *w, enum audit_event event, const char *reason)
{
    static const char sql[] = "SELECT reason FROM audit WHERE event = $1";
    const struct arg args[] = { arg_text(audit_event_name(event)), ARG_END };
    const char *found = NULL;
    const struct out outs[] = { out_text(&found), OUT_END };

    assert_int_equal(world_audit_count(w, event), 1);
    world_must(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        sql);
    if (reason != NULL)
        assert_string_equal(found, reason);
}

bool
world_token_works(struct world *w, const char *access_token)
{
    world_send(w, &(struct world_call) { .target = "/oidc/userinfo",
                                         .authorization =
                                             arena_printf(w->arena, "Bearer %s", access_token) });
    return w->answer.status == 200;
}

/* Every table that a request may change, but the ledger of attempts and the audit trail. */
#define COUNT(table)                                                                               \
    {                                                                                              \
#table, "SELECT count(*) FROM " #table                                                     \
    }

static const struct {
    const char *table;
    const char *sql;
} counts[] = {
    COUNT(revoked),        COUNT(key_row),       COUNT(partner),
    COUNT(person),         COUNT(person_key),    COUNT(evidence),
    COUNT(bank_card),      COUNT(bank_order),    COUNT(credential),
    COUNT(consent),        COUNT(spent),         COUNT(session),
    COUNT(partner_grant),  COUNT(outbox),        COUNT(one_time_code),
    COUNT(attempt),        COUNT(audit),         COUNT(audit_checkpoint),
    COUNT(pending),        COUNT(device_secret), COUNT(external_identity),
    COUNT(held_token),     COUNT(card_link),     COUNT(card_use),
    COUNT(staff_proposal), COUNT(survival),      COUNT(staff_act),
    COUNT(acting),
};

#define COUNTS (sizeof(counts) / sizeof(counts[0]))

int64_t
world_rows_of(struct world *w, const char *table)
{
    const struct arg args[] = { ARG_END };
    int64_t rows = 0;
    const struct out outs[] = { out_int(&rows), OUT_END };
    size_t i = 0;

    while (i < COUNTS && !text_eq(counts[i].table, table))
        i++;
    assert_true(i < COUNTS);
    world_must(store_run(w->store,
                         &(struct query) {
                             .sql = counts[i].sql, .args = args, .outs = outs, .arena = w->arena }),
               table);
    return rows;
}

int64_t
world_rows(struct world *w)
{
    int64_t sum = 0;

    for (size_t i = 0; i < COUNTS; i++)
        if (!text_eq(counts[i].table, "attempt") && !text_eq(counts[i].table, "audit"))
            sum += world_rows_of(w, counts[i].table);
    return sum;
}
