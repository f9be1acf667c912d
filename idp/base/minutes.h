/* SPDX-License-Identifier: Apache-2.0 */
/* The metrics of this process over the last half hour, for whoever looks at a page. */
#ifndef IDP_BASE_MINUTES_H
#define IDP_BASE_MINUTES_H

#include <stddef.h>
#include <stdint.h>

#define MINUTES 30
#define MINUTES_SAMPLE_S 10

/* One thread calls it, every MINUTES_SAMPLE_S. */
void minutes_sample(void);

/*
 * What a counter (a metric, or the series of a family) grew by in each of the last minutes, or what a
 * gauge stood at in the end of each: oldest first. The number of minutes that are known, at most
 * MINUTES.
 */
size_t minutes_growth(unsigned counter, int64_t out[MINUTES]);
size_t minutes_level(unsigned gauge, int64_t out[MINUTES]);

#endif
