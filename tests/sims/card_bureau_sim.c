/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card_bureau_sim --port N [--app-id ID] [--secret SECRET]: a card office that knows some physical
 * social-security cards and their PINs, and feeds what changes of them. The wire is that of
 * docs/adr/0043 and 0050; it shares no code with idp/connect, so that each judges the other.
 *
 * POST /card/check, /card/changes, /card/loss; GET /_control counts questions, pulls and changes, and
 * shows the last body and the losses that were told; POST /_control
 * manner=ok|slow|hang|down|cut|forged|replayed|stranger|later makes /card/check answer late, never, 503,
 * half, under another's signature, with the answer to an earlier question, with a code that nobody
 * knows, or "later"; feed= the same of /card/changes, and big (10 MB), stale or ahead (as_of), gap, back
 * (positions), shuffled (backwards, and twice); loss=ok|refused|later|down|hang of /card/loss;
 * card_no=…&state=… and the other members of a card add it or change it, which the feed tells. A card's
 * PIN is locked after six wrong ones in a row.
 */
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_cards.h"

#define TEXT_MAX SIM_TEXT_MAX
#define SLOW_MS 2500
#define WRONG_MAX 6
#define NONCE_BYTES 12
#define TAG_BYTES 16
#define BIG_BYTES ((size_t)10 << 20)

struct card_sim {
    pthread_mutex_t lock;
    const char *app_id;
    const char *secret;
    struct sim_cards cards;
    char manner[TEXT_MAX];
    char last_question[TEXT_MAX]; /* what a replay answers */
    char body[8192];
    char traceparent[TEXT_MAX];
    int questions;
};

/* --- Signatures --- */

static const char *
mac_of(const struct card_sim *sim, struct arena *arena, const char *text)
{
    unsigned char mac[32];

    HMAC(EVP_sha256(), sim->secret, (int)strlen(sim->secret), (const unsigned char *)text,
         strlen(text), mac, NULL);
    return hex_encode(arena, bytes_of(mac, sizeof(mac)));
}

static const char *
signature_of(const struct card_sim *sim, struct arena *arena, const char *side, const char *payload)
{
    return mac_of(sim, arena, arena_printf(arena, "%s\n%s\n%s", side, sim->app_id, payload));
}

/* --- What is asked --- */

struct question {
    const struct card_sim *sim;
    struct arena *arena;
    json_t *payload; /* NULL: nothing that can be believed */
};

static const char *
member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

static struct question
question_read(const struct card_sim *sim, const struct kit_request *request)
{
    struct question question = { sim, request->arena, NULL };
    json_t *root = json_loadb((const char *)request->body.at, request->body.size,
                              JSON_REJECT_DUPLICATES, NULL);
    const char *payload = member(root, "payload");
    struct bytes bytes;

    if (strcmp(member(root, "signature"), signature_of(sim, request->arena, "request", payload)) ==
            0 &&
        base64url_decode(request->arena, payload, strlen(payload), &bytes) == OK)
        question.payload =
            json_loadb((const char *)bytes.at, bytes.size, JSON_REJECT_DUPLICATES, NULL);
    json_decref(root);
    return question;
}

static bool
unsealed(EVP_CIPHER_CTX *cipher, const unsigned char *key, struct bytes sealed, const char *aad,
         unsigned char *out)
{
    int size = (int)(sealed.size - NONCE_BYTES - TAG_BYTES);
    int written;

    return EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, sealed.at) == 1 &&
           EVP_DecryptUpdate(cipher, NULL, &written, (const unsigned char *)aad,
                             (int)strlen(aad)) == 1 &&
           EVP_DecryptUpdate(cipher, out, &written, sealed.at + NONCE_BYTES, size) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TAG_BYTES,
                               (void *)(sealed.at + NONCE_BYTES + size)) == 1 &&
           EVP_DecryptFinal_ex(cipher, out + size, &written) == 1;
}

