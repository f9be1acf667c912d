/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claims, what carries them, and what a person makes of them (docs/adr/0030). What a partner was
 * granted is a list of words: scopes, and single claims below them as "claim:NAME". The second kind
 * is ours alone: no partner can ask for it as a scope, and it is told to none.
 */
#ifndef POLICIES_CLAIM_RULE_H
#define POLICIES_CLAIM_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"

/* What a person is asked about, each once, whatever claims tell it: bits. */
enum fact {
    FACT_ID = 1, /* that it is she again */
    FACT_NAME = 2,
    FACT_STANDING = 4, /* how her identity was proven, and how well */
    FACT_PHONE = 8,
    FACT_IDENTITY_NUMBER = 16,
    FACT_OFFLINE = 32,  /* while she is away, too */
    FACT_SIBLINGS = 64, /* further apps of the same vendor on her phone are in without a page */
    FACT_QR = 128,      /* no fact: she may log other screens in by it */
    FACT_CARD = 256,    /* her electronic social-security card: region, level, state */
    FACT_CARD_NUMBER = 512,
    FACT_STAFF = 1024, /* of a staff member, whom nobody asks: she acts for her agency */
};

enum claim {
#define CLAIM(symbol, scopes, fact, verified) CLAIM_##symbol,
#include "policies/claim.def"
#undef CLAIM
    CLAIM_COUNT
};

/* A row of policies/claim.def, which says what each member means. */
struct claim_rule {
    const char *name;
    const char *scopes;
    enum fact fact;
    bool verified;
};

extern const struct claim_rule claim_rules[CLAIM_COUNT];

/* Of a set of claims, bit i is claim i. */
#define CLAIM_BIT(claim) (1U << (claim))

/* The claim of that name, as a set; 0: there is none. */
unsigned claim_named(const char *name, size_t size);

/* The claims that scopes of the list carry, and those that stand in it by themselves. */
unsigned claims_carried(const char *granted);
unsigned claims_singly(const char *granted);

/* The facts that the list tells. */
unsigned facts_told(const char *granted);

/* Has who agreed to `given` agreed to `asked`? Every scope counts by its name, a single claim by its
 * fact. */
bool granted_within(const char *asked, const char *given);

/* The scopes of the list: what partners are told. NULL gives "". */
const char *granted_scopes(struct arena *arena, const char *granted);

/* The names of its single claims, and such a list again with those beside its scopes. */
const char *granted_claims(struct arena *arena, const char *granted);
const char *granted_join(struct arena *arena, const char *scopes, const char *claims);

#endif
