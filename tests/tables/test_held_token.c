/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/held_token.h"
#include "tests/store_kit.h"

static struct held_token
token_of(const char *name, const char *value, unix_s until)
{
    return (struct held_token) { .name = name,
                                 .value_sealed = bytes_of_text(value),
                                 .fetched_at = 100,
                                 .renew_at = until - 10,
                                 .expires_at = until,
                                 .forced_count = 2 };
}

static void
the_newest_takes_the_place_of_the_one_before(void **state)
{
    struct kit *k = *state;
    struct held_token token = token_of("wechat.token.wx1", "one", 200);
    struct held_token found;

    assert_int_equal(store_held_token_find(k->st, k->arena, token.name, &found), ERR_NOT_FOUND);
    assert_int_equal(store_held_token_put(k->st, &token), OK);
    token = token_of("wechat.token.wx1", "two", 300);
    assert_int_equal(store_held_token_put(k->st, &token), OK);
    assert_int_equal(store_held_token_find(k->st, k->arena, token.name, &found), OK);
    assert_int_equal(found.expires_at, 300);
    assert_int_equal(found.renew_at, 290);
    assert_int_equal(found.forced_count, 2);
    assert_int_equal(found.value_sealed.size, 3);
}

static void
tokens_of_other_names_are_other_tokens(void **state)
{
    struct kit *k = *state;
    struct held_token token = token_of("a", "one", 200);
    struct held_token found;

    assert_int_equal(store_held_token_put(k->st, &token), OK);
    assert_int_equal(store_held_token_find(k->st, k->arena, "b", &found), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(the_newest_takes_the_place_of_the_one_before),
        kit_test(tokens_of_other_names_are_other_tokens),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
