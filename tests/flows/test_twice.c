/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An impatient thumb presses twice before the first answer is there: two requests go out with the same
 * form and the same cookies, and the browser shows the answer to the second. Each form of our pages
 * leads on by a redirect, mistakes included, to the same page, and nothing happens twice
 * (docs/adr/0026).
 */
#include <string.h>

#include "tests/flows/form_kit.h"

/* --- Pressing --- */

struct page_seen {
    int status;
    const char *way_on; /* the path where it leads, or the partner's address up to the code */
    const char *form;   /* the first form of the page */
    const char *cookie;
};

static struct page_seen
press_once(struct world *w, const struct press *press, const struct journey *j, const char *typed)
{
    const char *location;
    const char *form;

    const char *fields = arena_printf(w->arena, "tx=%s&csrf=%s&%s", j->tx, j->csrf, typed);

    world_send(w, &(struct world_call) { .target = press->path, .form = fields });
    if (w->answer.status != 303)
        fail_msg("%s %s: %d, and Back would ask whether to send again", press->path, typed,
                 w->answer.status);
    location = world_header(w, "Location");
    world_follow_mistake(w);
    form = w->answer.status == 303 ? NULL : strstr(w->answer.body, "<form");
    return (struct page_seen) {
        .status = w->answer.status,
        .way_on = location == NULL ? "" : arena_copy(w->arena, location, strcspn(location, "?")),
        .form = form == NULL ? "" : arena_copy(w->arena, form, strcspn(form, ">")),
        .cookie = world_cookie(w, "__Host-session"),
    };
}

static void
press_twice(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    const char *typed = kit_typed(w, press);
    struct world kept = *w;
    struct doings done;
    struct doings after;
    struct page_seen first = press_once(w, press, &j, typed);
    struct page_seen second;

    done = doings_of(w);
    memcpy(w->jar, kept.jar, sizeof(kept.jar));
    w->cookies = kept.cookies;
    second = press_once(w, press, &j, typed);
    after = doings_of(w);
    if (first.status != second.status || strcmp(first.way_on, second.way_on) != 0 ||
        strcmp(first.form, second.form) != 0)
        fail_msg("%s %s: %d %s %s, then %d %s %s", press->path, typed, first.status, first.way_on,
                 first.form, second.status, second.way_on, second.form);
    if ((first.cookie == NULL) != (second.cookie == NULL) ||
        (first.cookie != NULL && strcmp(first.cookie, second.cookie) != 0))
        fail_msg("%s %s: another session", press->path, typed);
    assert_nothing_done(press, &done, &after);
}

/* One test for each row, in a world of its own. */
static void
pressed_twice_it_leads_on_and_nothing_happens_twice(void **state)
{
    static size_t turn;

    press_twice(*state, &presses[turn++]);
}

static void
every_form_of_our_pages_is_pressed_twice(void **state)
{
    (void)state;
    kit_assert_complete();
}

int
main(void)
{
    struct CMUnitTest tests[PRESSES + 1];

    for (size_t i = 0; i < PRESSES; i++)
        tests[i] =
            (struct CMUnitTest)world_sims_test(pressed_twice_it_leads_on_and_nothing_happens_twice);
    tests[PRESSES] = (struct CMUnitTest)cmocka_unit_test(every_form_of_our_pages_is_pressed_twice);
    return world_sims_run(tests);
}
