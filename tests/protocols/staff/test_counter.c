/* SPDX-License-Identifier: Apache-2.0 */
/* /staff/counter: a browser becomes that of a counter. */
#include <string.h>

#include "tests/protocols/staff/counter_kit.h"

static void
a_code_makes_this_browser_the_counters(void **state)
{
    struct world *w = *state;
    struct setup_code code = kit_announced(w);
    struct stored_counter row;

    world_open(w, "/staff/counter");
    assert_non_null(strstr(w->answer.body, "autofocus"));
    assert_null(world_cookie(w, "__Host-counter"));
    world_audit_mark(w);
    kit_type_code(w, code.text, NULL);
    assert_int_equal(w->answer.status, 303);
    assert_audited(w, AUDIT_COUNTER_CHANGED, "enrolled");
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"counter-known\""));
    assert_non_null(strstr(w->answer.body, "二楼 12 号窗口"));
    assert_non_null(strstr(w->answer.body, code.id));
    world_must(store_counter_load(w->store, w->arena, code.id, &row), "no counter");
    assert_int_equal(row.state, COUNTER_ENROLLED);
    assert_int_equal(row.enrolled_at, w->now);
    assert_string_equal(row.certificate, "");
}

static void
the_cookie_is_kept_and_is_no_secret_of_the_row(void **state)
{
    struct world *w = *state;
    struct setup_code code = kit_announced(w);
    const char *cookie;

    kit_type_code(w, code.text, NULL);
    cookie = world_cookie(w, "__Host-counter");
    assert_non_null(cookie);
    assert_memory_equal(cookie, code.id, COUNTER_ID_SIZE);
    assert_int_equal(strlen(cookie), COUNTER_ID_SIZE + 43);
    for (size_t i = 0; i < w->answer.header_count; i++) {
        const char *line = w->answer.headers[i].value;

        if (strstr(line, "counter=") == line + strlen("__Host-")) {
            assert_non_null(strstr(line, "Max-Age="));
            assert_non_null(strstr(line, "HttpOnly; SameSite=Lax"));
            assert_non_null(strstr(line, "; Secure"));
        }
    }
}

static void
pressed_twice_it_is_one_enrolment_with_one_cookie(void **state)
{
    struct world *w = *state;
    struct setup_code code = kit_announced(w);
    const char *form;
    const char *cookie;
    const char *location;

    world_open(w, "/staff/counter");
    form = kit_form(w, arena_printf(w->arena, "code=%s", code.text));
    world_send(w, &(struct world_call) { .target = "/staff/counter", .form = form });
    cookie = world_cookie(w, "__Host-counter");
    location = world_header(w, "Location");
    world_audit_mark(w);
    world_send(w, &(struct world_call) { .target = "/staff/counter", .form = form });
    assert_string_equal(world_header(w, "Location"), location);
    assert_string_equal(world_cookie(w, "__Host-counter"), cookie);
    assert_int_equal(world_audit_count(w, AUDIT_COUNTER_CHANGED), 0);
    /* A day later it is a used code. */
    world_advance(w, 61);
    world_send(w, &(struct world_call) { .target = "/staff/counter", .form = form });
    world_follow_mistake(w);
    assert_refused(w, &problem_counter_code_invalid);
}

static void
a_code_is_good_once_and_in_one_browser(void **state)
{
    struct world *w = *state;
    struct setup_code code = kit_announced(w);
    const char *cookie;

    kit_type_code(w, code.text, NULL);
    cookie = world_cookie(w, "__Host-counter");
    w->cookies = 0; /* another browser */
    world_audit_mark(w);
    kit_type_code(w, code.text, NULL);
    world_follow_mistake(w);
    assert_refused(w, &problem_counter_code_invalid);
    assert_audited(w, AUDIT_COUNTER_REJECTED, "code");
    assert_null(world_cookie(w, "__Host-counter"));
    world_cookie_put(w, "__Host-counter", cookie);
    world_open(w, "/staff/counter");
    assert_non_null(strstr(w->answer.body, "id=\"counter-known\""));
}

