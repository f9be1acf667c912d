/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/first/apps.h"

#include <dirent.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "idp/base/text.h"
#include "tests/sims/first/fill.h"
#include "tests/sims/kit_said.h"
#include "tests/sims/kit_token.h"
#include "tests/sims/kit_visit.h"

#define APPS_MAX 50
#define ID_RANDOM 8
#define SCOPE "openid profile realname phone offline_access"

/* One registration at a time: the service has one list of partners. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const char *
words(const struct first_turn *turn, const char *chinese, const char *english)
{
    return turn->language == LANGUAGE_ZH_CN ? chinese : english;
}

/* http://HOST:PORT of an address on this machine; NULL when it is none. */
static const char *
loopback_origin(struct arena *arena, const char *uri)
{
    static const char *const hosts[] = { "http://localhost", "http://127.0.0.1", "http://[::1]" };

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        size_t size = strlen(hosts[i]);

        if (!text_starts(uri, hosts[i]))
            continue;
        if (uri[size] == ':')
            size += 1 + strspn(uri + size + 1, "0123456789");
        if (uri[size] == '/')
            return arena_copy(arena, uri, size);
    }
    return NULL;
}

static const char *
wish_fault(const struct first_turn *turn, const struct app_wish *wish)
{
    if (text_is_empty(text_trimmed(turn->arena, wish->name)))
        return words(turn, "请填写应用名称。", "Please give the application a name.");
    if (loopback_origin(turn->arena, wish->redirect_uri) == NULL)
        return words(turn,
                     "回跳地址须以 http://localhost、http://127.0.0.1 或 http://[::1] "
                     "开头，后接端口和路径，例如 http://localhost:3000/callback。",
                     "The redirect URI must begin with http://localhost, http://127.0.0.1 or "
                     "http://[::1], then port and path, as in http://localhost:3000/callback.");
    return NULL;
}

/* The element of the partners file. */
static json_t *
registration_of(const struct first_turn *turn, const struct app_wish *wish, const char *id)
{
    const char *origin = loopback_origin(turn->arena, wish->redirect_uri);
    const char *home = arena_printf(turn->arena, "%s/", origin);
    const bool is_public = text_eq(wish->kind, "public");
    json_t *app = json_pack(
        "{s:s, s:s, s:s, s:[s], s:[s], s:[s, s], s:s, s:s}", "client_id", id, "client_name",
        text_trimmed(turn->arena, wish->name), "token_endpoint_auth_method",
        is_public ? "none" : "client_secret_basic", "redirect_uris", wish->redirect_uri,
        "post_logout_redirect_uris", home, "grant_types", "authorization_code", "refresh_token",
        "scope", SCOPE, "client_uri", home);

    if (app != NULL && !is_public)
        json_object_set_new(app, "client_secret", json_string(visit_secret(turn->arena)));
    return app;
}

static const char *
apps_folder(const struct first_turn *turn)
{
    return arena_printf(turn->arena, "%s/apps", turn->first->data);
}

