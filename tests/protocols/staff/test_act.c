/* SPDX-License-Identifier: Apache-2.0 */
/* A member of staff begins to act for the citizen whose card was scanned, on a page, and the partner's application goes on. */
#include "tests/protocols/oauth2/grants/acting_kit.h"

#include "idp/staff/present.h"

static bool
page_has(const struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

static bool
page_shows(struct world *w, const char *id)
{
    return page_has(w, arena_printf(w->arena, " id=\"%s\"", id));
}

static void
press(struct world *w, const char *target, const char *fields)
{
    world_form_post(w, target, "tx=%s&csrf=%s%s", world_hidden(w, "tx"), world_hidden(w, "csrf"),
                    fields);
}

/* Her card was scanned, and the page that asks what is to be done is open. */
static void
before_the_page(struct window *window)
{
    struct world *w = window->w;

    world_open(w, "/staff/scan");
    press(w, "/staff/scan", arena_printf(w->arena, "&card_code=%s", window_code(window)));
    world_follow(w);
    assert_true(page_shows(w, "act-link"));
    world_get(w, arena_printf(w->arena, "/staff/act?tx=%s", world_hidden(w, "tx")));
    assert_int_equal(w->answer.status, 200);
}

static const char *
fields_of(struct world *w, const char *business)
{
    return arena_printf(w->arena, "&business=%s&reason=%s", world_url(w, business),
                        world_url(w, REASON));
}

static const char *
handle_shown(struct world *w)
{
    const char *at = strstr(w->answer.body, "id=\"handle\">");

    assert_non_null(at);
    at += strlen("id=\"handle\">");
    return arena_copy(w->arena, at, strcspn(at, "<"));
}

static void
what_her_role_may_do_is_offered_and_the_application_takes_it_up_once(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *handle;

    before_the_page(&window);
    assert_true(page_has(w, "value=\"window pension.query\""));
    assert_true(page_has(w, "value=\"hatch pension.change\""));
    assert_false(page_has(w, "value=\"window audit\""));
    world_audit_mark(w);
    press(w, "/staff/act", fields_of(w, "window pension.query"));
    assert_int_equal(w->answer.status, 303);
    assert_audited(w, AUDIT_ACTING_BEGUN, ACTING_BY_CODE);
    world_follow(w);
    handle = handle_shown(w);
    window_exchange(&window, ACTING_TYPE, handle, "");
    assert_int_equal(w->answer.status, 200);
    assert_true(strstr(window_payload(w, world_json(w, "access_token")), "pension.query") != NULL);
    window_exchange(&window, ACTING_TYPE, handle, "");
    assert_int_equal(w->answer.status, 400);
}

static void
pressed_twice_one_acting_begins(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *form;

    before_the_page(&window);
    form = arena_printf(w->arena, "tx=%s&csrf=%s%s", world_hidden(w, "tx"), world_hidden(w, "csrf"),
                        fields_of(w, "window pension.query"));
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/staff/act", "%s", form);
        assert_int_equal(w->answer.status, 303);
        world_follow(w);
        assert_true(page_shows(w, "begun"));
    }
    assert_int_equal(world_audit_count(w, AUDIT_ACTING_BEGUN), 1);
}

static void
what_cannot_begin_is_told_beside_its_field(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    before_the_page(&window);
    press(w, "/staff/act", "&reason=ticket");
    assert_refused(w, &problem_acting_business);
    press(w, "/staff/act", fields_of(w, "window unknown"));
    assert_refused(w, &problem_acting_business);
    press(w, "/staff/act", fields_of(w, "nobody pension.query"));
    assert_refused(w, &problem_acting_business);
    press(w, "/staff/act", fields_of(w, "window audit"));
    assert_refused(w, &problem_acting_role);
    press(w, "/staff/act", fields_of(w, "window pension.change"));
    assert_refused(w, &problem_acting_second);
    press(w, "/staff/act", "&business=window%20pension.query&reason=x");
    assert_refused(w, &problem_staff_reason_invalid);
    assert_true(page_has(w, "value=\"window pension.query\" checked"));
    assert_int_equal(world_audit_count(w, AUDIT_ACTING_BEGUN), 0);
}

static void
who_is_not_there_any_more_is_scanned_anew(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *form;

    before_the_page(&window);
    form = arena_printf(w->arena, "tx=%s&csrf=%s%s", world_hidden(w, "tx"), world_hidden(w, "csrf"),
                        fields_of(w, "window pension.query"));
    world_advance(w, STAFF_PRESENT_S - 1);
    world_get(w, arena_printf(w->arena, "/staff/act?tx=%s", world_hidden(w, "tx")));
    assert_int_equal(w->answer.status, 200);
    world_advance(w, 1);
    world_form_post(w, "/staff/act", "%s", form);
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/staff/scan?"));
    assert_int_equal(world_audit_count(w, AUDIT_ACTING_BEGUN), 0);
}

static void
who_was_only_looked_for_is_not_acted_for(void **state)
{
    struct world *w = *state;

    (void)window_new(w, "counter");
    world_open(w, "/staff/find");
    press(w, "/staff/find", "&find=13800138000");
    world_follow(w);
    assert_false(page_shows(w, "act-link"));
    world_get(w, arena_printf(w->arena, "/staff/act?tx=%s", world_hidden(w, "tx")));
    assert_true(text_starts(world_header(w, "Location"), "/staff/scan?"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(what_her_role_may_do_is_offered_and_the_application_takes_it_up_once),
        scene_test(pressed_twice_one_acting_begins),
        scene_test(what_cannot_begin_is_told_beside_its_field),
        scene_test(who_is_not_there_any_more_is_scanned_anew),
        scene_test(who_was_only_looked_for_is_not_acted_for),
    };

    return world_run(tests);
}
