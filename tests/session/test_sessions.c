/* SPDX-License-Identifier: Apache-2.0 */
/* A person's sessions on all channels: what she is shown of them, and how they end together. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/sessions.h"
#include "idp/session/stop.h"
#include "tests/world.h"

/* Another login of person 0, on the channel of that partner; lent by `lender`, or NULL. */
static struct session
begun(struct world *w, const char *partner_id, const struct session *lender)
{
    struct ctx ctx = world_ctx(w);
    struct session nobody = { .live = false };
    struct session session;
    struct proof proof = { .person_id = world_person(w, 0),
                           .amr = "pwd",
                           .lent_by = lender != NULL ? &lender->row : NULL };
    const char *cookie;

    partner_enter(&ctx, registry_find(w->services.registry, partner_id));
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    return session;
}

static bool
goes_on(struct world *w, const struct session *session)
{
    struct ctx ctx = world_ctx(w);
    bool on;

    assert_int_equal(session_goes_on(&ctx, session->row.sid, &on), OK);
    return on;
}

static void
all_of_hers_are_listed_and_nobody_elses(void **state)
{
    struct world *w = *state;
    struct session first = begun(w, "webhall", NULL);
    struct session second;
    struct session_rows rows;
    struct ctx ctx;

    world_log_in(w, 1);
    w->now += 60;
    second = begun(w, "app", NULL);
    ctx = world_ctx(w);
    assert_int_equal(sessions_list(&ctx, world_person(w, 0), &rows), OK);
    assert_int_equal(rows.count, 2);
    assert_string_equal(rows.at[0].sid, second.row.sid); /* used last */
    assert_string_equal(rows.at[0].channel, "app");
    assert_string_equal(rows.at[0].partner_id, "app");
    assert_string_equal(rows.at[1].sid, first.row.sid);
    assert_int_equal(session_end(&ctx, &first, "logout"), OK);
    assert_int_equal(sessions_list(&ctx, world_person(w, 0), &rows), OK);
    assert_int_equal(rows.count, 1);
}

static void
a_label_names_one_of_hers_alone(void **state)
{
    struct world *w = *state;
    struct session first = begun(w, "webhall", NULL);
    struct session second = begun(w, "hospital", NULL);
    struct ctx ctx = world_ctx(w);
    const char *label = session_label(&ctx, first.row.sid);

    assert_null(strstr(label, first.row.sid + 2));
    assert_int_equal(sessions_end_labelled(&ctx, world_person(w, 1), label, "list"), OK);
    assert_true(goes_on(w, &first));
    assert_int_equal(sessions_end_labelled(&ctx, world_person(w, 0), label, "list"), OK);
    assert_false(goes_on(w, &first));
    assert_true(goes_on(w, &second));
    assert_int_equal(sessions_end_labelled(&ctx, world_person(w, 0), label, "list"), OK);
    assert_int_equal(sessions_end_labelled(&ctx, world_person(w, 0), "nonsense", "list"), OK);
    assert_true(goes_on(w, &second));
}

static void
what_a_session_has_lent_ends_with_it_however_far_down(void **state)
{
    struct world *w = *state;
    struct session phone = begun(w, "app", NULL);
    struct session view = begun(w, "webhall", &phone);
    struct session below = begun(w, "hospital", &view);
    struct session apart = begun(w, "bank", NULL);
    struct ctx ctx = world_ctx(w);

    world_audit_mark(w);
    assert_int_equal(session_end(&ctx, &view, "logout"), OK);
    assert_false(goes_on(w, &below));
    assert_true(goes_on(w, &phone)); /* nothing ends upwards */
    view = begun(w, "webhall", &phone);
    assert_int_equal(session_end(&ctx, &phone, "logout"), OK);
    assert_false(goes_on(w, &view));
    assert_true(goes_on(w, &apart));
    assert_int_equal(world_audit_count(w, AUDIT_SESSION_ENDED), 4);
}

/* More than are read at a time. */
static void
many_that_were_lent_all_end(void **state)
{
    struct world *w = *state;
    struct session phone = begun(w, "app", NULL);
    struct session_rows rows;
    struct ctx ctx;

    for (size_t i = 0; i < SESSION_PAGE + 3; i++)
        (void)begun(w, "webhall", &phone);
    ctx = world_ctx(w);
    assert_int_equal(session_end(&ctx, &phone, "logout"), OK);
    assert_int_equal(sessions_list(&ctx, world_person(w, 0), &rows), OK);
    assert_int_equal(rows.count, 0);
}

/* The lender ended while it was being lent. */
static void
nothing_is_lent_by_a_session_that_has_ended(void **state)
{
    struct world *w = *state;
    struct session phone = begun(w, "app", NULL);
    struct session nobody = { .live = false };
    struct session session;
    struct proof proof = { .person_id = world_person(w, 0), .lent_by = &phone.row };
    struct ctx ctx = world_ctx(w);
    const char *cookie;

    assert_int_equal(session_end(&ctx, &phone, "logout"), OK);
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), ERR_EXPIRED);
    assert_int_equal(world_rows_of(w, "session"), 1);
}

static void
all_others_end_but_not_what_this_one_hangs_on(void **state)
{
    struct world *w = *state;
    struct session phone = begun(w, "app", NULL);
    struct session view = begun(w, "webhall", &phone);
    struct session sister = begun(w, "hospital", &phone);
    struct session apart = begun(w, "bank", NULL);
    struct session_rows rows;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(sessions_list(&ctx, world_person(w, 0), &rows), OK);
    assert_true(session_hangs_on(&rows, view.row.sid, phone.row.sid));
    assert_true(session_hangs_on(&rows, view.row.sid, view.row.sid));
    assert_false(session_hangs_on(&rows, phone.row.sid, view.row.sid));
    assert_false(session_hangs_on(&rows, apart.row.sid, phone.row.sid));
    assert_int_equal(sessions_end_others(&ctx, &view.row, "list"), OK);
    assert_true(goes_on(w, &view));
    assert_true(goes_on(w, &phone));
    assert_false(goes_on(w, &sister));
    assert_false(goes_on(w, &apart));
}

/* Web, app and terminal: what began where, and what was lent. */
static void
se_20_who_is_stopped_is_out_on_every_channel(void **state)
{
    struct world *w = *state;
    struct session sessions[] = { begun(w, "webhall", NULL),
                                  begun(w, "app", NULL),
                                  begun(w, "selfservice", NULL),
                                  { .live = false } };
    struct ctx ctx = world_ctx(w);

    sessions[3] = begun(w, "hospital", &sessions[1]);
    assert_string_equal(sessions[2].row.channel, "terminal");
    world_audit_mark(w);
    assert_int_equal(person_stop(&ctx, world_person(w, 0), PERSON_DISABLED, "disabled"), OK);
    for (size_t i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++)
        assert_false(goes_on(w, &sessions[i]));
    assert_int_equal(world_audit_count(w, AUDIT_SESSION_ENDED), 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(all_of_hers_are_listed_and_nobody_elses),
        world_test(a_label_names_one_of_hers_alone),
        world_test(what_a_session_has_lent_ends_with_it_however_far_down),
        world_test(many_that_were_lent_all_end),
        world_test(nothing_is_lent_by_a_session_that_has_ended),
        world_test(se_20_who_is_stopped_is_out_on_every_channel),
        world_test(all_others_end_but_not_what_this_one_hangs_on),
    };

    return world_run(tests);
}