static int
by_age(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_app(const struct dirent *entry)
{
    return text_ends(entry->d_name, ".json");
}

/* Of "! ID: what is wrong" in the first line, what is wrong. */
static const char *
refusal_of(struct arena *arena, const char *said)
{
    const char *line = arena_copy(arena, said, strcspn(said, "\n"));
    const char *colon = text_starts(line, "! ") ? strstr(line, ": ") : NULL;

    return colon != NULL ? colon + strlen(": ") : line;
}

static const char *
apply(const struct first_turn *turn, const char *file)
{
    const char *const command[] = { turn->first->apply, turn->first->data, NULL };
    struct said said = said_by(turn->arena, command);

    if (said.status == 0)
        return NULL;
    unlink(file);
    return arena_printf(turn->arena, "%s %s",
                        words(turn, "通行拒绝了这项登记：", "Tongxing refused it:"),
                        refusal_of(turn->arena, said.text));
}

/* Ids sort by the moment of registration. */
static const char *
app_id_new(const struct first_turn *turn)
{
    const char *random = visit_secret(turn->arena);
    char letters[ID_RANDOM + 1] = { 0 };

    for (size_t i = 0; i < ID_RANDOM; i++)
        letters[i] = (char)('a' + (unsigned char)random[i] % 26);
    return arena_printf(turn->arena, "app-%lld-%s", (long long)env_now(env_machine()), letters);
}

static const char *
app_add(const struct first_turn *turn, const struct app_wish *wish, const char *id)
{
    const char *file = arena_printf(turn->arena, "%s/%s.json", apps_folder(turn), id);
    struct dirent **entries = NULL;
    int count = scandir(apps_folder(turn), &entries, is_app, NULL);
    json_t *app;
    bool written;

    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    if (count >= APPS_MAX)
        return words(turn, "这个演示没有位置再登记应用了。",
                     "This demo has no place for another application.");
    app = registration_of(turn, wish, id);
    written = app != NULL && json_dump_file(app, file, JSON_INDENT(2)) == 0;
    json_decref(app);
    return written ? apply(turn, file)
                   : words(turn, "数据目录写不进去。", "The data folder cannot be written to.");
}

const char *
app_register(const struct first_turn *turn, const struct app_wish *wish, const char **client_id_out)
{
    const char *fault = wish_fault(turn, wish);
    const char *id = app_id_new(turn);

    if (fault != NULL)
        return fault;
    pthread_mutex_lock(&lock);
    fault = app_add(turn, wish, id);
    pthread_mutex_unlock(&lock);
    if (fault == NULL)
        *client_id_out = id;
    return fault;
}

/* The file of an application that is registered here; NULL when there is none. */
static const char *
app_file(const struct first_turn *turn, const char *client_id)
{
    const char *file = arena_printf(turn->arena, "%s/%s.json", apps_folder(turn), client_id);
    const bool named =
        strspn(client_id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(client_id);

    return named && access(file, F_OK) == 0 ? file : NULL;
}

const char *
app_remove(const struct first_turn *turn, const char *client_id)
{
    const char *file = app_file(turn, client_id);
    const char *const command[] = {
        turn->first->tongxing, "partner", "remove", client_id, "--config", turn->first->config, NULL
    };
    struct said said;

    if (file == NULL)
        return words(turn, "这里没有登记这个应用。", "No such application is registered here.");
    pthread_mutex_lock(&lock);
    said = said_by(turn->arena, command);
    if (said.status == 0)
        unlink(file);
    pthread_mutex_unlock(&lock);
    return said.status == 0 ? NULL : refusal_of(turn->arena, said.text);
}

/* The request that begins the way which the page describes. */
static const char *
authorize_url(const struct first_turn *turn, const json_t *app, const char *verifier)
{
    struct buf url = buf_new(turn->arena, 512);
    const char *redirect =
        json_string_value(json_array_get(json_object_get(app, "redirect_uris"), 0));
    const char *const pairs[][2] = {
        { "client_id", claim_string(app, "client_id") },
        { "redirect_uri", redirect },
        { "scope", "openid realname" },
        { "state", "from-the-demo" },
        { "code_challenge", visit_challenge(turn->arena, verifier) },
        { "code_challenge_method", "S256" },
    };

    buf_text(&url, turn->first->issuer);
    buf_text(&url, "/oauth2/authorize?response_type=code");
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        buf_char(&url, '&');
        buf_text(&url, pairs[i][0]);
        buf_char(&url, '=');
        buf_url(&url, pairs[i][1]);
    }
    return url.at;
}

static void
app_put(const struct first_turn *turn, const json_t *app, struct buf *out)
{
    /* Anybody may know it here, so one for all is as good as one for each. */
    static const char verifier[] = "the-demo-shows-this-verifier-to-everybody-who-looks";
    const char *redirect =
        json_string_value(json_array_get(json_object_get(app, "redirect_uris"), 0));

    if (redirect == NULL)
        return;
    first_fill(out, "app.html", turn->language,
               (const struct hole[]) {
                   { "name", claim_string(app, "client_name") },
                   { "client_id", claim_string(app, "client_id") },
                   { "secret", claim_string(app, "client_secret") },
                   { "redirect_uri", redirect },
                   { "issuer", turn->first->issuer },
                   { "csrf", turn->first->csrf },
                   { "authorize", authorize_url(turn, app, verifier) },
                   { "verifier", verifier },
                   { "ca", turn->first->ca_file },
                   { 0 },
               });
}

const char *
apps_list(const struct first_turn *turn)
{
    struct buf out = buf_new(turn->arena, 4096);
    struct dirent **entries = NULL;
    int count = scandir(apps_folder(turn), &entries, is_app, by_age);

    for (int i = count - 1; i >= 0; i--) {
        const char *file =
            arena_printf(turn->arena, "%s/%s", apps_folder(turn), entries[i]->d_name);
        json_t *app = json_load_file(file, 0, NULL);

        app_put(turn, app, &out);
        json_decref(app);
        free(entries[i]);
    }
    free(entries);
    return out.size > 0 ? out.at : "";
}
