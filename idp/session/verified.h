/* SPDX-License-Identifier: Apache-2.0 */
/* verified_claims: what is proven of a person, and how (OpenID Identity Assurance 1.0). */
#ifndef IDP_SESSION_VERIFIED_H
#define IDP_SESSION_VERIFIED_H

#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "policies/detail.h"

/* The trust framework that our evidence stands in. */
#define TRUST_FRAMEWORK "cn_hrss"

/*
 * In the arena; NULL when she has no evidence that the trust framework vouches for. `claims`, bits
 * of policies/claim_rule.h, bounds what of her it holds.
 */
struct detail *verified_claims_make(struct arena *arena, const struct person *person,
                                    const struct standing *standing, unsigned claims);

#endif
