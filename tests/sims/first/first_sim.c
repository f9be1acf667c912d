/* SPDX-License-Identifier: Apache-2.0 */
/*
 * first_sim --port N --base-url URL --issuer URL --hall URL --hospital URL --app URL --wechat URL --kiosk URL --hotline URL --inbox URL --admin URL
 * --hall-port N --hospital-port N --data DIR --apply PROGRAM --tongxing PROGRAM --password WORDS
 * [--ca FILE]: the demo's first page. Before it serves, it registers one person as everybody is
 * registered, once for a data folder.
 *
 * GET / /live /language /first.css /first.js; POST /apps /apps/remove.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "idp/base/text.h"
#include "tests/sims/first/apps.h"
#include "tests/sims/first/fill.h"
#include "tests/sims/first/live.h"
#include "tests/sims/first/people.h"
#include "tests/sims/first/ready.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_visit.h"

#define STARTING_BYTES (8 << 20)

static const char policy[] = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src "
                             "'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
                             "frame-ancestors 'none'";

static void
redirect(const struct first_turn *turn, const char *to)
{
    kit_answer_text(turn->answer, 303, "text/plain", "");
    turn->answer->location = to;
}

/* --- The page --- */

/* The operators' page; "" where the service has none. */
static const char *
live_page(const struct first_turn *turn)
{
    const char *url = arena_printf(turn->arena, "%s/live", turn->first->admin);

    return call_text(turn->arena, &(struct sim_call) { .url = url }) != NULL ? url : "";
}

/* What went wrong with a registration is told with what was typed; NULL: nothing was typed. */
static void
first_page_answer(const struct first_turn *turn, unsigned status, const struct app_wish *wish,
                  const char *problem)
{
    const struct first *first = turn->first;
    const struct demo_person ready = person_ready(turn->arena);
    struct buf page = buf_new(turn->arena, 65536);

    first_fill(&page, "first.html", turn->language,
               (const struct hole[]) {
                   { "tag", languages[turn->language].tag },
                   { "hall", first->hall },
                   { "wechat", first->wechat },
                   { "kiosk", first->kiosk },
                   { "hotline", first->hotline },
                   { "desk", first->desk },
                   { "staff", first->staff },
                   { "window", first->window },
                   { "hospital", first->hospital },
                   { "app", first->app },
                   { "issuer", first->issuer },
                   { "inbox", first->inbox },
                   { "admin", first->admin },
                   { "live_page", turn->local ? live_page(turn) : "" },
                   { "data", first->data },
                   { "csrf", first->csrf },
                   { "local", turn->local ? "yes" : "" },
                   { "problem", problem },
                   { "trouble", first->ready_trouble },
                   { "ready", first->ready_trouble == NULL ? "yes" : "" },
                   { "ready_name", ready.columns[PERSON_NAME] },
                   { "ready_phone", ready.columns[PERSON_PHONE] },
                   { "ready_password", first->ready_password },
                   { "people", people_table(turn->arena, turn->language, "new") },
                   { "others", people_table(turn->arena, turn->language, "other") },
                   { "live", live_part(turn) },
                   { "apps", turn->local ? apps_list(turn) : "" },
                   { "typed_name", wish != NULL ? wish->name : "" },
                   { "typed_uri", wish != NULL ? wish->redirect_uri : "" },
                   { 0 },
               });
    kit_answer_text(turn->answer, status, "text/html; charset=utf-8", page.at);
    turn->answer->policy = policy;
}

static void
home_answer(const struct first_turn *turn)
{
    first_page_answer(turn, 200, NULL, NULL);
}

static void
live_answer(const struct first_turn *turn)
{
    kit_answer_text(turn->answer, 200, "text/html; charset=utf-8", live_part(turn));
    turn->answer->policy = policy;
}

static void
style_answer(const struct first_turn *turn)
{
    kit_answer_text(turn->answer, 200, "text/css; charset=utf-8", first_file("first.css"));
}

static void
script_answer(const struct first_turn *turn)
{
    kit_answer_text(turn->answer, 200, "text/javascript; charset=utf-8", first_file("first.js"));
}

static void
language_answer(const struct first_turn *turn)
{
    const char *to = kit_form_value(turn->arena, turn->request->query, "to");

    redirect(turn, "/");
    turn->answer->cookie =
        arena_printf(turn->arena, "first_language=%s; Path=/; SameSite=Lax; HttpOnly",
                     text_eq(to, "en") ? "en" : "zh");
}

/* --- My own application --- */

static const char *
typed(const struct first_turn *turn, const char *name)
{
    const char *value = kit_form_value(turn->arena, (const char *)turn->request->body.at, name);

    return value != NULL ? value : "";
}

/* Who may change what is registered: this page, on this machine. False when it has been told. */
static bool
change_allowed(const struct first_turn *turn, const struct app_wish *wish)
{
    if (turn->local && text_eq(typed(turn, "csrf"), turn->first->csrf))
        return true;
    first_page_answer(turn, 403, wish,
                      turn->language == LANGUAGE_ZH_CN
                          ? "请在运行演示的电脑上，从本页登记。"
                          : "Please register from this page, on the machine that runs the demo.");
    return false;
}

static void
app_answer(const struct first_turn *turn)
{
    const struct app_wish wish = { typed(turn, "name"), typed(turn, "redirect_uri"),
                                   typed(turn, "kind") };
    const char *id = NULL;
    const char *problem;

    if (!change_allowed(turn, &wish))
        return;
    problem = app_register(turn, &wish, &id);
    if (problem == NULL)
        redirect(turn, arena_printf(turn->arena, "/#%s", id));
    else
        first_page_answer(turn, 400, &wish, problem);
}

