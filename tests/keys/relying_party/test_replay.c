/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/replay.h"

#include "keys/secret.h"
#include "tests/keys/kit.h"

static bool
take(struct replay *replay, const char *text, unix_s now, unix_s until)
{
    struct digest digest = digest_of_text(text);

    return replay_take(replay, &digest, now, until);
}

static void
each_is_taken_once_until_it_ends(void **state)
{
    struct replay *replay = replay_new(10);

    assert_true(take(replay, "a", 100, 200));
    assert_true(take(replay, "b", 100, 200));
    assert_false(take(replay, "a", 199, 200));
    assert_true(take(replay, "a", 200, 300));
    assert_false(take(replay, "a", 299, 400));
    replay_free(replay);
    replay_free(NULL);
    (void)state;
}

static void
without_room_what_ends_first_is_forgotten(void **state)
{
    struct replay *replay = replay_new(3);

    assert_true(take(replay, "a", 100, 210));
    assert_true(take(replay, "b", 100, 200));
    assert_true(take(replay, "c", 100, 220));
    assert_true(take(replay, "d", 100, 230));
    assert_false(take(replay, "a", 100, 210));
    assert_false(take(replay, "c", 100, 220));
    assert_false(take(replay, "d", 100, 230));
    assert_true(take(replay, "b", 100, 200));
    replay_free(replay);
    (void)state;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_is_taken_once_until_it_ends),
        TEST(without_room_what_ends_first_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
