/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config_told.h"

#include "idp/base/text.h"
#include "idp/server/config/config_table.h"
#include "tests/server/config/check_kit.h"

static const struct told_setting *
told(struct arena *arena, const char *file, const char *section, const char *key)
{
    struct settings settings;
    struct told_settings all;
    const char *why;

    if (config_parse(arena, "t", bytes_of_text(file), &settings, &why) != OK)
        fail_msg("%s", why);
    all = config_told(arena, &settings);
    for (size_t i = 0; i < all.count; i++)
        if (text_eq(all.at[i].section, section) && text_eq(all.at[i].key, key))
            return &all.at[i];
    fail_msg("there is no %s.%s", section, key);
    return NULL;
}

static void
each_says_what_is_in_effect_and_whether_the_file_said_so(void **state)
{
    static const char file[] = "[server]\nissuer = https://a.example\nworkers = 7\n";
    const struct told_setting *workers = told(*state, file, "server", "workers");
    const struct told_setting *explain = told(*state, file, "errors", "explain");

    assert_string_equal(workers->value, "7");
    assert_false(workers->is_default);
    assert_false(workers->is_hidden);
    assert_string_equal(explain->value, "no");
    assert_true(explain->is_default);
    assert_true(*explain->help != '\0');
}

/* ST-17 */
static void
a_secret_is_told_as_set_or_not_set(void **state)
{
    static const struct {
        const char *file;
        const char *section;
        const char *key;
        const char *value;
        bool hidden;
    } cases[] = {
        { "[sms]\naccess_key_secret = S3CRET\n", "sms", "access_key_secret", SETTING_HIDDEN, true },
        { "[sms]\n", "sms", "access_key_secret", "", false },
        { "[store]\nurl = postgresql://tongxing:S3CRET@db.internal/tongxing\n", "store", "url",
          "postgresql://tongxing:" SETTING_HIDDEN "@db.internal/tongxing", true },
        { "[store]\nurl = postgresql://t:S3CRET@db/t?password=S3CRET\n", "store", "url",
          SETTING_HIDDEN, true },
        { "[store]\nurl = postgresql://db/t?user=t&password=S3CRET\n", "store", "url",
          SETTING_HIDDEN, true },
        { "[store]\nurl = postgresql://t:S3C@RET@db/t\n", "store", "url",
          "postgresql://t:" SETTING_HIDDEN "@db/t", true },
        { "[store]\nurl = postgresql://tongxing@db.internal/tongxing\n", "store", "url",
          "postgresql://tongxing@db.internal/tongxing", false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *file =
            arena_printf(*state, "[server]\nissuer = https://a.example\n%s", cases[i].file);
        const struct told_setting *at = told(*state, file, cases[i].section, cases[i].key);

        assert_string_equal(at->value, cases[i].value);
        assert_int_equal(at->is_hidden, cases[i].hidden);
        assert_null(strstr(at->value, "S3C"));
    }
}

/* ST-17 */
static void
no_kind_of_secret_is_forgotten(void **state)
{
    struct settings settings;
    struct told_settings all;
    const char *why;

    if (config_parse(*state, "t", bytes_of_text("[server]\nissuer = https://a.example\n"),
                     &settings, &why) != OK)
        fail_msg("%s", why);
    for (size_t i = 0; i < config_table_count; i++)
        if (config_table[i].kind == SETTING_SECRET)
            setting_put_text(&settings, &config_table[i], "S3CRET");
    all = config_told(*state, &settings);
    assert_int_equal(all.count, config_table_count);
    for (size_t i = 0; i < all.count; i++)
        assert_null(strstr(all.at[i].value, "S3C"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(each_says_what_is_in_effect_and_whether_the_file_said_so),
        with_arena(a_secret_is_told_as_set_or_not_set),
        with_arena(no_kind_of_secret_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
