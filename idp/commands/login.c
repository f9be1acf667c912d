/* SPDX-License-Identifier: Apache-2.0 */
/* A login tried as a partner does it, from outside: an authorization code with PKCE (RFC 6749, 4.1;
 * RFC 7636), and what came of it. It knows no more of us than any client. */
#include <string.h>

#include "idp/base/file.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/commands/callback.h"
#include "idp/commands/commands.h"
#include "idp/commands/showing.h"
#include "idp/connect/https.h"
#include "keys/handle.h"
#include "keys/jws.h"
#include "keys/secret.h"

#define SCOPE "openid profile"
#define REDIRECT_URI "http://127.0.0.1:9999/callback"
#define LOGIN_WITHIN_S 600
#define CALL_WITHIN_S 10
#define ANSWER_MAX_BYTES ((size_t)1 << 20)
#define SECRET_MAX_BYTES 1024

struct trial {
    struct call *call;
    struct https *https;
    const char *issuer;
    const char *redirect_uri;
    const char *scope;
    const char *secret; /* NULL: the partner is public */
    const char *verifier;
    const char *state;
    const char *nonce;
    struct callback callback;
    struct key_set keys;
    const json_t *tokens; /* the answer of the token endpoint */
};

/* --- Before --- */

static enum err
secret_read(struct trial *trial)
{
    struct call *call = trial->call;
    struct bytes text;

    if (call->secret_file == NULL)
        return OK;
    if (file_open_mode(call->secret_file) != 0)
        return call_fail(call, ERR_REFUSED,
                         "others may read %s, which holds a secret: chmod 600 it",
                         call->secret_file);
    if (file_read(call->arena, call->secret_file, SECRET_MAX_BYTES, &text) != OK)
        return call_fail(call, ERR_INVALID, "%s cannot be read; the log says why",
                         call->secret_file);
    trial->secret = text_trimmed(call->arena, (const char *)text.at);
    return OK;
}

static enum err
numbers_draw(struct trial *trial)
{
    struct env *env = env_machine();
    struct arena *arena = trial->call->arena;
    enum err err = handle_new(env, arena, &trial->verifier);

    if (err == OK)
        err = handle_new(env, arena, &trial->state);
    return err == OK ? handle_new(env, arena, &trial->nonce) : err;
}

static enum err
trial_begin(struct trial *trial)
{
    struct call *call = trial->call;
    const char *why;
    enum err err = secret_read(trial);

    if (err == OK)
        err = numbers_draw(trial);
    if (err != OK)
        return err;
    trial->issuer = call->shop.settings->server.issuer;
    trial->redirect_uri = call->redirect_uri != NULL ? call->redirect_uri : REDIRECT_URI;
    trial->scope = call->scope != NULL ? call->scope : SCOPE;
    why = callback_open(call->arena, trial->redirect_uri, &trial->callback);
    return why != NULL ? call_fail(call, ERR_INVALID, "%s", why) : OK;
}

/* --- The browser --- */

static const char *
request_uri(struct trial *trial)
{
    struct arena *arena = trial->call->arena;
    struct digest challenge = digest_of_text(trial->verifier);
    struct buf query = buf_new(arena, 512);

    https_form_put(&query, "client_id", trial->call->partner_id);
    https_form_put(&query, "response_type", "code");
    https_form_put(&query, "redirect_uri", trial->redirect_uri);
    https_form_put(&query, "scope", trial->scope);
    https_form_put(&query, "state", trial->state);
    https_form_put(&query, "nonce", trial->nonce);
    https_form_put(&query, "code_challenge", base64url_encode(arena, digest_view(&challenge)));
    https_form_put(&query, "code_challenge_method", "S256");
    return arena_printf(arena, "%s/oauth2/authorize?%s", trial->issuer, query.at);
}

static const char *
or_none(const char *text)
{
    return text != NULL ? text : "(none)";
}

/* *code: of an answer that is to this request, from this issuer (RFC 9207). */
static enum err
answer_judge(struct trial *trial, const struct params *answer, const char **code)
{
    struct call *call = trial->call;

    if (!text_eq(params_find(answer, "state"), trial->state))
        return call_fail(call, ERR_FORGED,
                         "the browser came back with another state: not from the "
                         "login that was begun here");
    if (!text_eq(params_find(answer, "iss"), trial->issuer))
        return call_fail(call, ERR_FORGED, "the answer is from %s, not from %s",
                         or_none(params_find(answer, "iss")), trial->issuer);
    *code = params_find(answer, "code");
    if (*code == NULL)
        return call_fail(call, ERR_REFUSED, "%s: %s", or_none(params_find(answer, "error")),
                         or_none(params_find(answer, "error_description")));
    return OK;
}

static enum err
code_get(struct trial *trial, const char **code)
{
    struct call *call = trial->call;
    struct params answer;
    enum err err;

    buf_text(&call->said,
             arena_printf(call->arena,
                          "Open this in a browser on this machine and log in:\n\n  %s\n\n"
                          "%s must be a redirect URI of %s; waiting for ten minutes.\n",
                          request_uri(trial), trial->redirect_uri, call->partner_id));
    call_tell(call);
    err = callback_wait(&trial->callback, call->arena, LOGIN_WITHIN_S, &answer);
    if (err != OK)
        return call_fail(call, err, "nobody came back from the browser");
    return answer_judge(trial, &answer, code);
}

