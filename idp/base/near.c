/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/near.h"

#include <stdint.h>
#include <string.h>

#define LONGEST 64

struct near
near_to(const char *word)
{
    return (struct near) { .word = word, .distance = SIZE_MAX };
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters added, left out, changed, or swapped with their neighbour; case counts for nothing.
 * `before` and `older` are the two rows above the one that is filled. */
static void
row_fill(const char *a, size_t i, const char *b, size_t rows[3][LONGEST + 1])
{
    size_t *row = rows[i % 3];
    const size_t *before = rows[(i + 2) % 3];
    const size_t *older = rows[(i + 1) % 3];

    row[0] = i;
    for (size_t j = 1; b[j - 1] != '\0'; j++) {
        size_t changed = before[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));

        row[j] = least(changed, least(before[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
            lower(a[i - 2]) == lower(b[j - 1]))
            row[j] = least(row[j], older[j - 2] + 1);
    }
}

static size_t
distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 1] = { { 0 } };
    size_t size = strlen(a);

    for (size_t j = 0; j <= strlen(b); j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= size; i++)
        row_fill(a, i, b, rows);
    return rows[size % 3][strlen(b)];
}

/* One slip in four letters is still a slip; more is another word. */
void
near_try(struct near *near, const char *name)
{
    size_t size = strlen(name);
    size_t steps;

    if (size >= LONGEST || strlen(near->word) >= LONGEST)
        return;
    steps = distance(near->word, name);
    if (steps > 1 + size / 4 || steps >= size || steps >= near->distance)
        return;
    near->best = name;
    near->distance = steps;
}
