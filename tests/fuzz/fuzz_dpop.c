/* SPDX-License-Identifier: Apache-2.0 */
/* A DPoP proof from the header to the verdict on its claims. */
#include "idp/base/arena.h"
#include "keys/dpop_proof.h"
#include "policies/dpop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct dpop_request request = {
        "POST", "https://server.example.com/token", NULL, 1562262616
    };
    struct arena *arena = arena_new(4 << 20);
    const char *text = arena_copy(arena, data, size < 16384 ? size : 16384);
    struct dpop_proof proof;

    if (dpop_proof_open(arena, text, &proof) == OK)
        (void)dpop_claims_judge(arena, proof.claims, &request);
    /* The claims alone: no fuzzer makes a signature that holds. */
    (void)dpop_claims_judge(arena, json_read(arena, bytes_of_text(text)), &request);
    (void)dpop_thumbprint_is_well_formed(arena, text);
    arena_free(arena);
    return 0;
}
