/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/token_cache.h"

#include "keys/secret.h"
#include "tests/keys/kit.h"

static struct tongxing_rp_token *
token_ending(struct arena *arena, unix_s end)
{
    const char *claims = arena_printf(arena, "{\"exp\":%lld}", (long long)end);
    const struct jws jws = { .alg = "ES256", .payload = bytes_of_text(claims) };
    struct tongxing_rp_token *token = checked_token_new(arena, &jws);

    assert_non_null(token);
    return token;
}

static struct digest
digest_number(struct arena *arena, int number)
{
    return digest_of_text(arena_printf(arena, "%d", number));
}

static void
put(struct arena *arena, struct token_cache *cache, int number, unix_s end)
{
    struct tongxing_rp_token *token = token_ending(arena, end);
    struct digest digest = digest_number(arena, number);

    token_cache_put(cache, &digest, token_cache_age(cache), token);
    checked_token_release(token);
}

/* 0 when it is not there. */
static unix_s
end_of(struct arena *arena, struct token_cache *cache, int number)
{
    struct digest digest = digest_number(arena, number);
    struct tongxing_rp_token *token = token_cache_find(cache, &digest);
    unix_s end = token != NULL ? checked_token_end(token) : 0;

    checked_token_release(token);
    return end;
}

static void
a_token_is_found_by_its_digest_alone(void **state)
{
    struct token_cache *cache = token_cache_new(100);

    put(*state, cache, 1, 1000);
    put(*state, cache, 2, 2000);
    assert_int_equal(end_of(*state, cache, 1), 1000);
    assert_int_equal(end_of(*state, cache, 2), 2000);
    assert_int_equal(end_of(*state, cache, 3), 0);
    put(*state, cache, 1, 1001);
    assert_int_equal(end_of(*state, cache, 1), 1001);
    token_cache_free(cache);
}

static void
what_ends_first_makes_room(void **state)
{
    struct token_cache *cache = token_cache_new(1); /* one row of eight */

    for (int i = 0; i < 8; i++)
        put(*state, cache, i, 1000 + i);
    put(*state, cache, 8, 2000);
    assert_int_equal(end_of(*state, cache, 0), 0);
    for (int i = 1; i < 8; i++)
        assert_int_equal(end_of(*state, cache, i), 1000 + i);
    assert_int_equal(end_of(*state, cache, 8), 2000);
    token_cache_free(cache);
}

static void
a_token_outlives_the_cache_with_who_holds_it(void **state)
{
    struct token_cache *cache = token_cache_new(1);
    struct digest digest = digest_number(*state, 1);
    struct tongxing_rp_token *token;

    put(*state, cache, 1, 1000);
    token = token_cache_find(cache, &digest);
    token_cache_free(cache);
    assert_int_equal(checked_token_end(token), 1000);
    checked_token_release(token);
    token_cache_free(NULL);
}

static void
what_was_checked_before_all_were_forgotten_is_not_kept(void **state)
{
    struct token_cache *cache = token_cache_new(1);
    struct tongxing_rp_token *late = token_ending(*state, 1000);
    struct digest digest = digest_number(*state, 2);
    unsigned age = token_cache_age(cache);

    put(*state, cache, 1, 1000);
    token_cache_clear(cache);
    assert_int_equal(end_of(*state, cache, 1), 0);
    token_cache_put(cache, &digest, age, late);
    assert_int_equal(end_of(*state, cache, 2), 0);
    token_cache_put(cache, &digest, token_cache_age(cache), late);
    assert_int_equal(end_of(*state, cache, 2), 1000);
    checked_token_release(late);
    token_cache_free(cache);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_found_by_its_digest_alone),
        TEST(what_ends_first_makes_room),
        TEST(a_token_outlives_the_cache_with_who_holds_it),
        TEST(what_was_checked_before_all_were_forgotten_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
