/* SPDX-License-Identifier: Apache-2.0 */
/*
 * W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00: what a request came with goes
 * on to those whom we call for it, under a span of our own for each call. We keep no spans.
 */
#ifndef IDP_CONTEXT_TRACE_H
#define IDP_CONTEXT_TRACE_H

#include "idp/context/ctx.h"

/* From a header, or from what trace_onward() gave: ctx->trace_id and ctx->trace_flags. NULL, and what
 * is no such text, is no trace. */
void trace_take(struct ctx *ctx, const char *traceparent);

/* The header for the next call: another span of the same trace, or of a new one, which is not sampled
 * and ctx's from now on. NULL without random numbers: then it is called without. */
const char *trace_onward(struct ctx *ctx);

#endif
