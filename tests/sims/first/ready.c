/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/first/ready.h"

#include <curl/curl.h>
#include <jansson.h>
#include <string.h>

#include "idp/base/text.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_token.h"

#define PAGE_MAX_BYTES (256 << 10)
#define DEADLINE_S 20L
#define PAGES_MAX 12

/* A browser without scripts, and the page it stands on. */
struct ready_walk {
    struct arena *arena;
    const struct ready_wish *wish;
    const struct demo_person *person;
    CURL *curl;
    struct buf page;
    const char *sent; /* the form that led here */
};

/* What a citizen sends from each page, in any order; the names of what she types. */
static const struct {
    const char *form;
    const char *fields;
} answers[] = {
    { "register-phone-form", "phone" },
    { "register-code-form", "code" },
    { "register-notice-form", "agree_registration agree_bank" },
    { "register-identity-form", "name identity_number bank_card bank_phone" },
    { "register-password-form", "password password_again" },
    { "logout-form", "" },
};

static size_t
page_taken(char *at, size_t size, size_t count, void *held)
{
    struct buf *page = held;

    if (size * count > PAGE_MAX_BYTES - page->size)
        return 0;
    buf_bytes(page, at, size * count);
    return size * count;
}

/* Goes to an address, by POST when there is a form; redirects are followed. */
static bool
walk_go(struct ready_walk *walk, const char *url, const char *form)
{
    walk->page = buf_new(walk->arena, 16384);
    curl_easy_setopt(walk->curl, CURLOPT_URL, url);
    curl_easy_setopt(walk->curl, CURLOPT_WRITEDATA, &walk->page);
    if (form != NULL)
        curl_easy_setopt(walk->curl, CURLOPT_COPYPOSTFIELDS, form);
    else
        curl_easy_setopt(walk->curl, CURLOPT_HTTPGET, 1L);
    return curl_easy_perform(walk->curl) == CURLE_OK;
}

