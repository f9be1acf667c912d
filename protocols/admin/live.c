/* SPDX-License-Identifier: Apache-2.0 */
/* GET /live of the admin listener: what goes on at this moment, for a wall and whoever stands before it. */
#include "protocols/admin/live.h"

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/connect/physical_card.h"
#include "idp/connect/sms.h"
#include "idp/connect/wechat.h"
#include "idp/session/login_count.h"
#include "protocols/admin/curve.h"
#include "protocols/http/respond.h"

#define REFRESH_S "10"
#define REASONS_SHOWN 8
#define NO_FIGURE "\xe2\x80\x93" /* a dash */
#define MINUTE_S 60
#define DAY_S 86400
#define HOUR_S 3600

/* From here on somebody should look; as docs/monitoring/alerts.rules.yml has them. */
#define QUEUE_MANY 100
#define DELIVERIES_MANY 1000
#define ERRORS_MANY 5
#define ERRORS_SHARE 50 /* one in so many requests */
#define CERTIFICATE_SOON_S (14 * DAY_S)

static const char *
number(struct request *rq, int64_t figure)
{
    return arena_printf(rq->arena, "%lld", (long long)figure);
}

void
live_alarm(struct page *page, enum word sentence)
{
    page_word(page_row(page, "alarms"), "sentence", sentence);
}

/* --- Figures --- */

static struct curve
logins_of(enum channel_id channel, enum login_outcome outcome)
{
    struct curve curve = { .count = 0 };

    for (int way = 0; way < LOGIN_WAYS; way++)
        curve_grow(&curve, login_series((enum login_way)way, channel, outcome));
    return curve;
}

static void
logins_add(struct curve *curve, enum login_outcome outcome)
{
    for (enum channel_id channel = 0; channel < CHANNELS; channel++)
        for (int way = 0; way < LOGIN_WAYS; way++)
            curve_grow(curve, login_series((enum login_way)way, channel, outcome));
}

static void
errors_add(struct curve *curve)
{
    for (const struct problem *const *problem = all_problems; *problem != NULL; problem++)
        if ((*problem)->status >= 500)
            curve_grow(curve, problem_series(*problem));
}

static void
course_show(struct request *rq, struct page *row, const struct curve *curve)
{
    page_text(row, "points", curve_points(rq->arena, curve));
    page_text(row, "peak", number(rq, curve_peak(curve)));
}

struct tile {
    const char *id;
    enum word label;
};

static void
tile_show(struct request *rq, struct page *page, const struct tile *tile, const struct curve *curve)
{
    struct page *row = page_row(page, "tiles");

    page_text(row, "id", tile->id);
    page_word(row, "label", tile->label);
    page_text(row, "value", curve->count > 0 ? number(rq, curve_last(curve)) : NO_FIGURE);
    course_show(rq, row, curve);
}

static void
sessions_show(struct request *rq, struct page *page)
{
    int64_t live = metric_told(METRIC_SESSIONS_LIVE);
    struct page *row = page_row(page, "tiles");

    page_text(row, "id", "sessions");
    page_word(row, "label", WORD_live_sessions);
    if (live != METRIC_ABSENT) {
        page_text(row, "value", number(rq, live));
        return;
    }
    page_text(row, "value", NO_FIGURE);
    page_word(row, "remark", WORD_live_elsewhere);
}

static void
tiles_show(struct request *rq, struct page *page)
{
    struct curve logins = { .count = 0 };
    struct curve failures = { .count = 0 };
    struct curve registrations = { .count = 0 };
    struct curve requests = { .count = 0 };
    struct curve errors = { .count = 0 };

    logins_add(&logins, LOGIN_OK);
    logins_add(&failures, LOGIN_FAILED);
    logins_add(&failures, LOGIN_LOCKED);
    curve_grow(&registrations, METRIC_REGISTRATION_BANK);
    curve_grow(&requests, METRIC_HTTP_REQUESTS);
    errors_add(&errors);
    page_flag(page, "collecting", logins.count == 0);
    if (curve_last(&errors) > ERRORS_MANY + curve_last(&requests) / ERRORS_SHARE)
        live_alarm(page, WORD_live_alarm_errors);
    for (size_t i = 0; i < requests.count; i++)
        requests.at[i] = (requests.at[i] + MINUTE_S / 2) / MINUTE_S;
    tile_show(rq, page, &(struct tile) { "logins", WORD_live_logins }, &logins);
    tile_show(rq, page, &(struct tile) { "failures", WORD_live_failures }, &failures);
    tile_show(rq, page, &(struct tile) { "registrations", WORD_live_registrations },
              &registrations);
    tile_show(rq, page, &(struct tile) { "requests", WORD_live_requests }, &requests);
    tile_show(rq, page, &(struct tile) { "errors", WORD_live_errors }, &errors);
    sessions_show(rq, page);
}

