/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/server/config/config.h"
#include "idp/server/config/config_table.h"

#define ISSUER "[server]\nissuer = http://127.0.0.1:9080\n"
#define SMS "[sms]\nurl = https://a.cn/\naccess_key_id = a\nsign_name = b\ntemplate_code = c\n"

struct desk {
    struct arena *arena;
    struct settings settings;
    const char *why;
};

static int
desk_open(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));

    desk->arena = arena_new(16U << 20);
    *state = desk;
    return 0;
}

static int
desk_close(void **state)
{
    struct desk *desk = *state;

    arena_free(desk->arena);
    free(desk);
    return 0;
}

static enum err
read_text(struct desk *desk, const char *text)
{
    return config_parse(desk->arena, "test.conf", bytes_of_text(text), &desk->settings, &desk->why);
}

/* Advice stands behind it (test_config_mistakes.c). */
static void
assert_wrong(struct desk *desk, const char *text, const char *why)
{
    assert_int_equal(read_text(desk, text), ERR_INVALID);
    if (strstr(desk->why, why) == NULL)
        fail_msg("%s: %s", why, desk->why);
}

static void
what_is_not_set_has_its_default(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(read_text(desk, ISSUER), OK);
    assert_string_equal(desk->settings.server.issuer, "http://127.0.0.1:9080");
    assert_false(desk->settings.server.issuer_is_https);
    assert_string_equal(desk->settings.server.listen, "127.0.0.1:9080");
    assert_string_equal(desk->settings.sms.access_key_secret, "");
    assert_int_equal(desk->settings.server.workers, 16);
    assert_int_equal(desk->settings.life.code_s, 60);
    assert_int_equal(desk->settings.life.grant_s, 30 * 86400);
    assert_true(desk->settings.life.public_refresh_retry);
    assert_true(desk->settings.log.access);
    assert_false(desk->settings.outbound.allow_loopback);
}

static void
what_is_set_is_taken(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(read_text(desk, "# a comment\r\n\n[server]\r\nissuer=https://id.example.cn\n"
                                     " workers = 3 \n[log]\naccess = no\n[sms]\nsign_name = 人社"),
                     OK);
    assert_true(desk->settings.server.issuer_is_https);
    assert_int_equal(desk->settings.server.workers, 3);
    assert_false(desk->settings.log.access);
    assert_string_equal(desk->settings.sms.sign_name, "人社");
}

static void
what_is_not_understood_is_named_with_its_line(void **state)
{
    struct desk *desk = *state;

    assert_wrong(desk, "[serve]", "test.conf:1: There is no section [serve].");
    assert_wrong(desk, "\n[server", "test.conf:2: A section must end with ].");
    assert_wrong(desk, "[", "test.conf:1: A section must end with ].");
    assert_wrong(desk, ISSUER "worker = 1",
                 "test.conf:3: There is no setting worker in section [server].");
    assert_wrong(desk, "issuer = x", "test.conf:1: The key issuer stands before any section.");
    assert_wrong(desk, ISSUER "issuer = x", "test.conf:3: server.issuer is set twice: first in");
    assert_wrong(desk, ISSUER "workers",
                 "test.conf:3: A line must be [section], key = value, or a # comment.");
    assert_wrong(desk, ISSUER "[log]\naccess = true", "test.conf:4: log.access must be yes or no.");
    assert_wrong(desk, "[log]", "test.conf:1: server.issuer must be set.");
    assert_wrong(desk, "\xff", "test.conf:1: server.issuer must be set.");
    assert_non_null(strstr(desk->why, "test.conf:1: The line is not UTF-8 text."));
}

static void
rt_26_a_number_out_of_bounds_is_refused_by_name(void **state)
{
    static const char *const bad[] = { "-1",  "0",     "2147483648", "9223372036854775808",  "",
                                       "60s", "0x3c",  "6e1",        "18446744073709551617", "+60",
                                       "1.5", "60 60", "９" };
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *text = arena_printf(desk->arena, ISSUER "[life]\ncode_s = %s", bad[i]);

        assert_wrong(desk, text, "test.conf:4: life.code_s must be a whole number from 10 to 600.");
    }
}

static void
rt_26_no_number_in_the_table_takes_what_would_wrap(void **state)
{
    static const char *const bad[] = { "-1", "2147483648", "9223372036854775808" };
    struct desk *desk = *state;

    for (size_t i = 0; i < 3 * config_table_count; i++) {
        const struct setting *row = &config_table[i / 3];
        const char *text;

        if (row->kind != SETTING_NUMBER && row->kind != SETTING_SECONDS)
            continue;
        text = arena_printf(desk->arena, "[%s]\n%s = %s", row->section, row->key, bad[i % 3]);
        assert_int_equal(read_text(desk, text), ERR_INVALID);
        assert_non_null(strstr(desk->why, row->key));
        assert_in_range(row->number, row->min, row->max);
    }
}