static void
walk_prepare(struct ready_walk *walk)
{
    curl_easy_setopt(walk->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(walk->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(walk->curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(walk->curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(walk->curl, CURLOPT_TIMEOUT, DEADLINE_S);
    curl_easy_setopt(walk->curl, CURLOPT_WRITEFUNCTION, page_taken);
    if (walk->wish->ca_file != NULL)
        curl_easy_setopt(walk->curl, CURLOPT_CAINFO, walk->wish->ca_file);
}

/* The value of an attribute of the element that begins at `element`; "" when it has none. The
 * product's pages escape nothing in these but '&'. */
static const char *
attribute(struct ready_walk *walk, const char *element, const char *name)
{
    const char *end = strchr(element, '>');
    const char *at = strstr(element, arena_printf(walk->arena, " %s=\"", name));
    struct buf out = buf_new(walk->arena, 512);

    if (at == NULL || end == NULL || at > end)
        return "";
    for (at += strlen(name) + 3; *at != '"' && *at != '\0'; at++) {
        buf_char(&out, *at);
        if (text_starts(at, "&amp;"))
            at += strlen("amp;");
    }
    return out.at;
}

static const char *
last_code(struct ready_walk *walk, const char *phone)
{
    json_t *messages =
        call_json(walk->arena,
                  &(struct sim_call) { .url = arena_printf(walk->arena, "%s/messages.json?phone=%s",
                                                           walk->wish->inbox, phone) });
    const char *code = "";
    const json_t *message;
    size_t i;

    json_array_foreach(messages, i, message)
    {
        if (*code == '\0')
            code = arena_text(walk->arena, claim_string(message, "code"));
    }
    json_decref(messages);
    return code;
}

static const char *
field_value(struct ready_walk *walk, const char *name)
{
    const char *const *columns = walk->person->columns;
    const struct {
        const char *name;
        const char *value;
    } values[] = {
        { "phone", columns[PERSON_PHONE] },
        { "bank_phone", columns[PERSON_PHONE] },
        { "name", columns[PERSON_NAME] },
        { "identity_number", columns[PERSON_IDENTITY_NUMBER] },
        { "bank_card", columns[PERSON_CARD] },
        { "password", walk->wish->password },
        { "password_again", walk->wish->password },
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (text_eq(values[i].name, name))
            return values[i].value;
    }
    return text_eq(name, "code") ? last_code(walk, columns[PERSON_PHONE]) : "yes";
}

static void
pair_add(struct buf *form, const char *name, const char *value)
{
    buf_text(form, form->size > 0 ? "&" : "");
    buf_url(form, name);
    buf_char(form, '=');
    buf_url(form, value);
}

static bool
form_send(struct ready_walk *walk, const char *form, const char *fields)
{
    const char *action = attribute(walk, form, "action");
    const char *end = strstr(form, "</form>");
    struct buf body = buf_new(walk->arena, 4096);
    const char *name;
    size_t size;

    for (const char *at = form; (at = strstr(at, "<input type=\"hidden\"")) != NULL && at < end;
         at++)
        pair_add(&body, attribute(walk, at, "name"), attribute(walk, at, "value"));
    while ((name = text_next_word(&fields, &size)) != NULL) {
        name = arena_copy(walk->arena, name, size);
        pair_add(&body, name, field_value(walk, name));
    }
    if (*action == '/')
        action = arena_printf(walk->arena, "%s%s", walk->wish->issuer, action);
    return walk_go(walk, action, body.at);
}

/* The page's own words between `begin` and `end`, without tags; "" when it has none. */
static const char *
page_words(struct ready_walk *walk, const char *begin, const char *end)
{
    const char *at = strstr(walk->page.at, begin);
    const char *stop = at != NULL ? strstr(at, end) : NULL;
    struct buf out = buf_new(walk->arena, 256);
    bool in_tag = true;

    for (; stop != NULL && at < stop; at++) {
        if (*at == '<' && out.size > 0 && out.at[out.size - 1] != ' ')
            buf_char(&out, ' ');
        if (*at == '<' || *at == '>')
            in_tag = *at == '<';
        else if (!in_tag && *at != '\n')
            buf_char(&out, *at);
    }
    return out.size > 0 ? out.at : "";
}

static const char *
page_reason(struct ready_walk *walk)
{
    const char *problem = page_words(walk, "id=\"problems\"", "</div>");

    return *problem != '\0' ? problem : page_words(walk, "<h1", "</h1>");
}

/* One page further: NULL, "" at the end of the way, or why it ends too soon. */
static const char *
walk_step(struct ready_walk *walk)
{
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        const char *id = arena_printf(walk->arena, " id=\"%s\"", answers[i].form);
        const char *form = strstr(walk->page.at, id);

        if (form == NULL)
            continue;
        if (text_eq(walk->sent, answers[i].form))
            return page_reason(walk);
        walk->sent = answers[i].form;
        if (!form_send(walk, form, answers[i].fields))
            return "the server does not answer";
        return text_eq(walk->sent, "logout-form") ? "" : NULL;
    }
    return page_reason(walk);
}

static const char *
walk_all(struct ready_walk *walk)
{
    const char *reason = NULL;

    if (!walk_go(walk, arena_printf(walk->arena, "%s/register", walk->wish->issuer), NULL))
        return "the server does not answer";
    for (size_t i = 0; i < PAGES_MAX && reason == NULL; i++)
        reason = walk_step(walk);
    if (reason == NULL)
        return "the registration has more pages than we know";
    return *reason == '\0' ? NULL : reason;
}

const char *
ready_register(struct arena *arena, const struct ready_wish *wish, const struct demo_person *person)
{
    struct ready_walk walk = {
        .arena = arena, .wish = wish, .person = person, .curl = curl_easy_init()
    };
    const char *reason;

    if (walk.curl == NULL)
        return "libcurl does not start";
    walk_prepare(&walk);
    reason = walk_all(&walk);
    curl_easy_cleanup(walk.curl);
    return reason;
}
