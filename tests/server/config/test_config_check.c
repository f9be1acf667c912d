/* SPDX-License-Identifier: Apache-2.0 */
/* What a file may say and a service could not be. */
#include "tests/server/config/check_kit.h"

static const char *
proxies(struct arena *arena, const char *list)
{
    return arena_printf(arena, "[server]\nissuer = http://localhost\ntrusted_proxies = %s\n", list);
}

static void
o1_what_is_believed_is_addresses_and_networks(void **state)
{
    static const char *const good[] = { "", "10.0.0.2", "10.0.0.0/8 2001:db8::/32 ::1" };
    static const char *const bad[] = { "10.0.0.2,", "front.local", "10.0.0.0/33", "0.0.0.0/0" };
    struct arena *arena = *state;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(sentence_of(arena, proxies(arena, good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_sentence(
            arena, proxies(arena, arena_printf(arena, "127.0.0.1 %s 10.0.0.3", bad[i])),
            arena_printf(arena, "server.trusted_proxies: \"%s\" is no address", bad[i]));
}

static void
o1_networks_beyond_the_room_there_is_are_told(void **state)
{
    struct arena *arena = *state;
    const char *list = "::1";

    for (int i = 0; i < 64; i++)
        list = arena_printf(arena, "%s ::1", list);
    assert_sentence(arena, proxies(arena, list), "has room for 64 networks");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(o1_what_is_believed_is_addresses_and_networks),
        with_arena(o1_networks_beyond_the_room_there_is_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