static void
a_code_is_good_for_a_day(void **state)
{
    struct world *w = *state;
    struct setup_code late = kit_announced(w);
    struct setup_code in_time;

    world_advance(w, SETUP_CODE_S);
    kit_type_code(w, late.text, NULL);
    world_follow_mistake(w);
    assert_refused(w, &problem_counter_code_invalid);
    in_time = kit_announced(w);
    world_advance(w, SETUP_CODE_S - 1);
    kit_type_code(w, in_time.text, NULL);
    world_follow(w);
    assert_non_null(strstr(w->answer.body, in_time.id));
}

static void
what_is_no_code_is_refused_beside_its_field(void **state)
{
    static const char *const wrong[] = { "", "1234", "12345-67890-12345-67890-12345-6789x" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        kit_type_code(w, wrong[i], NULL);
        world_follow_mistake(w);
        assert_refused(w, &problem_counter_code_invalid);
        assert_non_null(strstr(w->answer.body, "id=\"code-problem\""));
    }
}

static void
guesses_from_one_network_are_bounded(void **state)
{
    struct world *w = *state;
    struct setup_code code = kit_announced(w);

    for (int i = 0; i < w->settings.limits.client_failures; i++)
        kit_type_code(w, "12345-67890-12345-67890-12345-67890", NULL);
    world_audit_mark(w);
    kit_type_code(w, code.text, NULL);
    world_follow_mistake(w);
    assert_refused(w, &problem_counter_guesses_full);
    assert_audited(w, AUDIT_COUNTER_REJECTED, "guesses");
    world_advance(w, 61);
    kit_type_code(w, code.text, NULL);
    world_follow(w);
    assert_non_null(strstr(w->answer.body, code.id));
}

/* ST-13: with the certificate of the connection in which it was set up. */
static void
a_counter_with_a_certificate_is_known_by_both(void **state)
{
    static const char ours[] = "11aa";
    static const char theirs[] = "22bb";
    struct world *w = *state;
    struct setup_code code = kit_announced(w);
    struct stored_counter row;
    const struct world_call page = { .target = "/staff/counter?tx=", .certificate = ours };
    const char *target;

    kit_type_code(w, code.text, ours);
    target = world_header(w, "Location");
    world_must(store_counter_load(w->store, w->arena, code.id, &row), "no counter");
    assert_string_equal(row.certificate, ours);
    for (int i = 0; i < 3; i++) {
        struct world_call call = page;

        call.target = target;
        call.certificate = i == 0 ? ours : i == 1 ? theirs : NULL;
        world_send(w, &call);
        assert_int_equal(strstr(w->answer.body, "id=\"counter-known\"") != NULL, i == 0);
    }
}

static void
the_flow_of_another_page_enrols_nothing(void **state)
{
    struct world *w = *state;
    struct setup_code code = kit_announced(w);
    struct stored_counter row;
    const char *tx;

    world_sit(w, "li", "counter", 1);
    world_get(w, "/staff");
    tx = world_location_param(w, "tx");
    world_send(w, &(struct world_call) {
                      .target = "/staff/counter",
                      .form = arena_printf(w->arena, "tx=%s&csrf=x&code=%s", tx, code.text) });
    world_must(store_counter_load(w->store, w->arena, code.id, &row), "no counter");
    assert_int_equal(row.state, COUNTER_ANNOUNCED);
    world_get(w, arena_printf(w->arena, "/staff/counter?tx=%s", tx));
    world_follow_stop(w);
    assert_refused(w, &problem_transaction_order);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_code_makes_this_browser_the_counters),
        world_test(the_cookie_is_kept_and_is_no_secret_of_the_row),
        world_test(pressed_twice_it_is_one_enrolment_with_one_cookie),
        world_test(a_code_is_good_once_and_in_one_browser),
        world_test(a_code_is_good_for_a_day),
        world_test(what_is_no_code_is_refused_beside_its_field),
        world_test(guesses_from_one_network_are_bounded),
        world_test(a_counter_with_a_certificate_is_known_by_both),
        world_test(the_flow_of_another_page_enrols_nothing),
    };

    return world_run(tests);
}
