/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/value.h"

#include <stdlib.h>
#include <string.h>

#include "idp/base/near.h"
#include "idp/base/text.h"
#include "idp/connect/https.h"
#include "idp/server/config/issuer.h"
#include "idp/server/config/value_list.h"
#include "idp/store/store.h"
#include "policies/directory_url.h"
#include "policies/redirect.h"
#include "policies/signing_alg.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* --- Numbers and switches --- */

/* Seconds in a unit that people write; 0 when it is none. */
static int64_t
unit_seconds(const char *unit)
{
    static const struct {
        const char *names;
        int64_t seconds;
    } units[] = {
        { "s sec second seconds", 1 },
        { "m min minute minutes", 60 },
        { "h hour hours", 3600 },
        { "d day days", 86400 },
    };

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (text_list_has(units[i].names, unit))
            return units[i].seconds;
    }
    return 0;
}

static const char *
duration_advice(struct arena *arena, const struct setting *setting, const char *value)
{
    size_t digits = strspn(value, DIGITS);
    int64_t unit = unit_seconds(text_trimmed(arena, value + digits));
    int64_t count;

    if (setting->kind != SETTING_SECONDS || unit == 0 ||
        text_to_int(arena_copy(arena, value, digits), 0, INT32_MAX, &count) != OK)
        return NULL;
    return arena_printf(arena, "It is counted in seconds: write %lld.", (long long)count * unit);
}

static const char *
number_advice(struct arena *arena, const struct setting *setting, const char *value)
{
    const char *advice = duration_advice(arena, setting, value);
    int64_t number;

    if (advice != NULL)
        return advice;
    if (*value == '\0')
        return "Write a number, or take the line out for the default.";
    if (strchr(value, '#') != NULL)
        return "A comment needs a line of its own.";
    if (text_to_int(value, INT64_MIN, INT64_MAX, &number) == OK)
        return number < setting->min
                   ? arena_printf(arena, "Write %lld or more.", (long long)setting->min)
                   : arena_printf(arena, "Write %lld or less.", (long long)setting->max);
    return arena_printf(arena, "Write digits alone, such as %lld.", (long long)setting->number);
}

static void
number_take(struct config_reading *reading, const struct setting *setting, const char *value)
{
    int64_t number;

    if (text_to_int(value, setting->min, setting->max, &number) == OK) {
        setting_put_number(reading->out, setting, number);
        return;
    }
    reading_fault_of(reading, setting,
                     arena_printf(reading->arena, "%s must be a whole number from %lld to %lld.",
                                  reading_name(reading, setting), (long long)setting->min,
                                  (long long)setting->max),
                     number_advice(reading->arena, setting, value));
}

static const char *
switch_advice(const char *value)
{
    static const char *const yes[] = { "true", "on", "1", "yes", "y", "enabled", "是" };
    static const char *const no[] = { "false", "off", "0", "no", "n", "disabled", "否" };

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (text_eq_ignoring_case(value, yes[i]))
            return "Write yes.";
        if (text_eq_ignoring_case(value, no[i]))
            return "Write no.";
    }
    return "Write yes or no.";
}

static void
switch_take(struct config_reading *reading, const struct setting *setting, const char *value)
{
    if (text_eq(value, "yes") || text_eq(value, "no")) {
        setting_put_number(reading->out, setting, text_eq(value, "yes"));
        return;
    }
    reading_fault_of(
        reading, setting,
        arena_printf(reading->arena, "%s must be yes or no.", reading_name(reading, setting)),
        switch_advice(value));
}

/* --- Texts --- */

#define fault(value, advice, ...)                                                                  \
    reading_fault_of((value)->reading, (value)->setting,                                           \
                     arena_printf((value)->reading->arena, __VA_ARGS__), advice)

static void
path_check(const struct config_value *value)
{
    if (value->text[0] != '/')
        fault(value, "Write the whole path, from / on.",
              "%s must be an absolute path: where the service is started from must not matter.",
              value->name);
    else if (text_ends(value->text, "/"))
        fault(value, "Name the file in it.", "%s names a folder.", value->name);
}

static void
issuer_take(const struct config_value *value)
{
    const char *problem = issuer_check(value->text);

    if (problem != NULL)
        fault(value, issuer_advice(value->text), "%s", problem);
}

