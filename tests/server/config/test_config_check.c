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
        assert_right(arena, proxies(arena, good[i]));
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

static void
what_is_listened_on_is_addresses_with_ports(void **state)
{
    static const struct {
        const char *lines;
        const char *part; /* NULL: right */
    } cases[] = {
        { "listen = 127.0.0.1:9080 [::1]:9080", NULL },
        { "admin_listen =", NULL },
        { "listen =", "server.listen must name an address." },
        { "listen = localhost:9080",
          "server.listen: \"localhost:9080\" is no address with a port" },
        { "listen = 127.0.0.1:9080 127.0.0.1:9080", "server.listen names an address twice." },
        { "admin_listen = 127.0.0.1", "server.admin_listen: \"127.0.0.1\" is no address" },
    };
    struct arena *arena = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *lines =
            arena_printf(arena, "[server]\nissuer = http://localhost\n%s\n", cases[i].lines);

        if (cases[i].part != NULL)
            assert_sentence(arena, lines, cases[i].part);
        else
            assert_right(arena, lines);
    }
}

static void
what_discovery_tells_of_is_an_address(void **state)
{
    static const char *const keys[] = { "service_documentation", "op_policy_uri", "op_tos_uri" };
    static const char lines[] = "[server]\nissuer = http://localhost\n[discovery]\n%s = %s\n";
    struct arena *arena = *state;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        assert_null(sentence_of(arena, arena_printf(arena, lines, keys[i], "https://a.cn/guide")));
        assert_null(sentence_of(arena, arena_printf(arena, lines, keys[i], "")));
        assert_sentence(arena, arena_printf(arena, lines, keys[i], "http://a.cn/guide"),
                        arena_printf(arena, "discovery.%s must be a plain https", keys[i]));
        assert_sentence(arena, arena_printf(arena, lines, keys[i], "guide"), "must be a plain");
    }
}

/* Each of them carries what an https issuer's cookies are worth. */
static void
plain_http_behind_a_front_is_for_loopback_addresses_alone(void **state)
{
    static const char lines[] = "[server]\nissuer = https://id.example.cn\n"
                                "trusted_proxies = 127.0.0.1\nlisten = 127.0.0.1:9080 %s\n";
    struct arena *arena = *state;

    assert_null(sentence_of(arena, arena_printf(arena, lines, "[::1]:9080")));
    assert_sentence(arena, arena_printf(arena, lines, "10.0.0.1:9080"), "speaks plain http");
}

static void
what_is_right_and_seldom_meant_is_a_warning(void **state)
{
    static const char front[] = "[server]\nissuer = https://id.example.cn\n"
                                "trusted_proxies = 127.0.0.1\n%s\n";
    static const char *const lines[] = { "[errors]\nexplain = yes",
                                         "[outbound]\nallow_loopback = yes" };
    struct arena *arena = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const char *text = arena_printf(arena, front, lines[i]);
        struct findings found = findings_of(arena, bytes_of_text(text));

        assert_int_equal(found.counts[FINDING_ERROR], 0);
        assert_int_equal(found.counts[FINDING_WARNING], 1);
        assert_int_equal(found.first->line, 5);
        text = arena_printf(arena, HTTP_ISSUER "%s\n", lines[i]);
        found = findings_of(arena, bytes_of_text(text));
        assert_int_equal(found.counts[FINDING_WARNING], 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(o1_what_is_believed_is_addresses_and_networks),
        with_arena(what_is_listened_on_is_addresses_with_ports),
        with_arena(what_discovery_tells_of_is_an_address),
        with_arena(plain_http_behind_a_front_is_for_loopback_addresses_alone),
        with_arena(what_is_right_and_seldom_meant_is_a_warning),
        with_arena(o1_networks_beyond_the_room_there_is_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