static void
app_remove_answer(const struct first_turn *turn)
{
    const char *problem;

    if (!change_allowed(turn, NULL))
        return;
    problem = app_remove(turn, typed(turn, "client_id"));
    if (problem == NULL)
        redirect(turn, "/#own");
    else
        first_page_answer(turn, 400, NULL, problem);
}

/* --- Routes --- */

static const struct {
    const char *method;
    const char *path;
    void (*answer)(const struct first_turn *turn);
} routes[] = {
    { "GET", "/", home_answer },
    { "GET", "/live", live_answer },
    { "GET", "/first.css", style_answer },
    { "GET", "/first.js", script_answer },
    { "GET", "/language", language_answer },
    { "POST", "/apps", app_answer },
    { "POST", "/apps/remove", app_remove_answer },
};

static enum language
language_of(const struct kit_request *request)
{
    const char *chosen = kit_cookie(request, "first_language");

    if (chosen == NULL)
        chosen = kit_header(request, "Accept-Language");
    return chosen != NULL && text_starts(chosen, "en") ? LANGUAGE_EN : LANGUAGE_ZH_CN;
}

/* A page of others whose name leads to this machine reads nothing here. */
static bool
host_is_ours(const struct first *first, const struct kit_request *request)
{
    const char *host = kit_header(request, "Host");
    const char *name = strstr(first->base_url, "://") + strlen("://");
    const char *port = strrchr(name, ':');

    return text_eq(host, name) ||
           text_eq(host, arena_printf(request->arena, "localhost%s", port)) ||
           text_eq(host, arena_printf(request->arena, "127.0.0.1%s", port));
}

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    const struct first_turn turn = {
        .first = state,
        .request = request,
        .answer = out,
        .arena = request->arena,
        .language = language_of(request),
        .local = kit_is_local(request),
    };

    if (!host_is_ours(state, request))
        return;
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        if (text_eq(request->method, routes[i].method) && text_eq(request->path, routes[i].path)) {
            routes[i].answer(&turn);
            return;
        }
    }
}

/* --- Starting --- */

/* NULL, or why the account is not there. */
static const char *
ready_make(struct arena *arena, const struct first *first)
{
    const struct demo_person person = person_ready(arena);
    const char *mark = arena_printf(arena, "%s/ready", first->data);
    const char *trouble = NULL;
    FILE *file = fopen(mark, "re");

    if (file == NULL) {
        trouble = ready_register(arena,
                                 &(struct ready_wish) { .issuer = first->issuer,
                                                        .inbox = first->inbox,
                                                        .ca_file = first->ca_file,
                                                        .password = first->ready_password },
                                 &person);
        file = trouble == NULL ? fopen(mark, "we") : NULL;
    }
    if (file != NULL)
        fclose(file);
    if (trouble != NULL)
        fprintf(stderr, "first_sim: %s could not be registered: %s\n", person.columns[PERSON_NAME],
                trouble);
    return trouble;
}

static const char *
local_url(struct arena *arena, char **argv, const char *name)
{
    return arena_printf(arena, "http://127.0.0.1:%d", kit_argument_int(argv, name, 0));
}

static struct first
first_read(struct arena *arena, char **argv)
{
    return (struct first) {
        .base_url = kit_argument(argv, "--base-url", "http://localhost:9090"),
        .issuer = kit_argument(argv, "--issuer", "http://localhost:9080"),
        .hall = kit_argument(argv, "--hall", "http://localhost:9091"),
        .wechat = kit_argument(argv, "--wechat", "http://localhost:9095"),
        .kiosk = kit_argument(argv, "--kiosk", "http://localhost:9093"),
        .hotline = kit_argument(argv, "--hotline", "http://localhost:9097"),
        .desk = kit_argument(argv, "--desk", NULL),
        .staff = kit_argument(argv, "--staff", NULL),
        .window = kit_argument(argv, "--window", NULL),
        .hospital = kit_argument(argv, "--hospital", "http://localhost:9092"),
        .app = kit_argument(argv, "--app", "http://localhost:9094"),
        .inbox = kit_argument(argv, "--inbox", "http://localhost:9081"),
        .admin = kit_argument(argv, "--admin", "http://localhost:9089"),
        .partners = { local_url(arena, argv, "--hall-port"),
                      local_url(arena, argv, "--hospital-port") },
        .data = kit_argument(argv, "--data", "demo-data"),
        .apply = kit_argument(argv, "--apply", "/bin/false"),
        .tongxing = kit_argument(argv, "--tongxing", "/bin/false"),
        .config =
            arena_printf(arena, "%s/tongxing.conf", kit_argument(argv, "--data", "demo-data")),
        .ca_file = kit_argument(argv, "--ca", NULL),
        .ready_password = kit_argument(argv, "--password", ""),
        .csrf = visit_secret(arena),
    };
}

int
main(int argc, char **argv)
{
    struct arena *arena = arena_new(STARTING_BYTES);
    struct first first;
    const char *folder;

    (void)argc;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return 1;
    umask(077); /* secrets stand in what is written */
    first = first_read(arena, argv);
    folder = arena_printf(arena, "%s/apps", first.data);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        perror(folder);
        return 1;
    }
    call_trust(first.ca_file);
    first.ready_trouble = ready_make(arena, &first);
    return kit_serve(&(struct sim_kit) { .name = "first_sim", .state = &first, .handle = handle },
                     argv, kit_argument_int(argv, "--port", 9090));
}
