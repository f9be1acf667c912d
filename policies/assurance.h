/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Levels of assurance, l0 to l4. Two axes, kept apart: the identity level is what the evidence on
 * file is worth today, the authentication level is what the factors of one login are worth. A
 * session's acr is what both carry.
 */
#ifndef POLICIES_ASSURANCE_H
#define POLICIES_ASSURANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/env.h"

/* A bank card match is worth its level for 24 months. */
#define EVIDENCE_BANK_CARD_LIFE_S ((unix_s)730 * 86400)

enum evidence_kind {
    EVIDENCE_NONE = 0,
#define EVIDENCE(symbol, ...) EVIDENCE_##symbol,
#include "policies/evidence_kind.def"
#undef EVIDENCE
    EVIDENCE_KINDS
};

/* A row of policies/evidence_kind.def, which says what each member means. */
struct evidence_rule {
    int level;
    unix_s life_s;
    const char *type;
    const char *record;
    const char *check_methods;
    const char *source;
};

/* Never NULL: a kind that is not known is worth nothing and told to nobody. */
const struct evidence_rule *evidence_rule(enum evidence_kind kind);

struct evidence_view {
    enum evidence_kind kind;
    unix_s proven_at;
    unix_s expires_at; /* first second in which it no longer counts; 0: only the rule of its kind
                          bounds it */
    bool withdrawn;
};

/* 0 to 3: the best of what counts now. */
int identity_level(const struct evidence_view *list, size_t count, unix_s now);

/*
 * 0 to 3, from a space-separated amr (RFC 8176): 0 no factor we know; 1 one kind of factor (pwd,
 * sms, …); 2 two kinds (something known, held, of the body) or "mfa"; 3 two kinds of which one is
 * hardware (hwk, sc).
 */
int authentication_level(const char *amr);

/*
 * The level of a session: min(identity level, what the factors carry). One factor carries l2,
 * because the bank's match at registration already went through the reserved number and seeing
 * one's own records needs no more; l3 (apply, change the account, issue a card) takes two kinds;
 * l4, staff only, a hardware key.
 */
int effective_level(int identity, int authentication);

/*
 * The same for all the factors of a login: who shows nothing but that somebody else knows her
 * (wechat) is known, l1, and no more.
 */
int login_level(int identity, const char *amr);

/* "urn:hrss:acr:l2"; levels outside 0 to 4 give l0. */
const char *acr_of_level(int level);

/*
 * The lowest level that satisfies any known value of a space-separated list; 0 when none is known.
 * NULL is none.
 */
int acr_wanted(const char *acr_values);

#endif
