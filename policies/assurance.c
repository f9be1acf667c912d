/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/assurance.h"

#include "idp/base/text.h"

#define LEVEL_TOP 4

static const char *const acr_names[LEVEL_TOP + 1] = {
    "urn:hrss:acr:l0", "urn:hrss:acr:l1", "urn:hrss:acr:l2", "urn:hrss:acr:l3", "urn:hrss:acr:l4",
};

static const struct evidence_rule rules[] = {
    { .type = "" }, /* EVIDENCE_NONE */
#define EVIDENCE(kind, word, level, life_s, type, record, methods, source)                         \
    { level, life_s, type, record, methods, source },
#include "policies/evidence_kind.def"
#undef EVIDENCE
};

const struct evidence_rule *
evidence_rule(enum evidence_kind kind)
{
    return &rules[kind < EVIDENCE_KINDS ? kind : EVIDENCE_NONE];
}

static bool
evidence_counts(const struct evidence_view *evidence, unix_s now)
{
    unix_s life = evidence_rule(evidence->kind)->life_s;

    if (evidence->withdrawn || (evidence->expires_at != 0 && now >= evidence->expires_at))
        return false;
    return life == 0 || now - life < evidence->proven_at;
}

int
identity_level(const struct evidence_view *list, size_t count, unix_s now)
{
    int best = 0;

    for (size_t i = 0; i < count; i++) {
        int level = evidence_rule(list[i].kind)->level;

        if (level > best && evidence_counts(&list[i], now))
            best = level;
    }
    return best;
}

/* RFC 8176. The kind is a bit: something known, held, or of the body. */
static const struct factor {
    const char *name;
    unsigned kind;
    bool hardware;
} factors[] = {
    { "pwd", 1, false }, { "pin", 1, false },  { "sms", 2, false },
    { "otp", 2, false }, { "swk", 2, false },  { "hwk", 2, true },
    { "sc", 2, true },   { "face", 4, false }, { "fpt", 4, false },
};

int
authentication_level(const char *amr)
{
    unsigned kinds = 0;
    bool hardware = false;
    bool several;

    for (size_t i = 0; i < sizeof(factors) / sizeof(factors[0]); i++) {
        if (!text_list_has(amr, factors[i].name))
            continue;
        kinds |= factors[i].kind;
        hardware = hardware || factors[i].hardware;
    }
    several = (kinds & (kinds - 1)) != 0;
    if (several)
        return hardware ? 3 : 2;
    if (text_list_has(amr, "mfa"))
        return 2;
    return kinds != 0 ? 1 : 0;
}

int
effective_level(int identity, int authentication)
{
    static const int carried[] = { 0, 2, 3, 4 };

    if (authentication < 0 || authentication > 3 || identity < 0)
        return 0;
    return identity < carried[authentication] ? identity : carried[authentication];
}

/* Words of others: RFC 8176 has none for it, so it is the provider's name. No factor: who holds the
 * telephone is as good as WeChat's word, which knows nothing of our persons. */
static const char vouchers[] = "wechat";

int
login_level(int identity, const char *amr)
{
    int authentication = authentication_level(amr);

    if (authentication == 0 && identity > 0 && text_list_has(amr, vouchers))
        return 1;
    return effective_level(identity, authentication);
}

const char *
acr_of_level(int level)
{
    return acr_names[level >= 0 && level <= LEVEL_TOP ? level : 0];
}

int
acr_wanted(const char *acr_values)
{
    if (acr_values == NULL)
        return 0;
    for (int level = 0; level <= LEVEL_TOP; level++) {
        if (text_list_has(acr_values, acr_names[level]))
            return level;
    }
    return 0;
}
