/* SPDX-License-Identifier: Apache-2.0 */
/* An answer by text message: what the gateway hands on, and what comes of it. */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "idp/connect/sms_uplink.h"
#include "idp/server/life/outbox.h"
#include "tests/protocols/oauth2/backchannel_kit.h"
#include "tests/world_sims.h"

#define SECRET "shared with the gateway"
#define PHONE "13800138000"

static void
receives(struct world *w)
{
    w->settings.sms.template_code_reply = "SMS_REPLY";
    w->settings.sms.template_partner = "partner";
    w->settings.sms.callback_secret = SECRET;
}

static struct bytes
hex(struct world *w, const unsigned char *at)
{
    return bytes_of_text(hex_encode(w->arena, bytes_of(at, 32)));
}

static const char *
signed_at(struct world *w, unix_s at, const char *nonce, const char *body)
{
    struct digest hash = digest_of_text(body);
    unsigned char mac[32];
    const char *text = arena_printf(w->arena, "SMS-UPLINK-HMAC-SHA256\n%lld\n%s\n%s", (long long)at,
                                    nonce, (const char *)hex(w, hash.bytes).at);

    HMAC(EVP_sha256(), SECRET, (int)strlen(SECRET), (const unsigned char *)text, strlen(text), mac,
         NULL);
    return arena_printf(w->arena, "SMS-UPLINK-HMAC-SHA256 Timestamp=%lld,Nonce=%s,Signature=%s",
                        (long long)at, nonce, (const char *)hex(w, mac).at);
}

static void
uplink(struct world *w, const char *authorization, const char *body)
{
    world_audit_mark(w);
    world_send(w, &(struct world_call) { .target = "/sms/uplink",
                                         .form = body,
                                         .content_type = "application/json",
                                         .authorization = authorization,
                                         .without_cookies = true });
}

static void
sends(struct world *w, const char *phone, const char *content)
{
    static int calls;
    const char *body =
        arena_printf(w->arena,
                     "[{\"phone_number\":\"%s\",\"content\":\"%s\",\"send_time\":"
                     "\"2026-01-01 08:00:00\",\"sign_name\":\"T\",\"sequence_id\":1}]",
                     phone, content);

    uplink(w,
           signed_at(w, world_ctx(w).now, arena_printf(w->arena, "nonce-0123456789-%d", calls++),
                     body),
           body);
}

static void
deliver(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool worked = true;

    while (worked)
        world_must(outbox_deliver(&ctx, &worked), "delivery");
}

/* The number that her phone was sent. */
static const char *
number_asked(struct world *w, const char **auth_req_id)
{
    receives(w);
    world_person(w, 0);
    *auth_req_id = bc_ask(w, "texting", "login_hint=" PHONE, "&binding_message=%E6%9F%A5%E8%AF%A2");
    assert_non_null(*auth_req_id);
    deliver(w);
    return world_sms_says(w, PHONE, "number");
}

static void
an_answered_message_logs_her_in(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *number = number_asked(w, &auth_req_id);

    assert_int_equal(strlen(number), 6);
    assert_string_equal(world_sms_says(w, PHONE, "what"), "查询");
    assert_string_equal(world_sms_says(w, PHONE, "partner"), "短信办事");
    bc_poll(w, "texting", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
    sends(w, "86" PHONE, arena_printf(w->arena, " %s ", number));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(w->answer.body, "{\"code\":0,\"msg\":\"OK\"}");
    assert_audited(w, AUDIT_APPROVAL_GIVEN, "reply");
    bc_poll(w, "texting", auth_req_id);
    assert_int_equal(w->answer.status, 200);
}

/* What such a login may reach is the row `message` of policies/channel.def. */
static void
it_reaches_what_the_channel_is_worth_and_tells_who_she_is_alone(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *number = number_asked(w, &auth_req_id);
    const char *id_token;
    struct bytes payload;
    const char *dot;

    sends(w, PHONE, number);
    bc_poll(w, "texting", auth_req_id);
    assert_string_equal(world_json(w, "scope"), "openid");
    id_token = strchr(world_tokens_of(w).id, '.') + 1;
    dot = strchr(id_token, '.');
    assert_int_equal(base64url_decode(w->arena, id_token, (size_t)(dot - id_token), &payload), OK);
    assert_non_null(strstr((const char *)payload.at, "\"acr\":\"urn:hrss:acr:l1\""));
    assert_non_null(strstr((const char *)payload.at, "\"amr\":[\"sms\"]"));
    assert_null(strstr((const char *)payload.at, "\"name\""));
}

static void
sent_twice_it_is_one_answer(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *number = number_asked(w, &auth_req_id);

    sends(w, PHONE, number);
    sends(w, PHONE, number);
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_audit_count(w, AUDIT_APPROVAL_GIVEN), 0); /* since the first */
    bc_poll(w, "texting", auth_req_id);
    assert_int_equal(w->answer.status, 200);
}

