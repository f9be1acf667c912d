/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/lockout.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "policies/staff_rules.h"

#define MINUTE_S 60
#define TEN_MINUTES_S 600 /* as long as a device waits */
#define HOUR_S 3600
#define DAY_S 86400
#define PROMPTS_S 300
#define QR_GUESSES_S 600
#define QR_GUESSES 20
#define FAMILY_ASKS 10 /* a day */
#define FAMILY_ASKS_PAIR 3
#define CARD_CODES_S 600
#define CARD_CODES 20

/* Where a number stands in the settings. Nothing of [limits] is at their
 * very beginning: 0 is none. */
#define AT(member) offsetof(struct settings, limits.member)

static const struct {
    const char *name;
    int64_t window_s; /* 0: window_at */
    size_t window_at;
    size_t cap_at;
    size_t wait_at;
    size_t wait_most_at;
    size_t most_at;
    int64_t cap; /* where no setting holds it */
} lines[ATTEMPT_KIND_COUNT] = {
    [ATTEMPT_PASSWORD] = { "password", 0, AT(password_window_s), AT(password_tries),
                           AT(password_wait_s), AT(password_wait_most_s), 0, 0 },
    [ATTEMPT_PASSWORD_PHONE] = { "password_phone", 0, AT(password_window_s),
                                 AT(password_tries_phone), AT(password_wait_s),
                                 AT(password_wait_most_s), 0, 0 },
    [ATTEMPT_PASSWORD_ADDRESS] = { "password_address", 0, AT(password_address_window_s),
                                   AT(password_tries_address), 0, 0, 0, 0 },
    [ATTEMPT_SMS_MINUTE] = { "sms_minute", MINUTE_S, 0, AT(codes_minute), 0, 0, 0, 0 },
    [ATTEMPT_SMS_HOUR] = { "sms_hour", HOUR_S, 0, AT(codes_hour), 0, 0, 0, 0 },
    [ATTEMPT_SMS_DAY] = { "sms_day", DAY_S, 0, AT(codes_day), 0, 0, 0, 0 },
    [ATTEMPT_SMS_STRANGERS] = { "sms_strangers", DAY_S, 0, AT(codes_strangers_free),
                                AT(codes_wait_s), AT(codes_wait_most_s), AT(codes_strangers_day),
                                0 },
    [ATTEMPT_SMS_PHONE] = { "sms_phone", DAY_S, 0, AT(codes_phone_day), 0, 0, 0, 0 },
    [ATTEMPT_SMS_ADDRESS] = { "sms_address", 0, AT(codes_address_window_s), AT(codes_address), 0, 0,
                              0, 0 },
    [ATTEMPT_SMS_PREFIX] = { "sms_prefix", 0, AT(codes_address_window_s), AT(codes_prefix), 0, 0, 0,
                             0 },
    [ATTEMPT_SMS_ALL_MINUTE] = { "sms_all_minute", MINUTE_S, 0, AT(codes_all_minute), 0, 0, 0, 0 },
    [ATTEMPT_SMS_ALL_DAY] = { "sms_all_day", DAY_S, 0, AT(codes_all_day), 0, 0, 0, 0 },
    [ATTEMPT_BANK_PERSON_DAY] = { "bank_person_day", DAY_S, 0, AT(bank_person_day), 0, 0, 0, 0 },
    [ATTEMPT_BANK_CARD_DAY] = { "bank_card_day", DAY_S, 0, AT(bank_card_day), 0, 0, 0, 0 },
    [ATTEMPT_CLIENT_SECRET] = { "client_secret", MINUTE_S, 0, AT(client_failures), 0, 0, 0, 0 },
    [ATTEMPT_DEVICE_ADDRESS] = { "device_address", TEN_MINUTES_S, 0, AT(devices_address), 0, 0, 0,
                                 0 },
    [ATTEMPT_DEVICE_PARTNER] = { "device_partner", TEN_MINUTES_S, 0, AT(devices_partner), 0, 0, 0,
                                 0 },
    [ATTEMPT_USER_CODE_SESSION] = { "user_code_session", TEN_MINUTES_S, 0, AT(user_codes), 0, 0, 0,
                                    0 },
    [ATTEMPT_USER_CODE_ADDRESS] = { "user_code_address", TEN_MINUTES_S, 0, AT(user_codes_address),
                                    0, 0, 0, 0 },
    [ATTEMPT_CLIENT_UNKNOWN] = { "client_unknown", MINUTE_S, 0, AT(client_failures), 0, 0, 0, 0 },
    [ATTEMPT_PROMPT_TOLD] = { "prompt_told", PROMPTS_S, .cap = 1 },
    [ATTEMPT_TERMINAL_CODE] = { "terminal_code", MINUTE_S, 0, AT(client_failures), 0, 0, 0, 0 },
    [ATTEMPT_COUNTER_CODE] = { "counter_code", MINUTE_S, 0, AT(client_failures), 0, 0, 0, 0 },
    [ATTEMPT_CARD_PIN] = { "card_pin", 0, AT(card_window_s), AT(card_tries), AT(card_wait_s),
                           AT(card_wait_most_s), 0, 0 },
    [ATTEMPT_CARD_TERMINAL] = { "card_terminal", 0, AT(card_terminal_window_s),
                                AT(card_tries_terminal), 0, 0, 0, 0 },
    [ATTEMPT_PROMPT] = { "prompt", PROMPTS_S, 0, AT(prompts), 0, 0, 0, 0 },
    [ATTEMPT_REPLY] = { "reply", 10 * MINUTE_S, 0, AT(replies), 0, 0, 0, 0 },
    /* Once it is full it stays so until its window ends: its wait is the window. */
    [ATTEMPT_CARD_PASSWORD] = { "card_password", 0, AT(card_password_window_s),
                                AT(card_password_tries), AT(card_password_window_s),
                                AT(card_password_window_s), 0, 0 },
    [ATTEMPT_QR_GUESS] = { "qr_guess", QR_GUESSES_S, .cap = QR_GUESSES },
    [ATTEMPT_FAMILY] = { "family", DAY_S, .cap = FAMILY_ASKS },
    [ATTEMPT_FAMILY_PAIR] = { "family_pair", DAY_S, .cap = FAMILY_ASKS_PAIR },
    [ATTEMPT_STAFF_READ] = { "staff_read", HOUR_S, .cap = STAFF_READS_HOUR },
    [ATTEMPT_STAFF_MISS] = { "staff_miss", HOUR_S, .cap = STAFF_READS_HOUR },
    [ATTEMPT_CARD_CODE] = { "card_code", CARD_CODES_S, .cap = CARD_CODES },
    /* Nobody tunes these: policies/staff_rules.h. Once full, one more try in each wait. */
    [ATTEMPT_STAFF] = { "staff", DAY_S, .cap = STAFF_TRIES },
    [ATTEMPT_STAFF_SOURCE] = { "staff_source", DAY_S, .cap = STAFF_TRIES },
};