/* "" when it cannot be opened. */
static const char *
pin_of(const struct question *question)
{
    const char *text = member(question->payload, "pin_sealed");
    const char *secret = question->sim->secret;
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    unsigned char key[32];
    struct bytes sealed;
    char *pin = arena_alloc(question->arena, TEXT_MAX);
    bool good;

    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)"pin", 3, key, NULL);
    good = base64url_decode(question->arena, text, strlen(text), &sealed) == OK &&
           sealed.size > NONCE_BYTES + TAG_BYTES &&
           sealed.size < NONCE_BYTES + TAG_BYTES + TEXT_MAX &&
           unsealed(cipher, key, sealed, member(question->payload, "question_id"),
                    (unsigned char *)pin);
    EVP_CIPHER_CTX_free(cipher);
    return good ? pin : "";
}

static const char *
pin_judged(struct sim_card *card, const char *pin)
{
    if (card->wrong >= WRONG_MAX)
        return "pin_locked";
    if (strcmp(card->pin, pin) == 0) {
        card->wrong = 0;
        return "match";
    }
    card->wrong++;
    return "pin_wrong";
}

/* What the check says of a card that is not a good one. */
static const char *
stop_of(const char *state)
{
    if (strcmp(state, "void") == 0)
        return "cancelled";
    if (strcmp(state, "provisional") == 0 || strcmp(state, "locked") == 0)
        return "lost";
    return state;
}

static const char *
code_for(struct card_sim *sim, const struct question *question)
{
    struct sim_card *card = sim_card_find(&sim->cards, member(question->payload, "card_no"));
    const char *pin = pin_of(question);

    if (*pin == '\0' || strcmp(member(question->payload, "app_id"), sim->app_id) != 0)
        return "bad_request";
    if (card == NULL)
        return "no_such_card";
    if (strcmp(card->identity_number, member(question->payload, "identity_number")) != 0 ||
        strcmp(card->name, member(question->payload, "name")) != 0)
        return "data_differ";
    return strcmp(card->state, "normal") == 0 ? pin_judged(card, pin) : stop_of(card->state);
}

/* --- Answering --- */

/* One question's answer: whose manner, and the members that its path puts there. */
struct answering {
    struct card_sim *sim;
    const struct question *question;
    const char *manner;
    struct kit_answer *out;
};

static struct buf
payload_begin(const struct answering *answering)
{
    const char *id = member(answering->question->payload, "question_id");
    struct buf payload = buf_new(answering->question->arena, 1024);
    bool replayed = strcmp(answering->manner, "replayed") == 0;

    emit_object(&payload, NULL);
    emit_text(&payload, "question_id", replayed ? answering->sim->last_question : id);
    snprintf(answering->sim->last_question, TEXT_MAX, "%s", id);
    return payload;
}

static void
manner_take(const struct answering *answering)
{
    if (strcmp(answering->manner, "slow") == 0)
        answering->out->delay_ms = SLOW_MS;
    if (strcmp(answering->manner, "hang") == 0)
        answering->out->manner = KIT_NEVER;
    if (strcmp(answering->manner, "cut") == 0)
        answering->out->manner = KIT_HALF;
}

static void
payload_send(const struct answering *answering, struct buf *payload)
{
    struct arena *arena = answering->question->arena;
    bool forged = strcmp(answering->manner, "forged") == 0;
    struct buf json = buf_new(arena, 512);
    const char *text;

    emit_object_end(payload);
    text = base64url_encode(arena, buf_view(payload));
    emit_object(&json, NULL);
    emit_text(&json, "payload", text);
    emit_text(&json, "signature",
              signature_of(answering->sim, arena, forged ? "nobody" : "answer", text));
    emit_object_end(&json);
    kit_answer_json(answering->out, 200, &json);
    manner_take(answering);
}

static void
check_answer(const struct answering *answering)
{
    struct card_sim *sim = answering->sim;
    struct buf payload = payload_begin(answering);
    const char *code = code_for(sim, answering->question);

    if (strcmp(answering->manner, "stranger") == 0)
        code = "perhaps";
    if (strcmp(answering->manner, "later") == 0)
        code = "later";
    emit_text(&payload, "code", code);
    emit_text(&payload, "check_id",
              arena_printf(answering->question->arena, "CB%010d", sim->questions));
    payload_send(answering, &payload);
}