static void
channels_show(struct request *rq, struct page *page)
{
    for (enum channel_id channel = 0; channel < CHANNELS; channel++) {
        struct curve curve = logins_of(channel, LOGIN_OK);
        struct page *row = page_row(page, "channels");

        page_text(row, "label", live_channel(rq, channels[channel].name));
        page_text(row, "minute", number(rq, curve_last(&curve)));
        page_text(row, "sum", number(rq, curve_sum(&curve)));
        course_show(rq, row, &curve);
    }
}

/* --- Why requests are refused --- */

struct live_reason {
    const struct problem *problem;
    int64_t minute;
    int64_t sum;
};

/* The most frequent ones, most of all first. */
static void
reason_rank(struct live_reason top[REASONS_SHOWN], const struct live_reason *reason)
{
    size_t i = REASONS_SHOWN;

    while (i > 0 && reason->sum > top[i - 1].sum) {
        if (i < REASONS_SHOWN)
            top[i] = top[i - 1];
        i--;
    }
    if (i < REASONS_SHOWN)
        top[i] = *reason;
}

static void
reasons_show(struct request *rq, struct page *page)
{
    struct live_reason top[REASONS_SHOWN] = { 0 };

    for (const struct problem *const *problem = all_problems; *problem != NULL; problem++) {
        struct curve curve = { .count = 0 };

        curve_grow(&curve, problem_series(*problem));
        reason_rank(top, &(struct live_reason) { *problem, curve_last(&curve), curve_sum(&curve) });
    }
    for (size_t i = 0; i < REASONS_SHOWN && top[i].sum > 0; i++) {
        struct page *row = page_row(page, "reasons");

        page_text(row, "symbol", top[i].problem->symbol);
        page_text(row, "sentence", problem_text(top[i].problem, rq->language));
        page_text(row, "minute", number(rq, top[i].minute));
        page_text(row, "sum", number(rq, top[i].sum));
    }
}

/* --- Queues, connectors --- */

static void
queues_show(struct request *rq, struct page *page)
{
    static const struct {
        enum metric gauge;
        enum word label;
        const char *id;
    } queues[] = {
        { METRIC_HTTP_QUEUE, WORD_live_workers, "workers" },
        { METRIC_LANE_HASH_LOAD, WORD_live_hashes, "hash" },
        { METRIC_LANE_BANK_LOAD, WORD_live_bank_checks, "bank" },
        { METRIC_LANE_SMS_LOAD, WORD_live_messages, "sms" },
        { METRIC_LANE_CARD_LOAD, WORD_live_card_checks, "card" },
        { METRIC_LANE_WECHAT_LOAD, WORD_live_wechat_asks, "wechat" },
        { METRIC_LANE_DIRECTORY_LOAD, WORD_live_directory_asks, "directory" },
        { METRIC_DELIVERIES_WAITING, WORD_live_deliveries, "deliveries" },
    };

    for (size_t i = 0; i < sizeof(queues) / sizeof(queues[0]); i++) {
        bool elsewhere = queues[i].gauge == METRIC_DELIVERIES_WAITING &&
                         metric_told(METRIC_DELIVERIES_WAITING) == METRIC_ABSENT;
        struct curve curve = { .count = 0 };
        struct page *row = page_row(page, "queues");

        page_text(row, "id", queues[i].id);
        page_word(row, "label", queues[i].label);
        page_text(row, "value", elsewhere ? NO_FIGURE : number(rq, metric_read(queues[i].gauge)));
        if (!elsewhere)
            curve_stand(&curve, queues[i].gauge);
        course_show(rq, row, &curve);
    }
    if (metric_read(METRIC_HTTP_QUEUE) > QUEUE_MANY)
        live_alarm(page, WORD_live_alarm_queue);
    if (metric_read(METRIC_DELIVERIES_WAITING) > DELIVERIES_MANY)
        live_alarm(page, WORD_live_alarm_deliveries);
}

struct live_connector {
    const char *id;
    enum word label;
    enum word alarm;
    bool present;
    enum metric is_open;
    enum metric time;
    enum metric good[3]; /* each ended by METRIC_COUNT */
    enum metric bad[2];
};

static int64_t
grown(const enum metric *metrics)
{
    struct curve curve = { .count = 0 };

    for (; *metrics != METRIC_COUNT; metrics++)
        curve_grow(&curve, *metrics);
    return curve_sum(&curve);
}

static void
connector_show(struct request *rq, struct page *page, const struct live_connector *connector)
{
    const enum metric time[] = { connector->time, METRIC_COUNT };
    int64_t good = grown(connector->good);
    int64_t bad = grown(connector->bad);
    bool open = metric_read(connector->is_open) > 0;
    struct page *row = page_row(page, "connectors");

    page_text(row, "id", connector->id);
    page_word(row, "label", connector->label);
    page_text(row, "mood", open ? "bad" : "well");
    if (!connector->present)
        page_word(row, "state", WORD_live_absent);
    else
        page_word(row, "state", open ? WORD_live_rests : WORD_live_works);
    page_text(row, "answers",
              arena_printf(rq->arena, "%lld / %lld", (long long)good, (long long)bad));
    page_text(row, "average",
              good + bad > 0 ? arena_printf(rq->arena, "%lld ms",
                                            (long long)(grown(time) / (good + bad) / 1000))
                             : NO_FIGURE);
    if (open)
        live_alarm(page, connector->alarm);
}

