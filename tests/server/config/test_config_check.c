/* SPDX-License-Identifier: Apache-2.0 */
/* What a file may say and a service could not be: addresses, networks, where we are known. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <string.h>

#include "idp/server/config/config.h"

/* NULL when the lines are right, else the sentence. */
static const char *
sentence_of(struct arena *arena, const char *lines)
{
    struct settings *settings = arena_alloc(arena, sizeof(*settings));
    const char *why = NULL;

    if (config_parse(arena, "test.conf", bytes_of_text(lines), settings, &why) == OK)
        (void)!config_check(arena, settings, &why);
    return why;
}

static void
assert_sentence(struct arena *arena, const char *lines, const char *part)
{
    const char *why = sentence_of(arena, lines);

    if (why == NULL || strstr(why, part) == NULL)
        fail_msg("%s: %s", lines, why != NULL ? why : "right");
}

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

static int
arena_open(void **state)
{
    *state = arena_new(1U << 20);
    return 0;
}

static int
arena_close(void **state)
{
    arena_free(*state);
    return 0;
}

#define with_arena(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(o1_what_is_believed_is_addresses_and_networks),
        with_arena(o1_networks_beyond_the_room_there_is_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