static void
big_send(const struct answering *answering)
{
    char *big = arena_alloc(answering->question->arena, BIG_BYTES + 1);

    memset(big, '[', BIG_BYTES);
    kit_answer_text(answering->out, 200, "application/json", big);
}

static void
changes_answer(const struct answering *answering)
{
    struct buf payload = payload_begin(answering);

    answering->sim->cards.pulls++;
    if (strcmp(answering->manner, "big") == 0) {
        big_send(answering);
        return;
    }
    sim_changes_write(&answering->sim->cards, answering->question->payload, &payload);
    payload_send(answering, &payload);
}

static void
loss_answer(const struct answering *answering)
{
    struct buf payload = payload_begin(answering);

    emit_text(&payload, "code",
              sim_loss_take(&answering->sim->cards, answering->question->payload));
    payload_send(answering, &payload);
}

/* The paths, and by which of the manners each is ruled. */
static const struct sim_path {
    const char *path;
    size_t manner; /* in struct card_sim */
    void (*answer)(const struct answering *answering);
} paths[] = {
    { "/card/check", offsetof(struct card_sim, manner), check_answer },
    { "/card/changes", offsetof(struct card_sim, cards.feed), changes_answer },
    { "/card/loss", offsetof(struct card_sim, cards.loss), loss_answer },
};

static void
question_answer(struct card_sim *sim, const struct sim_path *path,
                const struct kit_request *request, struct kit_answer *out)
{
    const char *traceparent = kit_header(request, "traceparent");
    struct question question = question_read(sim, request);
    const struct answering answering = { sim, &question, (const char *)sim + path->manner, out };

    sim->questions += path->answer == check_answer;
    snprintf(sim->body, sizeof(sim->body), "%s", (const char *)request->body.at);
    snprintf(sim->traceparent, sizeof(sim->traceparent), "%s", traceparent ? traceparent : "");
    if (question.payload == NULL)
        kit_answer_text(out, 401, "text/plain", "no\n");
    else if (strcmp(answering.manner, "down") == 0)
        kit_answer_text(out, 503, "text/plain", "no\n");
    else
        path->answer(&answering);
    json_decref(question.payload);
}

/* --- What tests and the demo say to it --- */

static void
put(char out[static TEXT_MAX], const char *value)
{
    if (value != NULL)
        snprintf(out, TEXT_MAX, "%s", value);
}

static void
control_answer(struct card_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    const char *form = (const char *)request->body.at;
    struct buf json = buf_new(request->arena, 512);

    if (strcmp(request->method, "POST") == 0) {
        put(sim->manner, kit_form_value(request->arena, form, "manner"));
        put(sim->cards.feed, kit_form_value(request->arena, form, "feed"));
        put(sim->cards.loss, kit_form_value(request->arena, form, "loss"));
        sim_card_put(&sim->cards, request->arena, form);
    }
    emit_object(&json, NULL);
    emit_int(&json, "questions", sim->questions);
    emit_text(&json, "body", sim->body);
    emit_text(&json, "traceparent", sim->traceparent);
    emit_int(&json, "pulls", sim->cards.pulls);
    emit_int(&json, "changes", (int64_t)sim->cards.change_count);
    sim_losses_write(&sim->cards, &json);
    emit_object_end(&json);
    kit_answer_json(out, 200, &json);
}

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    struct card_sim *sim = state;

    pthread_mutex_lock(&sim->lock);
    if (strcmp(request->path, "/_control") == 0)
        control_answer(sim, request, out);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (strcmp(request->method, "POST") == 0 && strcmp(request->path, paths[i].path) == 0)
            question_answer(sim, &paths[i], request, out);
    pthread_mutex_unlock(&sim->lock);
}

int
main(int argc, char **argv)
{
    static struct card_sim sim = { .lock = PTHREAD_MUTEX_INITIALIZER, .manner = "ok" };

    (void)argc;
    sim.app_id = kit_argument(argv, "--app-id", "tongxing");
    sim.secret = kit_argument(argv, "--secret", "card-secret-0123456789-0123456789");
    sim_cards_begin(&sim.cards);
    return kit_serve(
        &(struct sim_kit) { .name = "card_bureau_sim", .state = &sim, .handle = handle }, argv,
        kit_argument_int(argv, "--port", 0));
}
