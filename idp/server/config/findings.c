/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/findings.h"

#include <limits.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"

struct findings
findings_new(struct arena *arena)
{
    return (struct findings) { .arena = arena };
}

static int
rank(const struct finding *finding)
{
    return finding->line > 0 ? finding->line : INT_MAX;
}

static bool
is_same(const struct finding *a, const struct finding *b)
{
    return a->line == b->line && a->level == b->level && text_eq(a->file, b->file) &&
           text_eq(a->sentence, b->sentence);
}

void
finding_add(struct findings *found, const struct finding *finding)
{
    struct finding *added = arena_alloc(found->arena, sizeof(*added));
    struct finding **at = &found->first;

    for (; *at != NULL && rank(*at) <= rank(finding); at = &(*at)->next) {
        if (is_same(*at, finding))
            return;
    }
    *added = *finding;
    added->next = *at;
    *at = added;
    found->counts[finding->level]++;
}

const char *
finding_level_name(enum finding_level level)
{
    static const char *const names[] = {
        [FINDING_ERROR] = "error",
        [FINDING_WARNING] = "warning",
        [FINDING_OK] = "ok",
    };

    return names[level];
}

const char *
finding_text(struct arena *arena, const struct finding *finding)
{
    const char *blank = *finding->advice != '\0' ? " " : "";

    if (finding->line == 0)
        return arena_printf(arena, "%s: %s%s%s", finding->file, finding->sentence, blank,
                            finding->advice);
    return arena_printf(arena, "%s:%d: %s%s%s", finding->file, finding->line, finding->sentence,
                        blank, finding->advice);
}

const char *
findings_errors(const struct findings *found)
{
    struct buf text = buf_new(found->arena, 256);

    for (const struct finding *at = found->first; at != NULL; at = at->next) {
        if (at->level != FINDING_ERROR)
            continue;
        buf_text(&text, text.size > 0 ? "\n" : "");
        buf_text(&text, finding_text(found->arena, at));
    }
    return text.at;
}
