/* SPDX-License-Identifier: Apache-2.0 */
/* What the gateway hands on: the first line is its Authorization header, the rest the body. */
#include <string.h>

#include "idp/connect/sms_uplink.h"
#include <stdlib.h>

#include "idp/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new((size_t)4 << 20);
    char *header = arena_copy(arena, data, size < 65536 ? size : 65536);
    char *body = strchr(header, '\n');
    struct uplink_signature signature;
    struct uplink_list list;

    if (body != NULL)
        *body++ = '\0';
    else
        body = header;
    if (uplink_signature_read(arena, header, "secret", bytes_of_text(body), &signature) == OK &&
        (strlen(signature.nonce) < 16 || strlen(signature.nonce) > 64 || signature.at < 0))
        abort();
    if (uplink_read(arena, bytes_of_text(body), &list) == OK && list.count > UPLINK_MESSAGES_MAX)
        abort();
    arena_free(arena);
    return 0;
}