static void
a_secret_may_stand_in_a_file_of_its_own(void **state)
{
    char path[] = "/tmp/tongxing-test-XXXXXX";
    int fd = mkstemp(path);
    struct desk *desk = *state;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "s3cret\n", 7), 7);
    close(fd);
    assert_int_equal(
        read_text(desk,
                  arena_printf(desk->arena, ISSUER "[sms]\naccess_key_secret@file = %s", path)),
        OK);
    assert_string_equal(desk->settings.sms.access_key_secret, "s3cret");
    unlink(path);
    assert_int_equal(
        read_text(desk,
                  arena_printf(desk->arena, ISSUER "[sms]\naccess_key_secret@file = %s", path)),
        ERR_INVALID);
    assert_non_null(strstr(desk->why, "cannot be read"));
}

static void
a_setting_and_its_file_are_the_same_setting(void **state)
{
    assert_wrong(*state, ISSUER "[sms]\nurl = https://a.cn\nurl@file = /nowhere",
                 "test.conf:5: sms.url is set twice: first in line 4.");
}

/* A file of that mode; the caller removes it. */
static const char *
file_made(struct desk *desk, const char *text, mode_t mode)
{
    char *path = arena_text(desk->arena, "/tmp/tongxing-test-XXXXXX");
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    return path;
}

static const char *
why_of(struct desk *desk, const char *path)
{
    desk->why = NULL;
    if (config_read(desk->arena, path, &desk->settings, &desk->why) == OK)
        return "";
    return desk->why;
}

static void
z16_a_configuration_that_holds_a_secret_is_for_its_owner_only(void **state)
{
    static const char *const secrets[] = {
        ISSUER SMS "access_key_secret = s3cret\n",
        ISSUER "[store]\nurl = postgresql://tongxing:s3cret@db/tongxing\n",
        ISSUER "[store]\nurl = postgresql://tongxing@db/tongxing?password=s3cret\n",
    };
    static const char *const plain[] = {
        ISSUER "[sms]\naccess_key_secret =\n",
        ISSUER "[store]\nurl = postgresql://tongxing@db/tongxing\n",
        ISSUER "[discovery]\nop_tos_uri = https://a.example:8443/\n",
    };
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
        const char *path = file_made(desk, secrets[i], 0640);

        assert_non_null(strstr(why_of(desk, path), path));
        assert_non_null(strstr(desk->why, "holds a secret and has mode 0640"));
        assert_int_equal(chmod(path, 0600), 0);
        assert_string_equal(why_of(desk, path), "");
        unlink(path);
    }
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        const char *path = file_made(desk, plain[i], 0644);

        assert_string_equal(why_of(desk, path), "");
        unlink(path);
    }
}

static void
z16_a_file_that_is_named_for_its_secret_is_for_its_owner_only(void **state)
{
    static const char *const forms[] = {
        ISSUER SMS "access_key_secret@file = %s\n",
        "[server]\nissuer = https://a.cn\ntls_key_file = %s\ntls_certificate_file = /nowhere\n",
        ISSUER "[bank]\nurl = https://a.cn/\nmerchant_id = 1\ncertificate_file = /c\n"
               "root_file = /r\nmiddle_file = /m\nkey_file = %s\n",
    };
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const char *secret = file_made(desk, "s3cret", 0644);
        char *form = arena_text(desk->arena, forms[i]);
        const char *hole = strstr(form, "%s");
        const char *text =
            arena_printf(desk->arena, "%.*s%s%s", (int)(hole - form), form, secret, hole + 2);
        const char *path = file_made(desk, text, 0644);

        assert_non_null(strstr(why_of(desk, path), secret));
        assert_non_null(strstr(desk->why, "mode 0644"));
        assert_int_equal(chmod(secret, 0400), 0);
        assert_string_equal(why_of(desk, path), "");
        unlink(secret);
        unlink(path);
    }
}

static void
a_file_that_is_not_there_is_said_so(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(
        config_read(desk->arena, "/nowhere/tongxing.conf", &desk->settings, &desk->why),
        ERR_INVALID);
    assert_string_equal(desk->why,
                        "/nowhere/tongxing.conf: the file cannot be read: there is no such file. "
                        "Name another with --config FILE; tongxing config template writes one.");
}