static void
origin_check(const struct config_value *value)
{
    const char *problem = origin_problem(value->reading->arena, value->name, value->text);

    if (problem != NULL)
        fault(value, "Write https://HOST, or https://HOST:PORT for another port than 443.", "%s",
              problem);
}

/* It may hold a password, so it is never repeated. */
static void
store_check(const struct config_value *value)
{
    const char *text = value->text;

    if (text_starts(text, "postgres://"))
        fault(value, "Write postgresql:// in full.", "%s must start with sqlite: or postgresql://.",
              value->name);
    else if (!text_starts(text, "sqlite:") && !text_starts(text, "postgresql://"))
        fault(value,
              "Write sqlite:/var/lib/tongxing/tongxing.db or postgresql://USER@HOST/DATABASE.",
              "%s must start with sqlite: or postgresql://.", value->name);
    else if (text_starts(text, "sqlite:") && text[strlen("sqlite:")] != '/')
        fault(value, "Write sqlite:/var/lib/tongxing/tongxing.db.",
              "%s must name the SQLite file by its absolute path.", value->name);
    else if (!database_url_is_right(text))
        fault(value,
              "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE; signs in a password are "
              "percent-encoded, %40 for @.",
              "%s is no address of a database.", value->name);
}

/* So may this one. */
static void
gateway_check(const struct config_value *value)
{
    const char *text = value->text;
    char *host = NULL;

    if (!text_starts(text, "https://") && !text_starts(text, "http://")) {
        fault(value, "Write https:// in front of the host.", "%s must begin with https://.",
              value->name);
        return;
    }
    if (strpbrk(text, "?#@") != NULL) {
        fault(value, "Take out what stands behind the path and in front of the host.",
              "%s must have no user, query or fragment.", value->name);
        return;
    }
    host = https_host_header(text);
    if (host == NULL)
        fault(value, "Write it as https://HOST/PATH or https://HOST:PORT/PATH.",
              "%s is no address.", value->name);
    free(host);
}

static void
page_check(const struct config_value *value)
{
    if (!redirect_uri_registrable(value->text, false))
        fault(value, "Write it as https://HOST/PATH.",
              "%s must be a plain https address (http on this machine only).", value->name);
}

static void
letters_check(const struct config_value *value)
{
    size_t size = strspn(value->text, LETTERS DIGITS "-_.");

    if (value->text[size] != '\0')
        fault(value, "Take out blanks and other signs.",
              "%s must be of letters, digits, - _ and dots.", value->name);
}

static void
filter_check(const struct config_value *value)
{
    if (!directory_filter_is_right(value->text))
        fault(value,
              "Write it in brackets, such as (objectClass=person), and close each that is opened.",
              "%s is no filter.", value->name);
}

static void
level_check(const struct config_value *value)
{
    struct near near = near_to(value->text);
    static const char *const levels[] = { "debug", "info", "warn", "error" };

    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (text_eq(levels[i], value->text))
            return;
        near_try(&near, levels[i]);
    }
    if (text_eq_ignoring_case(value->text, "warning"))
        near.best = "warn";
    fault(value,
          near.best != NULL ? arena_printf(value->reading->arena, "Did you mean %s?", near.best)
                            : "Write one of the four words.",
          "%s must be debug, info, warn or error.", value->name);
}

static void
code_alg_check(const struct config_value *value)
{
    if (!text_list_has(ALGS_OF_CODES, value->text))
        fault(value, "Write one of the two words.", "%s must be ES256 or SGD_SM3_SM2.",
              value->name);
}

