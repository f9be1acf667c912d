/* SPDX-License-Identifier: Apache-2.0 */
/* A day as people type it, in Beijing's time. Pure. */
#ifndef POLICIES_MOMENT_H
#define POLICIES_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* "2026-11-27", at 0 o'clock; also with "2026/11/27" or without what stands between. False: there is no such day, or it
 * is outside 2000 to 2199. */
bool moment_day_read(const char *text, int64_t *out);

#endif
