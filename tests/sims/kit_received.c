/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_received.h"

#include <string.h>
#include <time.h>

#include "idp/base/text.h"
#include "tests/sims/kit_token.h"

#define BEIJING_S (8 * 3600)

const char *
received_time(struct arena *arena, unix_s at)
{
    char *text = time_rfc3339(arena, at + BEIJING_S);

    text[strlen("2026-01-01")] = ' ';
    text[strlen("2026-01-01 08:00")] = '\0';
    return text;
}

static const char *
rfc3339_shown(struct arena *arena, const char *text)
{
    struct tm parts = { 0 };
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts);

    return end != NULL && *end == '\0' ? received_time(arena, timegm(&parts)) : "";
}

/* OpenID Identity Assurance: how and when the person's identity was confirmed, and by whom. */
static void
proof_read(struct arena *arena, const json_t *userinfo, struct visit *visit)
{
    const json_t *verified = json_object_get(userinfo, "verified_claims");
    const json_t *verification = json_object_get(verified, "verification");
    const json_t *evidence = json_array_get(json_object_get(verification, "evidence"), 0);
    const json_t *record = json_object_get(evidence, "record");
    const char *source = claim_string(json_object_get(record, "source"), "name");

    visit->texts[VISIT_LEVEL] = arena_text(arena, claim_string(userinfo, "identity_level"));
    visit->texts[VISIT_PROVEN_HOW] = arena_text(arena, claim_string(record, "type"));
    visit->texts[VISIT_PROVEN_BY] = arena_text(arena, source);
    visit->texts[VISIT_PROVEN_AT] = rfc3339_shown(arena, claim_string(verification, "time"));
}

void
received_keep(struct arena *arena, const json_t *userinfo, struct visit *visit)
{
    size_t size = json_dumpb(userinfo, NULL, 0, JSON_COMPACT);
    char *text = arena_alloc(arena, size + 1);

    json_dumpb(userinfo, text, size, JSON_COMPACT);
    visit->texts[VISIT_RECEIVED] = text;
    proof_read(arena, userinfo, visit);
}
