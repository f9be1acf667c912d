/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world_sims.h"

#include <jansson.h>
#include <stdatomic.h>

#include "idp/base/text.h"
#include "idp/connect/https.h"
#include "tests/connect/sim_process.h"
#include "tests/sims/kit_wechat.h"

static struct {
    struct sim_process bank;
    struct sim_process sms;
    struct sim_process wechat;
    struct sim_process card;
    uint64_t tests;
} sims;

int
world_group_setup_with_sims(void **state)
{
    if (sim_start(&sims.bank, SIM_DIR "/bank_sim") != 0 ||
        sim_start(&sims.sms, SIM_DIR "/sms_sim") != 0 ||
        sim_start(&sims.wechat, SIM_DIR "/wechat_sim") != 0 ||
        sim_start(&sims.card, SIM_DIR "/card_bureau_sim") != 0)
        return -1;
    return world_group_setup(state);
}

int
world_group_teardown_with_sims(void **state)
{
    int bank = sim_stop(&sims.bank);
    int sms = sim_stop(&sims.sms);
    int card = sim_stop(&sims.card);
    int wechat = sim_stop(&sims.wechat);

    return world_group_teardown(state) != 0 || bank != 0 || sms != 0 || wechat != 0 || card != 0
               ? -1
               : 0;
}

static const char *
bank_file(struct world *w, const char *name)
{
    return arena_printf(w->arena, "%s/%s", sims.bank.folder, name);
}

static void
point_to_sims(struct world *w)
{
    w->settings.bank.url =
        arena_printf(w->arena, "http://127.0.0.1:%d/gateway/api/", sims.bank.port);
    w->settings.bank.merchant_id = "777290058110097";
    w->settings.bank.biz_type = "001001";
    w->settings.bank.certificate_file = bank_file(w, "merchant.pem");
    w->settings.bank.key_file = bank_file(w, "merchant.key");
    w->settings.bank.root_file = bank_file(w, "root.pem");
    w->settings.bank.middle_file = bank_file(w, "middle.pem");
    w->settings.bank.deadline_s = 1;
    w->settings.sms.url = arena_printf(w->arena, "http://127.0.0.1:%d/", sims.sms.port);
    w->settings.sms.access_key_id = "sim-key-id";
    w->settings.sms.access_key_secret = "sim-key-secret";
    w->settings.sms.sign_name = "Tongxing";
    w->settings.sms.template_code = "SMS_1";
    w->settings.sms.template_code_notice = "SMS_2";
    w->settings.wechat.official_appid = SIM_OFFICIAL_APPID;
    w->settings.wechat.official_secret = "sim-official-secret";
    w->settings.wechat.open_appid = SIM_OPEN_APPID;
    w->settings.wechat.open_secret = "sim-open-secret";
    w->settings.wechat.mini_appid = SIM_MINI_APPID;
    w->settings.wechat.mini_secret = "sim-mini-secret";
    w->settings.wechat.api_url = arena_printf(w->arena, "http://127.0.0.1:%d", sims.wechat.port);
    w->settings.wechat.page_url = w->settings.wechat.api_url;
    w->settings.wechat.deadline_s = 1;
    w->settings.card_bureau.url = arena_printf(w->arena, "http://127.0.0.1:%d/", sims.card.port);
    w->settings.card_bureau.app_id = "tongxing";
    w->settings.card_bureau.secret = "card-secret-0123456789-0123456789";
    w->settings.card_bureau.deadline_s = 1;
    atomic_store(&w->drawn, ++sims.tests << 32);
}

int
world_setup_with_sims(void **state)
{
    return world_setup_adjusted(state, point_to_sims);
}

static struct bytes
ask(struct world *w, int port, const char *path, const char *form)
{
    struct https_answer answer;
    const struct https_request request = {
        .method = form != NULL ? "POST" : "GET",
        .url = arena_printf(w->arena, "http://127.0.0.1:%d%s", port, path),
        .trust = TRUST_CONFIGURED,
        .content_type = "application/x-www-form-urlencoded",
        .body = bytes_of_text(form != NULL ? form : ""),
        .deadline_s = 5,
        .max_answer_bytes = 1 << 20,
    };

    assert_int_equal(https_call(w->services.https, w->arena, &request, &answer), OK);
    assert_int_equal(answer.status, 200);
    return answer.body;
}

void
world_bank_control(struct world *w, const char *form)
{
    (void)ask(w, sims.bank.port, "/_control", form);
}

void
world_sms_control(struct world *w, const char *form)
{
    (void)ask(w, sims.sms.port, "/_control", form);
}

void
world_card_control(struct world *w, const char *form)
{
    (void)ask(w, sims.card.port, "/_control", form);
}

static json_t *
json_of(struct bytes text)
{
    json_t *root = json_loadb((const char *)text.at, text.size, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(root);
    return root;
}

static json_t *
messages_to(struct world *w, const char *phone)
{
    return json_of(
        ask(w, sims.sms.port, arena_printf(w->arena, "/messages.json?phone=%s", phone), NULL));
}

const char *
world_sms_says(struct world *w, const char *phone, const char *member)
{
    json_t *messages = messages_to(w, phone);
    const char *text = json_string_value(json_object_get(json_array_get(messages, 0), member));

    text = text != NULL ? arena_text(w->arena, text) : NULL;
    json_decref(messages);
    return text;
}

const char *
world_sms_code(struct world *w, const char *phone)
{
    return world_sms_says(w, phone, "code");
}

const char *
world_sms_notice(struct world *w, const char *phone)
{
    json_t *messages = messages_to(w, phone);
    const char *what = json_string_value(json_object_get(json_array_get(messages, 0), "what"));

    what = text_is_empty(what) ? NULL : arena_text(w->arena, what);
    json_decref(messages);
    return what;
}

size_t
world_sms_count(struct world *w, const char *phone)
{
    json_t *messages = messages_to(w, phone);
    size_t count = json_array_size(messages);

    json_decref(messages);
    return count;
}

struct world_bank_traffic
world_bank_traffic(struct world *w)
{
    json_t *root = json_of(ask(w, sims.bank.port, "/_control", NULL));
    struct world_bank_traffic traffic = { 0 };
    json_t *order;
    size_t i;

    json_array_foreach(json_object_get(root, "orders"), i, order)
    {
        traffic.checks += json_integer_value(json_object_get(order, "checks"));
        traffic.queries += json_integer_value(json_object_get(order, "queries"));
    }
    json_decref(root);
    return traffic;
}

void
world_wechat_control(struct world *w, const char *form)
{
    (void)ask(w, sims.wechat.port, "/_control", form);
}

int64_t
world_wechat_calls(struct world *w, const char *name)
{
    json_t *root = json_of(ask(w, sims.wechat.port, "/_control", NULL));
    int64_t count = json_integer_value(json_object_get(root, name));

    json_decref(root);
    return count;
}
