/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/admin/curve.h"

#include "idp/base/buf.h"

/* So that a line at the edge is drawn whole. */
#define EDGE 2

static void
curve_add(struct curve *curve, const int64_t at[MINUTES], size_t count)
{
    for (size_t i = 0; i < count; i++)
        curve->at[i] += at[i];
    curve->count = count;
}

void
curve_grow(struct curve *curve, unsigned counter)
{
    int64_t at[MINUTES];
    size_t count = minutes_growth(counter, at);

    curve_add(curve, at, count);
}

void
curve_stand(struct curve *curve, unsigned gauge)
{
    int64_t at[MINUTES];
    size_t count = minutes_level(gauge, at);

    curve_add(curve, at, count);
}

int64_t
curve_last(const struct curve *curve)
{
    return curve->count > 0 ? curve->at[curve->count - 1] : 0;
}

int64_t
curve_peak(const struct curve *curve)
{
    int64_t peak = 0;

    for (size_t i = 0; i < curve->count; i++)
        peak = curve->at[i] > peak ? curve->at[i] : peak;
    return peak;
}

int64_t
curve_sum(const struct curve *curve)
{
    int64_t sum = 0;

    for (size_t i = 0; i < curve->count; i++)
        sum += curve->at[i];
    return sum;
}

/* The newest minute is always at the right, wherever the oldest is. */
const char *
curve_points(struct arena *arena, const struct curve *curve)
{
    struct buf points = buf_new(arena, 256);
    int64_t peak = curve_peak(curve);

    if (curve->count < 2)
        return "";
    for (size_t i = 0; i < curve->count; i++) {
        int64_t back = (int64_t)(curve->count - 1 - i);
        int64_t height = peak > 0 ? curve->at[i] * (CURVE_HEIGHT - 2 * EDGE) / peak : 0;

        if (i > 0)
            buf_char(&points, ' ');
        buf_int(&points, CURVE_WIDTH - back * CURVE_WIDTH / (MINUTES - 1));
        buf_char(&points, ',');
        buf_int(&points, CURVE_HEIGHT - EDGE - (height > 0 ? height : 0));
    }
    return points.at;
}
