/* SPDX-License-Identifier: Apache-2.0 */
/* The staff listener in the configuration. */
#include "tests/server/config/check_kit.h"

#define LOOPBACK HTTP_ISSUER "[staff]\nlisten = 127.0.0.1:9082\nurl = http://localhost:9082\n"
#define HTTPS                                                                                      \
    "[server]\nissuer = https://id.example.cn\nlisten = 10.0.0.1:443\n"                            \
    "tls_certificate_file = /c\ntls_key_file = /k\n[staff]\nlisten = 10.0.0.1:9443\n"
#define FILES "tls_certificate_file = /s\ntls_key_file = /t\n"

static void
a_staff_listener_is_right_on_loopback_or_with_tls(void **state)
{
    struct arena *arena = *state;

    assert_right(arena, HTTP_ISSUER);
    assert_right(arena, LOOPBACK);
    assert_right(arena, LOOPBACK "networks = 127.0.0.0/8 ::1\n");
    assert_right(arena, HTTPS "url = https://staff.example.cn:9443\n" FILES);
    assert_right(arena, HTTPS "url = https://staff.example.cn\n" FILES
                              "client_ca_file = /ca\nnetworks = 10.0.0.0/8\n");
}

static void
dj_4_staff_pages_over_plain_http_are_for_one_machine_alone(void **state)
{
    struct arena *arena = *state;

    assert_sentence(arena, HTTPS "url = https://staff.example.cn\n",
                    "staff.tls_certificate_file is missing, and staff.url is https");
    assert_sentence(arena, HTTPS "url = http://staff.example.cn\n",
                    "staff.url must have the scheme of server.issuer");
    assert_sentence(arena, HTTPS "url = http://localhost\n",
                    "staff.url must have the scheme of server.issuer");
    assert_sentence(arena, HTTP_ISSUER "[staff]\nlisten = 127.0.0.1:9082\nurl = http://staff.cn\n",
                    "staff.url must be https: plain http is for a loopback host only.");
    assert_sentence(arena,
                    HTTP_ISSUER "[staff]\nlisten = 0.0.0.0:9082\nurl = http://localhost:9082\n",
                    "staff.listen speaks plain http, and others than this machine reach it.");
    assert_sentence(arena, LOOPBACK FILES, "speaks TLS, but staff.url begins with http://");
    /* A proxy on this machine does not do: it would hide the client's certificate. */
    assert_sentence(arena,
                    "[server]\nissuer = https://id.example.cn\nlisten = 127.0.0.1:9080\n"
                    "trusted_proxies = 127.0.0.1\n"
                    "[staff]\nlisten = 127.0.0.1:9082\nurl = https://staff.example.cn\n",
                    "staff.tls_certificate_file is missing");
}

static void
the_address_of_the_staff_listener_is_an_origin_of_its_own(void **state)
{
    struct arena *arena = *state;

    assert_sentence(arena, HTTP_ISSUER "[staff]\nlisten = 127.0.0.1:9082\n",
                    "staff.url is missing, and staff.listen is set.");
    assert_sentence(arena, HTTPS FILES "url = https://staff.example.cn/desk\n",
                    "staff.url must have no path");
    assert_sentence(arena, HTTPS FILES "url = https://staff.example.cn/\n",
                    "staff.url must not end with a slash.");
    assert_sentence(arena, HTTPS FILES "url = https://Staff.example.cn\n",
                    "staff.url: the host must be in lower case");
    assert_sentence(arena, HTTPS FILES "url = https://staff.example.cn:443\n",
                    "staff.url must not name the port that its scheme has anyway");
    assert_sentence(arena, HTTPS FILES "url = staff.example.cn\n", "staff.url must begin with");
    assert_sentence(arena, HTTPS FILES "url = https://id.example.cn\n",
                    "staff.url and server.issuer are one origin.");
    assert_sentence(arena,
                    "[server]\nissuer = https://id.example.cn/auth\nlisten = 10.0.0.1:443\n"
                    "tls_certificate_file = /c\ntls_key_file = /k\n"
                    "[staff]\nlisten = 10.0.0.1:9443\nurl = https://id.example.cn\n" FILES,
                    "staff.url and server.issuer are one origin.");
    assert_right(arena, HTTPS FILES "url = https://id.example.cn:9443\n");
}

static void
listeners_do_not_share_an_address(void **state)
{
    struct arena *arena = *state;

    assert_sentence(arena,
                    HTTP_ISSUER "[staff]\nlisten = 127.0.0.1:9080\nurl = http://localhost:9080\n",
                    "staff.listen and server.listen both name 127.0.0.1:9080.");
    assert_sentence(arena,
                    HTTP_ISSUER "[staff]\nlisten = 127.0.0.1:9089\nurl = http://localhost:9089\n",
                    "staff.listen and server.admin_listen both name 127.0.0.1:9089.");
}

static void
what_is_said_of_a_staff_listener_that_there_is_not_is_refused(void **state)
{
    static const char *const lines[] = { "url = http://localhost:9082", "networks = 10.0.0.0/8",
                                         "groups_file = /groups.json",
                                         "tls_certificate_file = /s" };
    struct arena *arena = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_sentence(arena, arena_printf(arena, HTTP_ISSUER "[staff]\n%s\n", lines[i]),
                        "has no effect without staff.listen.");
    assert_sentence(arena, LOOPBACK "client_ca_file = /ca\n",
                    "staff.client_ca_file has no effect without staff.tls_certificate_file.");
    assert_sentence(arena, HTTPS "url = https://staff.example.cn\ntls_certificate_file = /s\n",
                    "staff.tls_key_file is missing, and staff.tls_certificate_file is set.");
    assert_sentence(arena, LOOPBACK "networks = 10.0.0.0/33\n", "staff.networks");
    assert_sentence(arena, LOOPBACK "networks = 0.0.0.0/0\n", "staff.networks");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(a_staff_listener_is_right_on_loopback_or_with_tls),
        with_arena(dj_4_staff_pages_over_plain_http_are_for_one_machine_alone),
        with_arena(the_address_of_the_staff_listener_is_an_origin_of_its_own),
        with_arena(listeners_do_not_share_an_address),
        with_arena(what_is_said_of_a_staff_listener_that_there_is_not_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
