/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card_bureau_sim --port N [--app-id ID] [--secret SECRET]: a card office that knows some physical
 * social-security cards and their PINs. The wire is that of docs/adr/0043; it shares no code with
 * idp/connect, so that each judges the other.
 *
 * POST /card/check; GET /_control counts questions and shows the last body; POST /_control
 * manner=ok|slow|hang|down|cut|forged|replayed|stranger|later makes it answer late, never, 503, half,
 * under another's signature, with the answer to an earlier question, with a code that nobody knows, or
 * "later"; card_no=…&identity_number=…&name=…&pin=…&state=… adds a card or changes one. A card's PIN
 * is locked after six wrong ones in a row.
 */
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"

#define CARDS_MAX 64
#define TEXT_MAX 64
#define SLOW_MS 2500
#define WRONG_MAX 6
#define NONCE_BYTES 12
#define TAG_BYTES 16

struct sim_card {
    char card_no[TEXT_MAX];
    char identity_number[TEXT_MAX];
    char name[TEXT_MAX];
    char pin[TEXT_MAX];
    char state[TEXT_MAX]; /* normal lost not_enabled cancelled expired */
    int wrong;
};

static const struct sim_card cards_by_default[] = {
    { "X00000019", "11010519491231002X", "张三", "123456", "normal", 0 },
    { "X00000027", "440106196204150020", "李秀英", "123456", "lost", 0 },
    { "X00000035", "440305199008200033", "王小明", "123456", "normal", 0 },
    { "X00000060", "44050719310909001X", "尤福生", "123456", "normal", 0 },
};

struct card_sim {
    pthread_mutex_t lock;
    const char *app_id;
    const char *secret;
    struct sim_card cards[CARDS_MAX];
    size_t count;
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

static struct sim_card *
sim_card_find(struct card_sim *sim, const char *card_no)
{
    for (size_t i = 0; i < sim->count; i++)
        if (strcmp(sim->cards[i].card_no, card_no) == 0)
            return &sim->cards[i];
    return NULL;
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

static const char *
code_for(struct card_sim *sim, const struct question *question)
{
    struct sim_card *card = sim_card_find(sim, member(question->payload, "card_no"));
    const char *pin = pin_of(question);

    if (*pin == '\0' || strcmp(member(question->payload, "app_id"), sim->app_id) != 0)
        return "bad_request";
    if (card == NULL)
        return "no_such_card";
    if (strcmp(card->identity_number, member(question->payload, "identity_number")) != 0 ||
        strcmp(card->name, member(question->payload, "name")) != 0)
        return "data_differ";
    return strcmp(card->state, "normal") == 0 ? pin_judged(card, pin) : card->state;
}

/* --- Answering --- */

static void
answer_write(const struct card_sim *sim, const struct question *question, const char *question_id,
             const char *code, struct kit_answer *out)
{
    bool forged = strcmp(sim->manner, "forged") == 0;
    struct buf payload = buf_new(question->arena, 256);
    struct buf json = buf_new(question->arena, 512);
    const char *text;

    emit_object(&payload, NULL);
    emit_text(&payload, "question_id", question_id);
    emit_text(&payload, "code", code);
    emit_text(&payload, "check_id", arena_printf(question->arena, "CB%010d", sim->questions));
    emit_object_end(&payload);
    text = base64url_encode(question->arena, buf_view(&payload));
    emit_object(&json, NULL);
    emit_text(&json, "payload", text);
    emit_text(&json, "signature",
              signature_of(sim, question->arena, forged ? "nobody" : "answer", text));
    emit_object_end(&json);
    kit_answer_json(out, 200, &json);
}

static void
manner_take(const struct card_sim *sim, struct kit_answer *out)
{
    if (strcmp(sim->manner, "slow") == 0)
        out->delay_ms = SLOW_MS;
    if (strcmp(sim->manner, "hang") == 0)
        out->manner = KIT_NEVER;
    if (strcmp(sim->manner, "cut") == 0)
        out->manner = KIT_HALF;
}

static void
check_answer(struct card_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    const char *traceparent = kit_header(request, "traceparent");
    struct question question = question_read(sim, request);
    const char *id;
    const char *code;

    sim->questions++;
    snprintf(sim->body, sizeof(sim->body), "%s", (const char *)request->body.at);
    snprintf(sim->traceparent, sizeof(sim->traceparent), "%s", traceparent ? traceparent : "");
    if (strcmp(sim->manner, "down") == 0 || question.payload == NULL) {
        kit_answer_text(out, question.payload == NULL ? 401 : 503, "text/plain", "no\n");
        json_decref(question.payload);
        return;
    }
    id = member(question.payload, "question_id");
    code = code_for(sim, &question);
    if (strcmp(sim->manner, "stranger") == 0)
        code = "perhaps";
    if (strcmp(sim->manner, "later") == 0)
        code = "later";
    answer_write(sim, &question, strcmp(sim->manner, "replayed") == 0 ? sim->last_question : id,
                 code, out);
    snprintf(sim->last_question, sizeof(sim->last_question), "%s", id);
    manner_take(sim, out);
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
card_put(struct card_sim *sim, struct arena *arena, const char *form)
{
    const char *card_no = kit_form_value(arena, form, "card_no");
    struct sim_card *card = card_no != NULL ? sim_card_find(sim, card_no) : NULL;

    if (card == NULL && (card_no == NULL || sim->count == CARDS_MAX))
        return;
    if (card == NULL) {
        card = &sim->cards[sim->count++];
        *card = (struct sim_card) { .state = "normal" };
        put(card->card_no, card_no);
    }
    card->wrong = 0;
    put(card->identity_number, kit_form_value(arena, form, "identity_number"));
    put(card->name, kit_form_value(arena, form, "name"));
    put(card->pin, kit_form_value(arena, form, "pin"));
    put(card->state, kit_form_value(arena, form, "state"));
}

static void
control_answer(struct card_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    const char *form = (const char *)request->body.at;
    struct buf json = buf_new(request->arena, 512);

    if (strcmp(request->method, "POST") == 0) {
        put(sim->manner, kit_form_value(request->arena, form, "manner"));
        card_put(sim, request->arena, form);
    }
    emit_object(&json, NULL);
    emit_int(&json, "questions", sim->questions);
    emit_text(&json, "body", sim->body);
    emit_text(&json, "traceparent", sim->traceparent);
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
    else if (strcmp(request->method, "POST") == 0 && strcmp(request->path, "/card/check") == 0)
        check_answer(sim, request, out);
    pthread_mutex_unlock(&sim->lock);
}

int
main(int argc, char **argv)
{
    static struct card_sim sim = { .lock = PTHREAD_MUTEX_INITIALIZER, .manner = "ok" };

    (void)argc;
    sim.app_id = kit_argument(argv, "--app-id", "tongxing");
    sim.secret = kit_argument(argv, "--secret", "card-secret-0123456789-0123456789");
    sim.count = sizeof(cards_by_default) / sizeof(cards_by_default[0]);
    memcpy(sim.cards, cards_by_default, sizeof(cards_by_default));
    return kit_serve(
        &(struct sim_kit) { .name = "card_bureau_sim", .state = &sim, .handle = handle }, argv,
        kit_argument_int(argv, "--port", 0));
}
