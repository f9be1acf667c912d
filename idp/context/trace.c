/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/context/trace.h"

#include <string.h>

#include "idp/base/text.h"

/* 00-TRACE-SPAN-FLAGS */
#define TRACE_AT 3
#define TRACE_BYTES 16
#define SPAN_AT 36
#define SPAN_BYTES 8
#define FLAGS_AT 53
#define NOT_SAMPLED "00"

/* All zeros name no trace and no span. */
static bool
is_well_formed(const char *text)
{
    static const char form[] = "00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";

    if (text == NULL || strlen(text) != sizeof(form) - 1)
        return false;
    for (size_t i = 0; form[i] != '\0'; i++) {
        bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');

        if (form[i] == 'x' ? !digit : text[i] != form[i])
            return false;
    }
    return strspn(text + TRACE_AT, "0") < (size_t)2 * TRACE_BYTES &&
           strspn(text + SPAN_AT, "0") < (size_t)2 * SPAN_BYTES;
}

void
trace_take(struct ctx *ctx, const char *traceparent)
{
    bool taken = is_well_formed(traceparent);

    ctx->trace_id =
        taken ? arena_copy(ctx->arena, traceparent + TRACE_AT, (size_t)2 * TRACE_BYTES) : NULL;
    ctx->trace_flags = taken ? arena_text(ctx->arena, traceparent + FLAGS_AT) : NULL;
}

const char *
trace_onward(struct ctx *ctx)
{
    uint8_t bytes[TRACE_BYTES + SPAN_BYTES];
    const char *digits;

    if (env_random(ctx->env, bytes, sizeof(bytes)) != OK)
        return NULL;
    digits = hex_encode(ctx->arena, bytes_of(bytes, sizeof(bytes)));
    if (ctx->trace_id == NULL) {
        ctx->trace_id = arena_copy(ctx->arena, digits, (size_t)2 * TRACE_BYTES);
        ctx->trace_flags = NOT_SAMPLED;
    }
    return arena_printf(ctx->arena, "00-%s-%s-%s", ctx->trace_id, digits + (size_t)2 * TRACE_BYTES,
                        ctx->trace_flags);
}
