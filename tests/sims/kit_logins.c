/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_logins.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "tests/sims/kit_token.h"

#define LOGINS_KEPT 3

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static json_t *logins; /* an array, newest first */
static int ever;

/* A part of a token: JSON in base64url, up to the next dot. Null when it is none. */
static json_t *
part_decoded(struct arena *arena, const char *part)
{
    struct bytes bytes;

    if (base64url_decode(arena, part, strcspn(part, "."), &bytes) != OK)
        return json_null();
    return json_loadb((const char *)bytes.at, bytes.size, 0, NULL);
}

static json_t *
token_decoded(struct arena *arena, const char *token)
{
    const char *dot = strchr(token, '.');

    if (dot == NULL)
        return json_null();
    return json_pack("{s:o, s:o}", "header", part_decoded(arena, token), "payload",
                     part_decoded(arena, dot + 1));
}

void
logins_note(struct arena *arena, const struct partner_site *partner, const json_t *tokens,
            const json_t *userinfo)
{
    json_t *login = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:O}", "at", time_rfc3339(arena, env_now(env_machine())),
        "name_zh", partner->name_zh, "name_en", partner->name_en, "id_token",
        token_decoded(arena, claim_string(tokens, "id_token")), "access_token",
        token_decoded(arena, claim_string(tokens, "access_token")), "userinfo", userinfo);

    pthread_mutex_lock(&lock);
    if (logins == NULL)
        logins = json_array();
    json_object_set_new(login, "id", json_sprintf("%s-%d", partner->client_id, ++ever));
    json_array_insert_new(logins, 0, login);
    json_array_remove(logins, LOGINS_KEPT);
    pthread_mutex_unlock(&lock);
}

void
logins_answer(const struct kit_request *request, struct kit_answer *out)
{
    char *text;

    if (!kit_is_local(request))
        return;
    pthread_mutex_lock(&lock);
    text = logins != NULL ? json_dumps(logins, 0) : NULL;
    pthread_mutex_unlock(&lock);
    kit_answer_text(out, 200, "application/json",
                    arena_text(request->arena, text != NULL ? text : "[]"));
    free(text);
}
