/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/kit.h"

#include <pthread.h>

#include "idp/server/engine/exchange.h"

static void
the_last_to_let_go_gives_it_back(void **state)
{
    struct exchange *ex = exchange_new();
    struct exchange *other;

    (void)state;
    exchange_hold(ex);
    exchange_release(ex);
    other = exchange_new();
    assert_ptr_not_equal(other, ex);
    exchange_release(ex);
    assert_ptr_equal(exchange_new(), ex);
    exchange_release(ex);
    exchange_release(other);
    exchange_release(NULL);
}

static void
nothing_of_a_request_is_left_for_the_next(void **state)
{
    struct exchange *ex = exchange_new();
    struct exchange blank = { .holders = 1 };
    struct exchange *again;
    const char *secret;

    (void)state;
    secret = arena_text(ex->arena, "a secret of the first");
    ex->target = secret;
    ex->state = EXCHANGE_DONE;
    ex->rq.method = "POST";
    exchange_release(ex);
    again = exchange_new();
    assert_ptr_equal(again, ex);
    blank.arena = again->arena;
    assert_memory_equal(again, &blank, sizeof(blank));
    assert_string_equal(arena_alloc(again->arena, 64), "");
    exchange_release(again);
}

static void *
release_it(void *ex)
{
    exchange_release(ex);
    return NULL;
}

static void
a_thread_that_only_lets_go_frees_it(void **state)
{
    struct exchange *ex = exchange_new();
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, release_it, ex), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static enum err
no_random(struct env *env, void *out, size_t size)
{
    (void)env, (void)out, (void)size;
    return ERR_UNAVAILABLE;
}

static void *
id_without_randomness(void *arena)
{
    struct env env = { .random = no_random };

    assert_string_equal(request_id_new(&env, arena), "unknown");
    return NULL;
}

/* More than one draw of randomness has. */
static void
request_ids_are_sixteen_digits_and_never_the_same(void **state)
{
    enum {
        IDS = 200
    };
    struct arena *arena = arena_new(1U << 20);
    const char *ids[IDS];
    pthread_t thread;

    (void)state;
    for (size_t i = 0; i < IDS; i++) {
        ids[i] = request_id_new(env_machine(), arena);
        assert_int_equal(strlen(ids[i]), 16);
        assert_int_equal(strspn(ids[i], "0123456789abcdef"), 16);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(ids[i], ids[j]);
    }
    /* A thread of its own has nothing drawn yet. */
    assert_int_equal(pthread_create(&thread, NULL, id_without_randomness, arena), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_to_let_go_gives_it_back),
        cmocka_unit_test(nothing_of_a_request_is_left_for_the_next),
        cmocka_unit_test(a_thread_that_only_lets_go_frees_it),
        cmocka_unit_test(request_ids_are_sixteen_digits_and_never_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