/* --- The tokens --- */

/* id and secret form-encoded each (RFC 6749, 2.3.1). */
static const char *
basic_header(struct trial *trial)
{
    struct arena *arena = trial->call->arena;
    struct buf pair = buf_new(arena, 256);

    buf_url(&pair, trial->call->partner_id);
    buf_char(&pair, ':');
    buf_url(&pair, trial->secret);
    return arena_printf(arena, "Authorization: Basic %s", base64_encode(arena, buf_view(&pair)));
}

static enum err
ask(struct trial *trial, const struct https_request *request, const json_t **out)
{
    struct call *call = trial->call;
    struct https_request whole = *request;
    struct https_answer answer;

    whole.trust = TRUST_CONFIGURED;
    whole.deadline_s = CALL_WITHIN_S;
    whole.max_answer_bytes = ANSWER_MAX_BYTES;
    if (https_call(trial->https, call->arena, &whole, &answer) != OK)
        return call_fail(call, ERR_UNAVAILABLE, "%s does not answer; the log says why", whole.url);
    *out = json_read(call->arena, answer.body);
    if (answer.status == 200 && *out != NULL)
        return OK;
    return call_fail(call, ERR_REFUSED, "%s answers %d %s: %s", whole.url, answer.status,
                     or_none(json_string_value(json_object_get(*out, "error"))),
                     or_none(json_string_value(json_object_get(*out, "error_description"))));
}

static enum err
tokens_get(struct trial *trial, const char *code)
{
    struct arena *arena = trial->call->arena;
    struct buf body = buf_new(arena, 512);
    const char *headers[] = { NULL, NULL };

    https_form_put(&body, "grant_type", "authorization_code");
    https_form_put(&body, "code", code);
    https_form_put(&body, "redirect_uri", trial->redirect_uri);
    https_form_put(&body, "code_verifier", trial->verifier);
    if (trial->secret != NULL)
        headers[0] = basic_header(trial);
    else
        https_form_put(&body, "client_id", trial->call->partner_id);
    return ask(
        trial,
        &(struct https_request) { .method = "POST",
                                  .url = arena_printf(arena, "%s/oauth2/token", trial->issuer),
                                  .content_type = "application/x-www-form-urlencoded",
                                  .body = buf_view(&body),
                                  .headers = headers },
        &trial->tokens);
}

static enum err
keys_get(struct trial *trial)
{
    struct call *call = trial->call;
    const char *url = arena_printf(call->arena, "%s/oauth2/jwks", trial->issuer);
    const json_t *set = NULL;
    enum err err = ask(trial, &(struct https_request) { .method = "GET", .url = url }, &set);

    if (err == OK && key_set_import(call->arena, json_text(call->arena, set), &trial->keys) != OK)
        return call_fail(call, ERR_INVALID, "%s has no keys that can be used", url);
    return err;
}

/* --- Showing --- */

static const char *
signature_word(struct trial *trial, const struct jws *jws)
{
    for (size_t i = 0; i < trial->keys.count; i++) {
        const struct public_key *key = &trial->keys.keys[i];

        if (text_eq(key->kid, jws->kid))
            return jws_check(jws, key->key, key->alg) == OK ? "holds" : "does not hold";
    }
    return "by a key that is not published";
}

static void
token_show(struct trial *trial, const char *name)
{
    struct call *call = trial->call;
    const char *token = json_string_value(json_object_get(trial->tokens, name));
    struct jws jws;

    if (token == NULL)
        return;
    showing_text(call, name, token);
    if (jws_read(call->arena, token, &jws) != OK)
        return;
    showing_text(call, "signature", signature_word(trial, &jws));
    showing_object(call, "header", (const char *)jws.header.at);
    showing_object(call, "claims", (const char *)jws.payload.at);
}

static enum err
tokens_show(struct trial *trial)
{
    struct call *call = trial->call;
    int64_t expires_in = 0;

    showing_begin(call);
    token_show(trial, "id_token");
    token_show(trial, "access_token");
    token_show(trial, "refresh_token");
    if (member_int(trial->tokens, "expires_in", &expires_in) == OK)
        showing_time(call, "access_token_until", env_now(env_machine()) + expires_in);
    showing_text(call, "scope", json_string_value(json_object_get(trial->tokens, "scope")));
    showing_end(call);
    return OK;
}

static enum err
trial_run(struct trial *trial)
{
    const char *code = NULL;
    enum err err = trial_begin(trial);

    if (err == OK)
        err = code_get(trial, &code);
    if (err == OK)
        err = tokens_get(trial, code);
    if (err == OK)
        err = keys_get(trial);
    return err == OK ? tokens_show(trial) : err;
}

static void
trial_end(void *state)
{
    struct trial *trial = state;

    callback_close(&trial->callback);
    key_set_free(&trial->keys);
    https_free(trial->https);
}

enum err
command_login_try(struct call *call)
{
    struct trial trial = { .call = call,
                           .https = https_new(call->shop.settings),
                           .callback.listener = -1 };
    struct held held;
    enum err err = ERR_INTERNAL;

    hold_begin(&held, trial_end, &trial);
    if (trial.https != NULL)
        err = trial_run(&trial);
    hold_release(&held);
    return err;
}
