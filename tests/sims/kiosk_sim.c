/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk_sim --port N --issuer URL --client-id ID --code CODE [--scope WORDS] [--idle SECONDS] [--ca FILE]: a
 * self-service terminal as a real one would be built: enrolled by an operator's code with a key of its own, client
 * assertions and DPoP proofs by that key, login by telephone (RFC 8628) or by card and PIN, and out again. It is one
 * machine with one screen, whoever looks at it; it sets no cookie and needs no script.
 *
 * GET / is the screen; POST /phone /card /insert /key /stay /leave /home are what somebody presses.
 */
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_kiosk_page.h"

static const char policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

struct kiosk_site {
    pthread_mutex_t lock;
    struct kiosk_machine kiosk;
};

static const char *
typed(const struct kit_request *request, const char *name)
{
    const char *value = kit_form_value(request->arena, (const char *)request->body.at, name);

    return value != NULL ? value : "";
}

/* Nobody inserts a card into a terminal where somebody is logged in. */
static void
insert_press(struct kiosk_machine *kiosk, const struct kit_request *request)
{
    const char *card = typed(request, "card");

    if (kiosk->screen == KIOSK_CARD && strlen(card) == 1 && card[0] >= '0' &&
        card[0] < '0' + KIOSK_CARDS)
        kiosk_insert(kiosk, &kiosk_cards[card[0] - '0']);
}

static void
press(struct kiosk_machine *kiosk, const struct kit_request *request)
{
    bool is_in = kiosk->screen == KIOSK_IN;

    if (text_eq(request->path, "/phone") && !is_in)
        kiosk_ask_phone(kiosk, request->arena);
    else if (text_eq(request->path, "/card") && !is_in)
        kiosk_show(kiosk, KIOSK_CARD);
    else if (text_eq(request->path, "/insert"))
        insert_press(kiosk, request);
    else if (text_eq(request->path, "/key") && kiosk->screen == KIOSK_PIN)
        kiosk_key(kiosk, request->arena, typed(request, "key"));
    else if (text_eq(request->path, "/stay") && is_in)
        kiosk_stay(kiosk, request->arena);
    else if (text_eq(request->path, "/issue") && is_in && kiosk->by_card)
        kiosk_issue(kiosk, request->arena);
    else if (text_eq(request->path, "/leave") && is_in)
        kiosk_leave(kiosk, request->arena);
    else if (text_eq(request->path, "/home") && !is_in)
        kiosk_show(kiosk, KIOSK_HOME);
}

static void
screen_answer(struct kiosk_machine *kiosk, const struct kit_request *request,
              struct kit_answer *out)
{
    struct buf page = buf_new(request->arena, 32768);

    kiosk_tick(kiosk, request->arena);
    kiosk_page(kiosk, &page);
    kit_answer_text(out, 200, "text/html; charset=utf-8", page.at);
    out->policy = policy;
}

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    struct kiosk_site *site = state;

    pthread_mutex_lock(&site->lock);
    if (strcmp(request->method, "POST") == 0) {
        press(&site->kiosk, request);
        kit_answer_text(out, 303, "text/plain", "");
        out->location = "/";
    } else if (text_eq(request->path, "/")) {
        screen_answer(&site->kiosk, request, out);
    }
    pthread_mutex_unlock(&site->lock);
}

int
main(int argc, char **argv)
{
    static struct kiosk_site site = { .lock = PTHREAD_MUTEX_INITIALIZER };
    struct arena *arena = arena_new(8 << 20);

    (void)argc;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return 1;
    call_trust(kit_argument(argv, "--ca", NULL));
    site.kiosk = (struct kiosk_machine) {
        .issuer = kit_argument(argv, "--issuer", "http://localhost:9080"),
        .client_id = kit_argument(argv, "--client-id", "kiosk"),
        .scope = kit_argument(argv, "--scope", "openid profile realname"),
        .idle_s = kit_argument_int(argv, "--idle", 90),
    };
    if (!kiosk_set_up(&site.kiosk, arena, kit_argument(argv, "--code", ""))) {
        fprintf(stderr, "kiosk_sim: the provider does not take the enrolment code\n");
        return 1;
    }
    kiosk_show(&site.kiosk, KIOSK_HOME);
    return kit_serve(&(struct sim_kit) { .name = "kiosk_sim", .state = &site, .handle = handle },
                     argv, kit_argument_int(argv, "--port", 9093));
}
