/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/lockout.h"

#include <assert.h>

#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S 86400

static const struct attempt_rule rules[ATTEMPT_KIND_COUNT] = {
    [ATTEMPT_PASSWORD] = { 10 * MINUTE_S, 5, "password" },
    [ATTEMPT_PASSWORD_ADDRESS] = { 10 * MINUTE_S, 100, "password_address" },
    [ATTEMPT_SMS_SEND_MINUTE] = { MINUTE_S, 1, "sms_send_minute" },
    [ATTEMPT_SMS_SEND_HOUR] = { HOUR_S, 5, "sms_send_hour" },
    [ATTEMPT_SMS_SEND_DAY] = { DAY_S, 10, "sms_send_day" },
    [ATTEMPT_SMS_ADDRESS] = { 5 * MINUTE_S, 25, "sms_address" },
    [ATTEMPT_BANK_PERSON_DAY] = { DAY_S, 3, "bank_person_day" },
    [ATTEMPT_BANK_CARD_DAY] = { DAY_S, 5, "bank_card_day" },
    [ATTEMPT_CLIENT_SECRET] = { MINUTE_S, 20, "client_secret" },
};

const struct attempt_rule *
attempt_rule(enum attempt_kind kind)
{
    assert(kind > ATTEMPT_NONE && kind < ATTEMPT_KIND_COUNT);
    return &rules[kind];
}