static const struct {
    const char *words;
    void (*check)(const struct config_value *value); /* NULL: any text */
} kinds[] = {
    [SETTING_TEXT] = { "text", NULL },
    [SETTING_SECRET] = { "secret", NULL },
    [SETTING_NUMBER] = { "", NULL },
    [SETTING_SECONDS] = { "", NULL },
    [SETTING_SWITCH] = { "yes or no", NULL },
    [SETTING_PATH] = { "absolute path", path_check },
    [SETTING_ISSUER] = { "address", issuer_take },
    [SETTING_ORIGIN] = { "address without a path", origin_check },
    [SETTING_LISTEN] = { "addresses with ports", value_list_listen },
    [SETTING_NETWORKS] = { "addresses and networks", value_list_networks },
    [SETTING_HOSTS] = { "host names", value_list_hosts },
    [SETTING_STORE] = { "address", store_check },
    [SETTING_GATEWAY] = { "address", gateway_check },
    [SETTING_PAGE] = { "address", page_check },
    [SETTING_NAME] = { "name", letters_check },
    [SETTING_DIRECTORY] = { "ldaps:// or ldap:// addresses", value_list_directory },
    [SETTING_FILTER] = { "filter", filter_check },
    [SETTING_FAMILY] = { "kinships with numbers", value_list_family },
    [SETTING_LEVEL] = { "debug, info, warn or error", level_check },
    [SETTING_CODE_ALG] = { "ES256 or SGD_SM3_SM2", code_alg_check },
};

const char *
value_words(struct arena *arena, const struct setting *setting)
{
    if (setting->kind == SETTING_NUMBER || setting->kind == SETTING_SECONDS)
        return arena_printf(arena, "%lld to %lld%s", (long long)setting->min,
                            (long long)setting->max,
                            setting->kind == SETTING_SECONDS ? " seconds" : "");
    return kinds[setting->kind].words;
}

const char *
value_default(struct arena *arena, const struct setting *setting)
{
    if (setting_is_text(setting))
        return setting->text != NULL ? setting->text : "";
    if (setting->kind == SETTING_SWITCH)
        return setting->number != 0 ? "yes" : "no";
    return arena_printf(arena, "%lld", (long long)setting->number);
}

/* --- All of them --- */

bool
value_is_secret(const struct setting *setting, const char *value)
{
    const char *authority = strstr(value, "://");
    size_t size = authority != NULL ? strcspn(authority + 3, "/?") : 0;
    const char *at = authority != NULL ? memrchr(authority + 3, '@', size) : NULL;

    if (setting->kind == SETTING_SECRET)
        return *value != '\0';
    if (strstr(value, "password=") != NULL)
        return text_eq(setting->section, "store");
    return at != NULL && memchr(authority + 3, ':', (size_t)(at - authority - 3)) != NULL;
}

/* What cannot be meant in any text but a secret, which may be anything. */
static bool
text_is_plain(const struct config_value *value)
{
    const char *text = value->text;
    size_t size = strlen(text);

    if (value->setting->kind == SETTING_SECRET)
        return true;
    if (size >= 2 && (text[0] == '"' || text[0] == '\'') && text[size - 1] == text[0]) {
        fault(value, "Take the quotes out: the value ends with the line.",
              "%s stands in quotes, which would be part of it.", value->name);
        return false;
    }
    if (strstr(text, " #") != NULL || *text == '#') {
        fault(value, "A comment needs a line of its own.", "%s has a # in it.", value->name);
        return false;
    }
    return true;
}

/* Nothing where there must be something. False: that is all there is to say. */
static bool
text_is_given(const struct config_value *value)
{
    const char *standard = value->setting->text;

    if (*value->text != '\0')
        return true;
    if (standard == NULL)
        fault(value, "Write its value behind the =.", "%s must not be empty.", value->name);
    else if (value->setting->kind == SETTING_LISTEN &&
             value->setting->offset == SETTING_AT(server.listen))
        fault(value, "Write HOST:PORT, or take the line out for the default.",
              "%s must name an address.", value->name);
    else if (*standard != '\0' && value->setting->kind != SETTING_LISTEN)
        fault(value, "Write its value behind the =, or take the line out for the default.",
              "%s must not be empty.", value->name);
    return false;
}

static void
text_take(struct config_reading *reading, const struct setting *setting, const char *text)
{
    const struct config_value value = { reading, setting, text, reading_name(reading, setting) };

    setting_put_text(reading->out, setting, text);
    if (text_is_given(&value) && text_is_plain(&value) && kinds[setting->kind].check != NULL)
        kinds[setting->kind].check(&value);
}

void
value_take(struct config_reading *reading, const struct setting *setting, const char *value)
{
    if (setting->kind == SETTING_SWITCH)
        switch_take(reading, setting, value);
    else if (setting_is_text(setting))
        text_take(reading, setting, value);
    else
        number_take(reading, setting, value);
}
