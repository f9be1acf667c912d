/* SPDX-License-Identifier: Apache-2.0 */
/* Phone number and identity number in one field: AU-01, AU-05, AU-06, TX-09. */
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "tests/world.h"

static void
try_name(struct world *w, const char *name, const char *password)
{
    world_open(w, "/login");
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_url(w, name), world_url(w, password));
}

static void
the_identity_number_logs_her_in_as_the_phone_does(void **state)
{
    static const char *const typed[] = { "11010519491231002X", "110105 19491231 002x",
                                         "110105491231002" /* TX-09 */ };
    struct world *w = *state;

    world_person(w, 0);
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        w->cookies = 0;
        try_name(w, typed[i], WORLD_PASSWORD);
        assert_non_null(world_cookie(w, "__Host-session"));
    }
}

/* Whoever goes from her number to her identity number has no tries more. */
static void
au05_tries_by_phone_and_by_identity_number_are_one_count(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    for (int i = 0; i < 5; i++) {
        w->cookies = 0;
        try_name(w, i % 2 == 0 ? world_phone(0) : "11010519491231002X",
                 arena_printf(w->arena, "guess %d", i));
        assert_refused(w, &problem_login_failed);
    }
    w->cookies = 0;
    try_name(w, "11010519491231002X", WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 429);
    try_name(w, world_phone(0), WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 429);
}

static void
au01_an_unknown_identity_number_is_answered_like_a_known_one(void **state)
{
    struct world *w = *state;
    int64_t hashes;

    world_person(w, 0);
    for (int known = 0; known < 2; known++) {
        const char *name = known ? "11010519491231002X" : "440106196204150020";

        for (int i = 0; i < 6; i++) {
            w->cookies = 0;
            hashes = metric_read(METRIC_HASH_RUNS);
            try_name(w, name, arena_printf(w->arena, "guess %d", i));
            assert_int_equal(metric_read(METRIC_HASH_RUNS) - hashes, i < 5 ? 1 : 0);
            if (i < 5)
                assert_refused(w, &problem_login_failed);
            else
                assert_int_equal(w->answer.status, 429);
        }
    }
}

/* AU-06: her own browser is known by whichever name she types. */
static void
au06_a_known_browser_has_its_own_tries_by_identity_number_too(void **state)
{
    struct world *w = *state;
    const char *device;

    world_person(w, 0);
    try_name(w, "11010519491231002X", WORLD_PASSWORD);
    device = arena_text(w->arena, world_cookie(w, "__Host-device"));
    for (int i = 0; i < 6; i++) {
        w->cookies = 0;
        try_name(w, world_phone(0), arena_printf(w->arena, "guess %d", i));
    }
    w->cookies = 0;
    world_cookie_put(w, "__Host-device", device);
    try_name(w, "11010519491231002X", WORLD_PASSWORD);
    assert_non_null(world_cookie(w, "__Host-session"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_identity_number_logs_her_in_as_the_phone_does),
        world_test(au05_tries_by_phone_and_by_identity_number_are_one_count),
        world_test(au01_an_unknown_identity_number_is_answered_like_a_known_one),
        world_test(au06_a_known_browser_has_its_own_tries_by_identity_number_too),
    };

    return world_run(tests);
}
