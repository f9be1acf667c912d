/* SPDX-License-Identifier: Apache-2.0 */
/* DPoP proofs (RFC 9449, 4.2): signed tokens that bring their own public key. */
#ifndef KEYS_DPOP_PROOF_H
#define KEYS_DPOP_PROOF_H

#include "idp/base/arena.h"
#include "idp/base/json.h"

struct dpop_proof {
    const char *thumbprint; /* of its key (RFC 7638); lives in the arena, as the claims do */
    const json_t *claims;   /* an object */
};

/*
 * Takes a proof apart and checks its signature by the key in its header, which jwk_import() must
 * take: of the kind that DPOP_ALGS names, without a private member. ERR_INVALID: no proof, or no such
 * key; ERR_FORGED: the signature does not hold. What the claims say is not judged.
 */
must_check enum err dpop_proof_open(struct arena *arena, const char *text, struct dpop_proof *out);

#endif
