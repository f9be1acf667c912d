/* SPDX-License-Identifier: Apache-2.0 */
/* A line of the last half hour, a point a minute, of one metric or of several together. */
#ifndef PROTOCOLS_ADMIN_CURVE_H
#define PROTOCOLS_ADMIN_CURVE_H

#include "idp/base/arena.h"
#include "idp/base/minutes.h"

/* Zero is an empty one. */
struct curve {
    int64_t at[MINUTES]; /* oldest first */
    size_t count;        /* minutes known */
};

/* Adds what a counter grew by in each minute; what a gauge stood at. */
void curve_grow(struct curve *curve, unsigned counter);
void curve_stand(struct curve *curve, unsigned gauge);

/* Of the last minute, the highest, and of all; 0 while nothing is known. */
int64_t curve_last(const struct curve *curve);
int64_t curve_peak(const struct curve *curve);
int64_t curve_sum(const struct curve *curve);

/* "x,y x,y …" for a polyline of CURVE_WIDTH by CURVE_HEIGHT; "" for fewer than two points. */
#define CURVE_WIDTH 300
#define CURVE_HEIGHT 48
const char *curve_points(struct arena *arena, const struct curve *curve);

#endif
