/* SPDX-License-Identifier: Apache-2.0 */
/* Where a verification stands, for its next round. */
#include <string.h>

#include "idp/audit/verify.h"

const char *
audit_verify_place(struct arena *arena, const struct audit_verify *verify)
{
    struct buf out = buf_new(arena, sizeof(*verify) + 4096);

    buf_bytes(&out, verify, sizeof(*verify));
    if (verify->known_count > 0)
        buf_bytes(&out, verify->known, (size_t)verify->known_count * sizeof(*verify->known));
    return base64url_encode(arena, buf_view(&out));
}

enum err
audit_verify_resume(struct arena *arena, const char *place, struct audit_verify *out)
{
    struct bytes bytes;
    struct audit_verify state;
    enum err err = base64url_decode(arena, place, strlen(place), &bytes);

    if (err != OK || bytes.size < sizeof(state))
        return ERR_INVALID;
    memcpy(&state, bytes.at, sizeof(state));
    bytes = bytes_of(bytes.at + sizeof(state), bytes.size - sizeof(state));
    if (state.phase >= VERIFY_DONE || state.known_count < 0 ||
        (size_t)state.known_count != bytes.size / sizeof(*state.known))
        return ERR_INVALID;
    state.known = arena_alloc(arena, bytes.size + VERIFY_KNOWN_STEP * sizeof(*state.known));
    memcpy(state.known, bytes.at, bytes.size);
    *out = state;
    return OK;
}
