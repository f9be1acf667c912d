/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory_server.h"

#include "tests/connect/directory_fixture.h"

/* Its pause is 10 s: here it is over at once. */
static void
a_server_that_is_back_is_found_by_the_job(void **state)
{
    struct directory_fixture *f = *state;
    struct directory_server server;
    bool refused = false;

    assert_int_equal(directory_server_init(&server, &f->settings, f->ldaps, strlen(f->ldaps), 4),
                     OK);
    assert_false(directory_server_is_due(&server));
    assert_int_equal(directory_server_enter(&server), OK);
    directory_server_leave(&server, false);
    assert_true(directory_server_is_aside(&server));
    assert_false(directory_server_is_due(&server));
    server.aside_until_us = 0;
    assert_true(directory_server_is_due(&server));
    assert_false(directory_server_is_due(&server));
    assert_int_equal(directory_server_enter(&server), OK);
    directory_server_keep(
        &server, DIRECTORY_SERVICE,
        directory_server_link(&server, DIRECTORY_SERVICE, true, mono_us() + 5000000, &refused));
    directory_server_leave(&server, true);
    assert_false(directory_server_is_aside(&server));
    assert_int_equal(server.idle[DIRECTORY_SERVICE].count, 1);
    directory_server_end(&server);
    directory_heal(f->directory);
}

/* --- Many at once --- */

struct signing_in {
    struct directory_fixture *f;
    _Atomic(int) right;
};

static void *
crowd_sign_in(void *state)
{
    struct signing_in *crowd = state;
    struct arena *arena = arena_new(1 << 20);

    for (int i = 0; i < 20; i++) {
        struct directory_answer said;

        directory_sign_in(crowd->f->directory, arena, i % 2 != 0 ? "zhang.wei" : "chen.jing",
                          PASSWORD, &said);
        crowd->right += said.outcome == DIRECTORY_OK;
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

static void
many_sign_in_at_once_each_as_herself(void **state)
{
    struct signing_in crowd = { .f = *state };
    pthread_t threads[8];

    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_sign_in, &crowd), 0);
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crowd.right, 8 * 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        directory_test(a_server_that_is_back_is_found_by_the_job),
        directory_test(many_sign_in_at_once_each_as_herself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