/* An answer that says no is a good one: the connector has done its work. */
static void
connectors_show(struct request *rq, struct page *page)
{
    const struct live_connector bank = {
        "bank",
        WORD_live_bank,
        WORD_live_alarm_bank,
        !text_is_empty(rq->ctx->settings->bank.url),
        METRIC_CONNECTOR_BANK,
        METRIC_BANK_SECONDS,
        { METRIC_BANK_MATCH, METRIC_BANK_MISMATCH, METRIC_COUNT },
        { METRIC_BANK_UNKNOWN, METRIC_COUNT },
    };
    const struct live_connector gateway = {
        "sms",
        WORD_live_gateway,
        WORD_live_alarm_gateway,
        sms_is_configured(rq->ctx->services->sms),
        METRIC_CONNECTOR_SMS,
        METRIC_SMS_SECONDS,
        { METRIC_SMS_SENT, METRIC_COUNT },
        { METRIC_SMS_FAILED, METRIC_COUNT },
    };

    const struct live_connector card = {
        "card",
        WORD_live_card,
        WORD_live_alarm_card,
        card_bureau_is_configured(rq->ctx->services->card_bureau),
        METRIC_CONNECTOR_CARD,
        METRIC_CARD_SECONDS,
        { METRIC_CARD_MATCH, METRIC_CARD_PIN_WRONG, METRIC_COUNT },
        { METRIC_CARD_NO_ANSWER, METRIC_COUNT },
    };
    const struct live_connector wechat = {
        "wechat",
        WORD_live_wechat,
        WORD_live_alarm_wechat,
        wechat_is_in_use(rq->ctx->services->wechat),
        METRIC_CONNECTOR_WECHAT,
        METRIC_WECHAT_SECONDS,
        { METRIC_WECHAT_OK, METRIC_WECHAT_CODE, METRIC_COUNT },
        { METRIC_WECHAT_UNKNOWN, METRIC_COUNT },
    };

    connector_show(rq, page, &bank);
    connector_show(rq, page, &gateway);
    connector_show(rq, page, &card);
    connector_show(rq, page, &wechat);
}

/* --- Certificates and keys --- */

struct live_end {
    enum metric end;
    enum word label;
    const char *id;
};

static void
time_left_show(struct request *rq, struct page *row, int64_t left_s)
{
    if (left_s <= 0)
        page_flag(row, "over", true);
    else if (left_s < 2 * DAY_S)
        page_text(row, "hours", number(rq, left_s / HOUR_S));
    else
        page_text(row, "days", number(rq, left_s / DAY_S));
}

/* A key's change is our own doing, and no end. */
static void
ends_show(struct request *rq, struct page *page)
{
    static const struct live_end ends[] = {
        { METRIC_CERTIFICATE_TLS, WORD_live_tls, "tls" },
        { METRIC_CERTIFICATE_BANK, WORD_live_bank_certificate, "bank" },
        { METRIC_KEYS_NEXT_CHANGE, WORD_live_keys, "keys" },
    };
    bool soon = false;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        int64_t end = metric_told(ends[i].end);
        bool ends_soon = end != METRIC_ABSENT && end - rq->now < CERTIFICATE_SOON_S &&
                         ends[i].end != METRIC_KEYS_NEXT_CHANGE;
        struct page *row = page_row(page, "ends");

        page_text(row, "id", ends[i].id);
        page_word(row, "label", ends[i].label);
        if (end != METRIC_ABSENT)
            time_left_show(rq, row, end - rq->now);
        page_text(row, "mood", ends_soon ? "bad" : "");
        soon |= ends_soon;
    }
    if (soon)
        live_alarm(page, WORD_live_alarm_certificate);
}

/* --- The page --- */

static void
heading_show(struct request *rq, struct page *page)
{
    const char *tag = languages[rq->language].tag;
    bool paused = param(rq, "pause") != NULL;

    page_text(page, "at", live_time_of_day(rq->arena, rq->now));
    page_text(page, "version", TONGXING_VERSION);
    page_flag(page, "paused", paused);
    page_text(page, "refresh_url",
              arena_printf(rq->arena, "/live?ui_locales=%s%s", tag, paused ? "" : "&pause=1"));
    if (!paused)
        respond_header(rq, "Refresh", REFRESH_S);
}

const struct problem *
endpoint_live(struct request *rq)
{
    struct page *page = page_new(rq, "live", WORD_live_title);

    page_on_wall(page);
    page_languages_here(page);
    heading_show(rq, page);
    if (!live_lists(rq, page))
        live_alarm(page, WORD_live_alarm_store);
    tiles_show(rq, page);
    channels_show(rq, page);
    reasons_show(rq, page);
    queues_show(rq, page);
    connectors_show(rq, page);
    ends_show(rq, page);
    return page_answer(rq, 200, page);
}
