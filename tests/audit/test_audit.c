/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/store/driver.h"
#include "tests/store_kit.h"

struct audit_row {
    int64_t at;
    const char *person_id;
    const char *partner_id;
    const char *sid;
    const char *channel;
    const char *request_id;
    const char *address;
};

static struct audit_row
only_row(struct world *w)
{
    static const char sql[] =
        "SELECT at, person_id, partner_id, sid, channel, request_id, address FROM audit";
    const struct arg args[] = { ARG_END };
    struct audit_row row = { 0 };
    const struct out outs[] = { out_time(&row.at),         out_text(&row.person_id),
                                out_text(&row.partner_id), out_text(&row.sid),
                                out_text(&row.channel),    out_text(&row.request_id),
                                out_text(&row.address),    OUT_END };

    assert_int_equal(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        OK);
    return row;
}

static void
a_record_says_who_when_and_from_where(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int64_t before = metric_read(METRIC_AUDIT_RECORDS);
    struct audit_row row;

    world_audit_mark(w);
    ctx.request_id = "r-1";
    ctx.channel = "app";
    audit_note(&ctx, &(struct audit_record) { .event = AUDIT_LOGIN,
                                              .reason = "pwd",
                                              .subject = subject_person("p_1"),
                                              .partner_id = "hall",
                                              .sid = "s_1" });
    row = only_row(w);
    assert_audited(w, AUDIT_LOGIN, "pwd");
    assert_int_equal(row.at, WORLD_NOW);
    assert_string_equal(row.person_id, "p_1");
    assert_string_equal(row.partner_id, "hall");
    assert_string_equal(row.sid, "s_1");
    assert_string_equal(row.channel, "app");
    assert_string_equal(row.request_id, "r-1");
    assert_string_equal(row.address, "203.0.113.7");
    assert_int_equal(metric_read(METRIC_AUDIT_RECORDS), before + 1);
}

static void
what_is_not_known_is_empty(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    world_audit_mark(w);
    audit_note(&ctx, &(struct audit_record) { .event = AUDIT_MINOR_BLOCKED });
    assert_audited(w, AUDIT_MINOR_BLOCKED, "");
    assert_string_equal(only_row(w).person_id, "");
    assert_string_equal(only_row(w).sid, "");
}

static enum err
change_that_fails(struct ctx *ctx, void *state)
{
    enum err err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_PASSWORD_SET });

    (void)state;
    return err == OK ? ERR_CONFLICT : err;
}

static void
a_record_goes_with_the_change_that_it_tells_of(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(change(&ctx, change_that_fails, NULL), ERR_CONFLICT);
    assert_int_equal(world_audit_count(w, AUDIT_PASSWORD_SET), 0);
}

/* --- A store that takes all but records --- */

static const struct driver *own;

static enum err
run_without_records(struct store *st, const struct query *query)
{
    return text_starts(query->sql, "INSERT INTO audit ") ? ERR_UNAVAILABLE : own->run(st, query);
}

static enum err
change_something(struct ctx *ctx, void *state)
{
    enum err err = kit_spend(ctx->store, 1);

    if (err == OK)
        err = audit_write(ctx, state);
    return err;
}

/* OP-13. */
static void
what_cannot_be_recorded_is_not_done_whatever_it_is(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct driver driver = *w->services.database->driver;

    own = w->services.database->driver;
    driver.run = run_without_records;
    for (int event = AUDIT_NONE + 1; event < AUDIT_COUNT; event++) {
        struct audit_record record = { .event = (enum audit_event)event };

        w->services.database->driver = &driver;
        assert_int_equal(change(&ctx, change_something, &record), ERR_UNAVAILABLE);
        w->services.database->driver = own;
        assert_int_equal(world_rows_of(w, "spent"), 0);
    }
    assert_int_equal(
        change(&ctx, change_something, &(struct audit_record) { .event = AUDIT_LOGIN }), OK);
    assert_int_equal(world_rows_of(w, "spent"), 1);
}

