/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_state.h"

#include "idp/base/text.h"

#define DAY_S 86400

static const struct {
    const char *letter;
    int64_t state;
} letters[] = {
    { "0", PHYSICAL_NOT_ENABLED }, { "1", PHYSICAL_NORMAL },      { "2", PHYSICAL_LOST },
    { "7", PHYSICAL_VOID },        { "8", PHYSICAL_PROVISIONAL }, { "9", PHYSICAL_CANCELLED },
    { "L", PHYSICAL_LOCKED },
};

#define LETTERS (sizeof(letters) / sizeof(letters[0]))

static bool
holds_yet(unix_s lapses_at, unix_s now)
{
    return lapses_at == 0 || now < lapses_at;
}

static bool
is_past(int64_t last_day, unix_s now)
{
    return last_day != 0 && time_beijing_date(now) > last_day;
}

/* What the physical card makes of a good electronic one. */
static enum card_effective
physical_verdict(const struct card_facts *facts, unix_s now)
{
    switch (facts->physical) {
    case PHYSICAL_NORMAL:
        return CARD_ACTIVE;
    case PHYSICAL_VOID:
    case PHYSICAL_CANCELLED:
        return CARD_REVOKED;
    case PHYSICAL_NOT_ENABLED:
        return CARD_INACTIVE;
    case PHYSICAL_PROVISIONAL:
        return holds_yet(facts->physical_lapses_at, now) ? CARD_SUSPENDED : CARD_ACTIVE;
    default:
        return CARD_SUSPENDED;
    }
}

static enum card_effective
own_verdict(const struct card_facts *facts, unix_s now)
{
    if (facts->own != ECARD_L1 && facts->own != ECARD_L2)
        return CARD_CLOSED;
    if (facts->loss == CARD_LOSS_FORMAL)
        return CARD_REVOKED;
    if (facts->loss == CARD_LOSS_PROVISIONAL && !holds_yet(facts->loss_lapses_at, now))
        return CARD_ACTIVE;
    return facts->loss == CARD_NOT_LOST ? CARD_ACTIVE : CARD_SUSPENDED;
}

enum card_effective
card_effective(const struct card_facts *facts, unix_s now)
{
    static const enum card_effective gravest_first[] = { CARD_CLOSED, CARD_REVOKED, CARD_SUSPENDED,
                                                         CARD_INACTIVE };
    enum card_effective own = own_verdict(facts, now);
    enum card_effective physical = physical_verdict(facts, now);

    for (size_t i = 0; i < sizeof(gravest_first) / sizeof(gravest_first[0]); i++) {
        if (own == gravest_first[i] || physical == gravest_first[i])
            return gravest_first[i];
    }
    return is_past(facts->valid_to, now) || is_past(facts->physical_valid_to, now) ? CARD_LAPSED
                                                                                   : CARD_ACTIVE;
}

const char *
card_effective_name(enum card_effective state)
{
    static const char *const names[CARD_EFFECTIVES] = {
        [CARD_ACTIVE] = "active",     [CARD_SUSPENDED] = "suspended", [CARD_REVOKED] = "revoked",
        [CARD_INACTIVE] = "inactive", [CARD_LAPSED] = "expired",      [CARD_CLOSED] = "closed",
    };

    return names[state];
}

bool
physical_state_read(const char *text, int64_t *out)
{
    for (size_t i = 0; i < LETTERS; i++) {
        if (text_eq(text, letters[i].letter)) {
            *out = letters[i].state;
            return true;
        }
    }
    return false;
}

const char *
physical_state_letter(int64_t state)
{
    for (size_t i = 0; i < LETTERS; i++) {
        if (letters[i].state == state)
            return letters[i].letter;
    }
    return "?";
}

bool
card_may_be_renewed(int64_t valid_to, unix_s now)
{
    return valid_to != 0 && time_beijing_date(now + (unix_s)CARD_RENEW_DAYS * DAY_S) >= valid_to;
}

bool
card_is_in_amr(const char *amr)
{
    return text_list_has(amr, CARD_CHIP_METHOD) || text_list_has(amr, CARD_CODE_METHOD);
}
