/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an application uses libtongxing-rp. Built on its own with
 *
 *     cc example.c -o example $(pkg-config --cflags --libs tongxing-rp libcurl)
 *
 * and run as: example ISSUER JWKS_URL AUDIENCE (id | access | logout) TOKEN [NONCE or SCOPE]
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tongxing_rp.h>

/* libcurl gives the answer in pieces; what has no room ends the transfer. */
static size_t
keep(char *piece, size_t one, size_t size, void *state)
{
    struct tongxing_rp_fetch *fetch = state;

    if (size * one > fetch->room - fetch->size)
        return 0;
    memcpy(fetch->body + fetch->size, piece, size * one);
    fetch->size += size * one;
    return size * one;
}

static size_t
read_header(char *line, size_t one, size_t size, void *state)
{
    static const char name[] = "cache-control:";
    struct tongxing_rp_fetch *fetch = state;
    char value[256];

    if (size * one > strlen(name) && curl_strnequal(line, name, strlen(name))) {
        snprintf(value, sizeof(value), "%.*s", (int)(size * one - strlen(name) - 2),
                 line + strlen(name));
        fetch->max_age_s = tongxing_rp_max_age(value);
    }
    return size * one;
}

static int
fetch_keys(void *user, struct tongxing_rp_fetch *fetch)
{
    CURL *curl = curl_easy_init();
    long status = 0;

    (void)user;
    if (curl == NULL)
        return 1;
    curl_easy_setopt(curl, CURLOPT_URL, fetch->url);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 5L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetch);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, read_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, fetch);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    return status == 200 ? 0 : 1;
}

static enum tongxing_rp_result
check(struct tongxing_rp *rp, char **words, struct tongxing_rp_token **out)
{
    const struct tongxing_rp_login login = { .nonce = words[6] };
    const struct tongxing_rp_access access = { .scope = words[6] };

    if (strcmp(words[4], "id") == 0)
        return tongxing_rp_check_id(rp, words[5], &login, out);
    if (strcmp(words[4], "access") == 0)
        return tongxing_rp_check_access(rp, words[5], &access, out);
    return tongxing_rp_check_logout(rp, words[5], out);
}

int
main(int count, char **words)
{
    struct tongxing_rp_config config = { .algorithms = "ES256 RS256 EdDSA", .fetch = fetch_keys };
    struct tongxing_rp_token *token = NULL;
    struct tongxing_rp *rp = NULL; /* one for the whole process: it keeps the keys */
    enum tongxing_rp_result result;

    if (count < 6) {
        fprintf(
            stderr,
            "usage: example ISSUER JWKS_URL AUDIENCE (id | access | logout) TOKEN [NONCE or SCOPE]\n");
        return 2;
    }
    config.issuer = words[1];
    config.jwks_url = words[2];
    config.client_id = words[3];
    config.resource = words[3];
    result = tongxing_rp_open(&config, &rp);
    if (result == TONGXING_RP_OK)
        result = check(rp, words, &token);
    puts(result == TONGXING_RP_OK ? tongxing_rp_claims(token) : tongxing_rp_sentence(result));
    tongxing_rp_release(token);
    tongxing_rp_close(rp);
    return result == TONGXING_RP_OK ? 0 : 1;
}
