/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kind of check (i, a or l), a token, and behind an empty line the set of keys that is fetched
 * for it. A signature cannot be guessed: what is accepted is a token of the corpus.
 */
#include <string.h>

#include "idp/base/arena.h"
#include "keys/relying_party/tongxing_rp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
fetch_given(void *user, struct tongxing_rp_fetch *fetch)
{
    const char *set = user;

    fetch->size = strlen(set);
    if (fetch->size > fetch->room)
        return 1;
    memcpy(fetch->body, set, fetch->size);
    return 0;
}

static int64_t
corpus_clock(void *user)
{
    (void)user;
    return 1795311300;
}

static enum tongxing_rp_result
check(struct tongxing_rp *rp, char kind, const char *text, struct tongxing_rp_token **out)
{
    const struct tongxing_rp_login login = { .nonce = "jVyveIVD",
                                             .access_token = "a",
                                             .levels = "l2",
                                             .has_max_age = true,
                                             .max_age_s = 300 };
    const struct tongxing_rp_access access = { .scope = "realname", .client_id = "front" };

    if (kind == 'i')
        return tongxing_rp_check_id(rp, text, &login, out);
    if (kind == 'a')
        return tongxing_rp_check_access(rp, text, &access, out);
    return tongxing_rp_check_logout(rp, text, out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4 << 20);
    char *input = arena_copy(arena, data, size < 65536 ? size : 65536);
    char *set = strstr(input, "\n\n");
    struct tongxing_rp_config config = { .issuer = "https://login.example.gov.cn",
                                         .jwks_url = "https://x",
                                         .client_id = "hospital",
                                         .resource = "https://api.hospital.example",
                                         .algorithms = "ES256 RS256 EdDSA",
                                         .fetch = fetch_given,
                                         .now = corpus_clock,
                                         .cached_tokens = 8,
                                         .remembered_logouts = 2 };
    struct tongxing_rp_token *token = NULL;
    struct tongxing_rp *rp = NULL;

    if (set != NULL)
        *set = '\0';
    config.user = set != NULL ? set + 2 : input + strlen(input);
    if (tongxing_rp_open(&config, &rp) != TONGXING_RP_OK)
        __builtin_trap();
    if (*input != '\0' && check(rp, *input, input + 1, &token) == TONGXING_RP_OK) {
        (void)tongxing_rp_text(token, "sub");
        (void)tongxing_rp_number(token, "exp", 0);
        tongxing_rp_release(token);
    }
    (void)tongxing_rp_max_age(input);
    tongxing_rp_close(rp);
    arena_free(arena);
    return 0;
}