#ifdef TONGXING_DEBUG
/* Nobody can forget it: every test of the house runs with this. */
static void
a_change_whose_record_stands_alone_ends_the_process(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), 2);
        signal(SIGABRT, SIG_DFL);
        (void)!audit_write(&ctx, &(struct audit_record) { .event = AUDIT_LOGIN });
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(audit_write(&ctx, &(struct audit_record) { .event = AUDIT_LOGIN_FAILED }), OK);
}
#endif

static void
a_refusal_stands_when_its_record_cannot_be_written(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    w->random_fails = true; /* no id for the record */
    assert_int_equal(audit_write(&ctx, &(struct audit_record) { .event = AUDIT_LOGIN_FAILED }),
                     ERR_UNAVAILABLE);
    audit_note(&ctx, &(struct audit_record) { .event = AUDIT_LOGIN_FAILED });
    w->random_fails = false;
    assert_int_equal(world_audit_count(w, AUDIT_LOGIN_FAILED), 0);
}

static int64_t
refusals_kept(struct world *w, const struct audit_record *record, int times)
{
    world_audit_mark(w);
    world_sampling(w);
    for (int i = 0; i < times; i++) {
        struct ctx ctx = world_ctx(w);

        audit_note(&ctx, record);
    }
    return world_rows_of(w, "audit");
}

static void
refusals_are_sampled_and_what_was_done_is_not(void **state)
{
    struct world *w = *state;
    int64_t before = metric_read(METRIC_AUDIT_SAMPLED);

    assert_int_equal(
        refusals_kept(w, &(struct audit_record) { .event = AUDIT_LOGIN_REJECTED }, 100), 7);
    assert_int_equal(metric_read(METRIC_AUDIT_SAMPLED) - before, 93);
    assert_int_equal(refusals_kept(w,
                                   &(struct audit_record) { .event = AUDIT_LOGIN_FAILED,
                                                            .subject = subject_person("p_1") },
                                   100),
                     21);
    assert_int_equal(refusals_kept(w, &(struct audit_record) { .event = AUDIT_CODE_SENT }, 100),
                     100);
}

static void
an_ipv6_network_is_sampled_as_one_and_its_record_has_the_true_address(void **state)
{
    struct world *w = *state;

    world_audit_mark(w);
    world_sampling(w);
    for (int i = 0; i < 9; i++) {
        struct ctx ctx = world_ctx(w);

        ctx.address = arena_printf(w->arena, "2001:db8::%d", i);
        audit_note(&ctx, &(struct audit_record) { .event = AUDIT_LOGIN_REJECTED });
    }
    assert_int_equal(world_audit_count(w, AUDIT_LOGIN_REJECTED), 5);
    assert_string_equal(only_row(w).address, "2001:db8::0");
}

static void
each_event_has_a_name_of_its_own_and_an_explanation(void **state)
{
    (void)state;
    for (int a = AUDIT_NONE + 1; a < AUDIT_COUNT; a++) {
        const char *name = audit_event_name((enum audit_event)a);

        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_."), strlen(name));
        assert_false(text_is_empty(audit_event_help((enum audit_event)a)));
        for (int b = AUDIT_NONE; b < a; b++)
            assert_string_not_equal(name, audit_event_name((enum audit_event)b));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_record_says_who_when_and_from_where),
        world_test(what_is_not_known_is_empty),
        world_test(a_record_goes_with_the_change_that_it_tells_of),
        world_test(what_cannot_be_recorded_is_not_done_whatever_it_is),
#ifdef TONGXING_DEBUG
        world_test(a_change_whose_record_stands_alone_ends_the_process),
#endif
        world_test(a_refusal_stands_when_its_record_cannot_be_written),
        world_test(refusals_are_sampled_and_what_was_done_is_not),
        world_test(an_ipv6_network_is_sampled_as_one_and_its_record_has_the_true_address),
        world_test(each_event_has_a_name_of_its_own_and_an_explanation),
    };

    return world_run(tests);
}
