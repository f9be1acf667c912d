/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/config/check_kit.h"

static const char *
issuer(struct arena *arena, const char *text)
{
    return arena_printf(arena, "[server]\nissuer = %s\ntrusted_proxies = 127.0.0.1\n", text);
}

static void
s9_an_issuer_in_its_one_spelling_is_taken(void **state)
{
    static const struct {
        const char *issuer;
        const char *path;
    } good[] = {
        { "https://id.example.cn", "" },
        { "https://id.example.cn:8443", "" },
        { "https://id.example.cn/auth", "/auth" },
        { "https://id.example.cn:80/a/B_c.d~e-1", "/a/B_c.d~e-1" },
        { "http://localhost", "" },
        { "http://localhost:9080/realm", "/realm" },
        { "http://127.0.0.1:1", "" },
        { "http://[::1]:443/x", "/x" },
        { "https://[2001:db8::1]", "" },
        { "https://10.0.0.1:65535", "" },
        { "https://my_app.svc", "" },
    };
    struct arena *arena = *state;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct settings settings;
        struct findings found = findings_new(arena);

        config_examine_text(&found, "t", bytes_of_text(issuer(arena, good[i].issuer)), &settings);
        if (found.counts[FINDING_ERROR] > 0)
            fail_msg("%s", findings_errors(&found));
        assert_string_equal(settings.server.issuer_path, good[i].path);
        assert_int_equal(settings.server.issuer_is_https,
                         strncmp(good[i].issuer, "https:", 6) == 0);
    }
}

static void
s9_an_issuer_in_another_spelling_is_refused_with_a_sentence(void **state)
{
    static const struct {
        const char *issuer;
        const char *part;
    } bad[] = {
        { "id.example.cn", "must begin with https://" },
        { "ftp://a", "must begin with https://" },
        { "HTTPS://id.example.cn", "must begin with https://" },
        { "https://", "a host name or an address" },
        { "https:///auth", "a host name or an address" },
        { "https://:8443", "a host name or an address" },
        { "https://a b", "a host name or an address" },
        { "https://id.example.cn.", "a host name or an address" },
        { "https://id..cn", "a host name or an address" },
        { "https://[::1", "a host name or an address" },
        { "https://[::1]x", "a host name or an address" },
        { "https://[id.cn]", "a host name or an address" },
        { "https://[:::]", "a host name or an address" },
        { "https://人社.cn", "a host name or an address" },
        { "https://ID.example.cn", "in lower case" },
        { "https://id.example.cn:443", "the port that its scheme has anyway" },
        { "http://localhost:80", "the port that its scheme has anyway" },
        { "https://[2001:db8::1]:443/auth", "the port that its scheme has anyway" },
        { "https://id.example.cn:99999", "a number from 1 to 65535" },
        { "https://id.example.cn:0", "a number from 1 to 65535" },
        { "https://id.example.cn:08443", "a number from 1 to 65535" },
        { "https://id.example.cn:", "a number from 1 to 65535" },
        { "https://id.example.cn:/auth", "a number from 1 to 65535" },
        { "https://id.example.cn::8443", "a number from 1 to 65535" },
        { "https://id.example.cn:8443:8443", "a number from 1 to 65535" },
        { "https://id.example.cn:84x", "a number from 1 to 65535" },
        { "https://2001:db8::1", "a number from 1 to 65535" },
        { "https://a@b", "must not name a user" },
        { "https://a:b@c", "must not name a user" },
        { "https://a?b", "neither query nor fragment" },
        { "https://a/b?c=d", "neither query nor fragment" },
        { "https://a/b#c", "neither query nor fragment" },
        { "https://id.example.cn/", "must not end with a slash" },
        { "https://id.example.cn/auth/", "must not end with a slash" },
        { "https://id.example.cn/a//b", "the path must be" },
        { "https://id.example.cn/../a", "the path must be" },
        { "https://id.example.cn/.well-known", "the path must be" },
        { "https://id.example.cn/%61", "the path must be" },
        { "https://id.example.cn/a;b", "the path must be" },
        { "https://id.example.cn/认证", "the path must be" },
        { "http://id.example.cn", "plain http is for a loopback host only" },
        { "http://localhost.example.cn", "plain http is for a loopback host only" },
        { "http://127.0.0.1.evil.example", "plain http is for a loopback host only" },
    };
    struct arena *arena = *state;
    const char *longest = arena_printf(arena, "https://a/%0190d", 1);

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_sentence(arena, issuer(arena, bad[i].issuer), bad[i].part);
    assert_null(sentence_of(arena, issuer(arena, longest)));
    assert_sentence(arena, issuer(arena, arena_printf(arena, "%s1", longest)), "200 bytes");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(s9_an_issuer_in_its_one_spelling_is_taken),
        with_arena(s9_an_issuer_in_another_spelling_is_refused_with_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