static int64_t
number_at(const struct settings *settings, size_t offset)
{
    int64_t number = 0;

    if (offset != 0)
        memcpy(&number, (const char *)settings + offset, sizeof(number));
    return number;
}

static int64_t
cap_of(const struct settings *settings, enum attempt_kind kind)
{
    int64_t cap = lines[kind].cap + number_at(settings, lines[kind].cap_at);
    bool in_lanes = kind == ATTEMPT_SMS_ALL_MINUTE || kind == ATTEMPT_SMS_ALL_DAY;

    return in_lanes ? (cap + ATTEMPT_LANES - 1) / ATTEMPT_LANES : cap;
}

/* A wait that no setting holds, and that does not double. */
static int64_t
fixed_wait_s(enum attempt_kind kind)
{
    return kind == ATTEMPT_STAFF || kind == ATTEMPT_STAFF_SOURCE ? STAFF_LOCK_S : 0;
}

struct attempt_rule
attempt_rule(const struct settings *settings, enum attempt_kind kind)
{
    assert(kind > ATTEMPT_NONE && kind < ATTEMPT_KIND_COUNT);
    return (struct attempt_rule) {
        .name = lines[kind].name,
        .window_s = lines[kind].window_s != 0 ? lines[kind].window_s
                                              : number_at(settings, lines[kind].window_at),
        .cap = cap_of(settings, kind),
        .wait_s = fixed_wait_s(kind) + number_at(settings, lines[kind].wait_at),
        .wait_most_s = fixed_wait_s(kind) + number_at(settings, lines[kind].wait_most_at),
        .most = number_at(settings, lines[kind].most_at),
    };
}

/* The wait that stands between the attempt that made it `count` and the next one. */
static int64_t
wait_after(const struct attempt_rule *rule, int64_t count)
{
    int64_t wait_s = rule->wait_s;

    for (int64_t i = rule->cap; i < count && wait_s < rule->wait_most_s; i++)
        wait_s *= 2;
    return wait_s < rule->wait_most_s ? wait_s : rule->wait_most_s;
}

int64_t
attempt_wait_s(const struct attempt_rule *rule, int64_t count, int64_t since_s, int64_t left_s)
{
    int64_t wait_s = left_s;

    if (count < rule->cap)
        return 0;
    if (rule->wait_s > 0 && (rule->most == 0 || count < rule->most)) {
        wait_s = wait_after(rule, count) - (since_s > 0 ? since_s : 0);
        if (wait_s <= 0)
            return 0;
    }
    return wait_s < left_s ? wait_s : left_s;
}