static void
what_fits_no_question_is_refused_and_counted(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *number = number_asked(w, &auth_req_id);

    sends(w, "13800138001", number); /* somebody else's phone */
    assert_audited(w, AUDIT_REPLY_REJECTED, "unknown");
    sends(w, "not a number", number);
    assert_audited(w, AUDIT_REPLY_REJECTED, "number");
    for (int i = 0; i < 5; i++) {
        sends(w, PHONE, i == 0 ? "yes" : "000000");
        assert_int_equal(w->answer.status, 200);
        assert_audited(w, AUDIT_REPLY_REJECTED, "unknown");
    }
    sends(w, PHONE, number); /* too many wrong ones */
    assert_audited(w, AUDIT_REPLY_REJECTED, "tries");
    bc_poll(w, "texting", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
}

static void
what_is_over_is_not_answered(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *number = number_asked(w, &auth_req_id);

    world_advance(w, 300);
    sends(w, PHONE, number);
    assert_audited(w, AUDIT_REPLY_REJECTED, "unknown");
}

/* A number that was not proven lately may have a new owner: no message goes to it. */
static void
a_phone_proven_long_ago_is_not_written_to(void **state)
{
    struct world *w = *state;
    size_t before;

    receives(w);
    world_person(w, 0);
    before = world_sms_count(w, PHONE);
    world_advance(w, w->settings.life.phone_s);
    assert_non_null(bc_ask(w, "texting", "login_hint=" PHONE, ""));
    deliver(w);
    assert_int_equal(world_sms_count(w, PHONE), before);
}

static void
messages_to_one_number_are_bounded(void **state)
{
    struct world *w = *state;

    receives(w);
    world_person(w, 0);
    assert_non_null(bc_ask(w, "texting", "login_hint=" PHONE, ""));
    assert_null(bc_ask(w, "texting", "login_hint=" PHONE, ""));
    assert_refused(w, &problem_sms_too_soon);
    for (int i = 0; i < 5; i++) { /* nobody was asked: it is no question that waits */
        assert_null(bc_ask(w, "texting", "login_hint=" PHONE, ""));
        assert_refused(w, &problem_sms_too_soon);
    }
    assert_non_null(bc_ask(w, "texting", "login_hint=13900139000", "")); /* and nobody's the same */
    assert_null(bc_ask(w, "texting", "login_hint=13900139000", ""));
    assert_refused(w, &problem_sms_too_soon);
}

static void
a_call_is_signed_fresh_and_for_once(void **state)
{
    static const char body[] = "[]";
    struct world *w = *state;
    unix_s now = world_ctx(w).now;
    const char *good;

    receives(w);
    good = signed_at(w, now, "nonce-0123456789", body);
    uplink(w, good, body);
    assert_int_equal(w->answer.status, 200);
    uplink(w, good, body);
    assert_refused(w, &problem_uplink_unsigned);
    assert_audited(w, AUDIT_REPLY_REJECTED, "replayed");
    uplink(w, signed_at(w, now, "nonce-0123456789-b", body), "[ ]");
    assert_audited(w, AUDIT_REPLY_REJECTED, "signature");
    uplink(w, NULL, body);
    assert_refused(w, &problem_uplink_unsigned);
    uplink(w, signed_at(w, now - 301, "nonce-0123456789-c", body), body);
    assert_audited(w, AUDIT_REPLY_REJECTED, "time");
    uplink(w, signed_at(w, now + 301, "nonce-0123456789-d", body), body);
    assert_audited(w, AUDIT_REPLY_REJECTED, "time");
    uplink(w, signed_at(w, now, "nonce-0123456789-e", "{}"), "{}");
    assert_refused(w, &problem_uplink_malformed);
    assert_audited(w, AUDIT_REPLY_REJECTED, "form");
}

static void
where_no_secret_is_set_nobody_listens(void **state)
{
    struct world *w = *state;

    uplink(w, signed_at(w, world_ctx(w).now, "nonce-0123456789", "[]"), "[]");
    assert_refused(w, &problem_not_found);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(an_answered_message_logs_her_in),
        world_sims_test(it_reaches_what_the_channel_is_worth_and_tells_who_she_is_alone),
        world_sims_test(sent_twice_it_is_one_answer),
        world_sims_test(what_fits_no_question_is_refused_and_counted),
        world_sims_test(what_is_over_is_not_answered),
        world_sims_test(a_phone_proven_long_ago_is_not_written_to),
        world_sims_test(messages_to_one_number_are_bounded),
        world_sims_test(a_call_is_signed_fresh_and_for_once),
        world_sims_test(where_no_secret_is_set_nobody_listens),
    };

    return world_sims_run(tests);
}