static enum err
check(struct desk *desk, const char *issuer, const char *more)
{
    const char *text = arena_printf(desk->arena, "[server]\nissuer = %s\n%s", issuer, more);
    struct findings found = findings_new(desk->arena);

    config_examine_text(&found, "test.conf", bytes_of_text(text), &desk->settings);
    return found.counts[FINDING_ERROR] == 0 ? OK : ERR_INVALID;
}

static void
an_https_issuer_needs_tls_here_or_a_proxy_on_this_machine(void **state)
{
    const char *https = "https://id.example.cn";
    struct desk *desk = *state;

    assert_int_equal(check(desk, https, ""), ERR_INVALID);
    assert_int_equal(check(desk, https, "trusted_proxies = 127.0.0.1"), OK);
    assert_int_equal(check(desk, https, "trusted_proxies = 10.0.0.1\nlisten = 0.0.0.0:443"),
                     ERR_INVALID);
    assert_int_equal(check(desk, https, "tls_certificate_file = /a\ntls_key_file = /b"), OK);
    assert_int_equal(check(desk, https, "tls_certificate_file = /a"), ERR_INVALID);
    assert_int_equal(check(desk, https, "tls_key_file = /a"), ERR_INVALID);
}

static void
settings_that_do_not_fit_together_are_refused(void **state)
{
    static const char *const bad[] = { "[log]\nlevel = loud", "[log]\nlevel = info warn",
                                       "[keys]\nrotation_s = 3600\nannounce_s = 3600",
                                       "[life]\nsession_idle_s = 1000\nsession_absolute_s = 999",
                                       "[store]\nurl = mysql://x" };
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(check(desk, "http://localhost", bad[i]), ERR_INVALID);
}

static void
the_reference_names_every_setting(void **state)
{
    struct desk *desk = *state;
    struct buf text = buf_new(desk->arena, 1024);

    config_write_reference(&text);
    for (size_t i = 0; i < config_table_count; i++) {
        assert_non_null(strstr(text.at, config_table[i].key));
        assert_non_null(strstr(text.at, config_table[i].help));
    }
    assert_non_null(strstr(text.at, "| `code_s` | 10 to 600 seconds | `60` | | "));
    assert_non_null(strstr(text.at, "| `issuer` | address | required | | "));
    assert_non_null(strstr(text.at, "| `codes_day` | 1 to 100 | `10` | at once | "));
}

#define at_desk(test) cmocka_unit_test_setup_teardown(test, desk_open, desk_close)

static void
refusals_are_kept_for_six_months_at_least(void **state)
{
    assert_wrong(*state, ISSUER "[audit]\nkeep_refusals_s = 15551999\n",
                 "test.conf:4: audit.keep_refusals_s must be a whole number from 15552000 to "
                 "315360000.");
}

static void
what_is_no_text_or_too_much_of_it_is_refused(void **state)
{
    struct desk *desk = *state;
    size_t size = 65537;
    char *long_text = arena_alloc(desk->arena, size + 1);
    const char *odd = file_made(desk, "s3cr\xff\xfet", 0600);

    assert_int_equal(read_text(desk, ISSUER "# \xff"), ERR_INVALID);
    assert_non_null(strstr(desk->why, "not UTF-8 text"));
    memset(long_text, '#', size);
    assert_int_equal(read_text(desk, long_text), ERR_INVALID);
    assert_non_null(strstr(desk->why, "The file is larger than 65536 bytes."));
    assert_int_equal(
        read_text(desk,
                  arena_printf(desk->arena, ISSUER "[sms]\naccess_key_secret@file = %s", odd)),
        ERR_INVALID);
    assert_non_null(strstr(desk->why, "is not text"));
    unlink(odd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        at_desk(what_is_not_set_has_its_default),
        at_desk(what_is_set_is_taken),
        at_desk(what_is_not_understood_is_named_with_its_line),
        at_desk(rt_26_a_number_out_of_bounds_is_refused_by_name),
        at_desk(rt_26_no_number_in_the_table_takes_what_would_wrap),
        at_desk(a_secret_may_stand_in_a_file_of_its_own),
        at_desk(a_setting_and_its_file_are_the_same_setting),
        at_desk(z16_a_configuration_that_holds_a_secret_is_for_its_owner_only),
        at_desk(z16_a_file_that_is_named_for_its_secret_is_for_its_owner_only),
        at_desk(a_file_that_is_not_there_is_said_so),
        at_desk(an_https_issuer_needs_tls_here_or_a_proxy_on_this_machine),
        at_desk(settings_that_do_not_fit_together_are_refused),
        at_desk(refusals_are_kept_for_six_months_at_least),
        at_desk(the_reference_names_every_setting),
        at_desk(what_is_no_text_or_too_much_of_it_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
