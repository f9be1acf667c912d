/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that compute for long, beside those that answer. */
#ifndef IDP_SERVER_ENGINE_YIELD_H
#define IDP_SERVER_ENGINE_YIELD_H

/* This thread gives way to those that answer requests. Refusal is harmless. */
void thread_yields(void);

#endif
