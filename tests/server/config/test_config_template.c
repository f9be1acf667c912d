/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/config/check_kit.h"

#include "idp/base/text.h"
#include "idp/server/config/config_table.h"

static char *
template_of(struct arena *arena)
{
    struct buf text = buf_new(arena, 1024);

    config_write_template(&text);
    return text.at;
}

/* The text with what stands behind the first `from` written anew. */
static char *
with(struct arena *arena, char *text, const char *from, const char *to)
{
    char *at = strstr(text, from);

    if (at == NULL)
        fail_msg("%s is not in the template", from);
    *at = '\0';
    return arena_printf(arena, "%s%s%s", text, to, at + strlen(from));
}

static char *
filled_in(struct arena *arena)
{
    char *text = with(arena, template_of(arena), "\nissuer =\n",
                      "\nissuer = https://login.example.gov.cn\n");

    text = with(arena, text, "\ntrusted_proxies =\n", "\ntrusted_proxies = 127.0.0.1\n");
    return with(arena, text, "\nurl = sqlite:/var/lib/tongxing/tongxing.db\n",
                "\nurl = postgresql://tongxing@db.internal/tongxing\n");
}

static void
a_template_with_its_three_lines_filled_in_is_right(void **state)
{
    struct settings settings;
    struct findings found = findings_new(*state);

    assert_right(*state, filled_in(*state));
    config_examine_text(&found, "t", bytes_of_text(filled_in(*state)), &settings);
    assert_int_equal(settings.server.workers, 16);
    assert_string_equal(settings.store.url, "postgresql://tongxing@db.internal/tongxing");
}

static void
a_template_that_nobody_has_filled_in_says_what_is_missing(void **state)
{
    const char *why = sentence_of(*state, template_of(*state));

    assert_non_null(strstr(why, "server.issuer must not be empty."));
    assert_null(strchr(why, '\n')); /* that one thing alone */
}

static void
it_shows_each_setting_with_the_default_that_it_has(void **state)
{
    struct arena *arena = *state;
    char *text = filled_in(arena);
    struct settings plain;
    struct settings shown;
    struct findings found = findings_new(arena);

    config_examine_text(&found, "t", bytes_of_text(text), &plain);
    for (size_t i = 0; i < config_table_count; i++) {
        const char *line = arena_printf(arena, "\n#%s =", config_table[i].key);

        if (config_table[i].text == NULL || text_eq(config_table[i].key, "trusted_proxies") ||
            config_table[i].offset == SETTING_AT(store.url))
            continue;
        text = with(arena, text, line, arena_printf(arena, "\n%s =", config_table[i].key));
    }
    config_examine_text(&found, "t", bytes_of_text(text), &shown);
    for (size_t i = 0; i < config_table_count; i++) {
        const struct setting *setting = &config_table[i];

        if (setting_is_text(setting))
            assert_string_equal(setting_text(&plain, setting), setting_text(&shown, setting));
        else
            assert_int_equal(setting_number(&plain, setting), setting_number(&shown, setting));
    }
    for (const struct finding *at = found.first; at != NULL; at = at->next)
        assert_non_null(strstr(at->sentence, "has no effect without"));
}

static void
no_line_of_it_is_wide(void **state)
{
    const char *text = template_of(*state);

    while (*text != '\0') {
        assert_in_range(strcspn(text, "\n"), 0, 101);
        text += strcspn(text, "\n") + 1;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(a_template_with_its_three_lines_filled_in_is_right),
        with_arena(a_template_that_nobody_has_filled_in_says_what_is_missing),
        with_arena(it_shows_each_setting_with_the_default_that_it_has),
        with_arena(no_line_of_it_is_wide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
