/* SPDX-License-Identifier: Apache-2.0 */
/* Times as an operator writes and reads them: by the clock of Beijing, as all of the country does. */
#ifndef IDP_COMMANDS_WHEN_H
#define IDP_COMMANDS_WHEN_H

#include <stdbool.h>

#include "idp/base/env.h"

/* What a value of an option must look like, for help and refusals. */
#define WHEN_FORMS "2026-11-27, 2026-11-27T08:00, 2026-11-27T08:00:00Z, or 90s, 30m, 2h, 7d ago"

#define SPAN_FORMS "90s, 30m, 2h or 7d"

struct when {
    bool given;
    bool ago;
    int64_t s; /* before now if `ago`, else unix seconds */
};

/* False when the text is no time. A blank may stand for the T. */
bool when_read(const char *text, struct when *out);

static inline unix_s
when_at(struct when when, unix_s now)
{
    return when.ago ? now - when.s : when.s;
}

/* "2026-11-27 08:00:00+08:00"; "-" for 0, which is never. */
const char *when_text(struct arena *arena, unix_s at);

#endif
