/* SPDX-License-Identifier: Apache-2.0 */
/* The reading half of jws.h: a token taken apart before anything in it is believed. */
#include <string.h>

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "keys/jws.h"

struct segments {
    struct bytes header;
    struct bytes payload;
    struct bytes signature;
};

/* The text up to the next dot (or the end), moving *at behind it. Never empty. */
static enum err
next_segment(const char **at, char end, struct bytes *out)
{
    size_t size = strcspn(*at, ".");

    if (size == 0 || (*at)[size] != end)
        return ERR_INVALID;
    *out = bytes_of(*at, size);
    *at += size + (end != '\0');
    return OK;
}

static enum err
split(const char *token, struct segments *out)
{
    if (strnlen(token, JWS_MAX_BYTES + 1) > JWS_MAX_BYTES)
        return ERR_INVALID;
    if (next_segment(&token, '.', &out->header) != OK ||
        next_segment(&token, '.', &out->payload) != OK)
        return ERR_INVALID;
    return next_segment(&token, '\0', &out->signature);
}

static enum err
decode(struct arena *arena, struct bytes segment, struct bytes *out)
{
    return base64url_decode(arena, (const char *)segment.at, segment.size, out);
}

/* "" when absent. */
static bool
text_is_read(const json_t *header, const char *name, const char **out)
{
    *out = "";
    return member_text(header, name, JWS_MAX_BYTES, out) != ERR_INVALID;
}

/* Extensions that would change what is signed or how it is read: we know none (RFC
 * 7515, 4.1.11; RFC 7797). */
static bool
asks_for_more(const json_t *header)
{
    return member_is_there(header, "crit") || member_is_there(header, "b64");
}

static enum err
believe_nothing_but_form(const json_t *header, struct jws *out)
{
    if (!json_is_object(header) || asks_for_more(header) ||
        !text_is_read(header, "alg", &out->alg) || !text_is_read(header, "typ", &out->typ) ||
        !text_is_read(header, "kid", &out->kid))
        return ERR_INVALID;
    return jws_alg_of(out->alg) != JWS_NONE ? OK : ERR_INVALID;
}

enum err
jws_read(struct arena *arena, const char *token, struct jws *out)
{
    struct segments segments;
    struct jws jws = { .signing_input = token };

    if (split(token, &segments) != OK || decode(arena, segments.header, &jws.header) != OK ||
        decode(arena, segments.payload, &jws.payload) != OK ||
        decode(arena, segments.signature, &jws.signature) != OK ||
        believe_nothing_but_form(json_read(arena, jws.header), &jws) != OK)
        return ERR_INVALID;
    jws.signing_input_size = segments.header.size + 1 + segments.payload.size;
    *out = jws;
    return OK;
}
