/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/show.h"

#include <pthread.h>
#include <stdio.h>

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/card/code.h"
#include "idp/card/mirror.h"
#include "policies/channel.h"

#define LABELS_BYTES 64

/* --- What is counted, and what is told --- */

static const struct {
    const struct problem *problem;
    const char *reason; /* of the metric, and of the audit record */
} refusals[] = {
    { &problem_card_code_key, "key" },
    { &problem_card_code_lost, "lost" },
    { &problem_card_code_suspended, "suspended" },
    { &problem_card_code_revoked, "revoked" },
    { &problem_card_code_inactive, "inactive" },
    { &problem_card_code_lapsed, "expired" },
    { &problem_card_code_level, "level" },
    { &problem_card_code_password, "password" },
    { &problem_card_code_clock, "clock" },
    { &problem_card_link_proof, "proof" },
    { &problem_card_link_bound, "unbound" },
    { &problem_card_register_stale, "stale" },
};

#define REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

static unsigned shown_series[CARD_PURPOSES][CHANNELS];
static unsigned refused_series[REFUSALS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
series_name(void)
{
    char labels[LABELS_BYTES];

    for (size_t purpose = CARD_PURPOSE_NONE + 1; purpose < CARD_PURPOSES; purpose++)
        for (size_t channel = 0; channel < CHANNELS; channel++) {
            snprintf(labels, sizeof(labels), "purpose=\"%s\",channel=\"%s\"",
                     card_purpose_rule((enum card_purpose)purpose)->name, channels[channel].name);
            shown_series[purpose][channel] = metric_series(METRIC_CARD_CODES, labels);
        }
    for (size_t i = 0; i < REFUSALS; i++) {
        snprintf(labels, sizeof(labels), "reason=\"%s\"", refusals[i].reason);
        refused_series[i] = metric_series(METRIC_CARD_CODES_REFUSED, labels);
    }
}

static void
count_shown(const struct card_showing *showing)
{
    const struct channel_rule *rule =
        showing->in_app ? &channels[CHANNEL_app] : channel_rule(showing->session->channel);

    pthread_once(&once, series_name);
    if (rule >= channels && rule < channels + CHANNELS)
        metric_series_add(shown_series[showing->purpose][rule - channels], 1);
}

void
card_refused(struct ctx *ctx, const struct stored_session *session, const struct problem *problem)
{
    pthread_once(&once, series_name);
    for (size_t i = 0; i < REFUSALS; i++) {
        if (refusals[i].problem != problem)
            continue;
        metric_series_add(refused_series[i], 1);
        audit_note(ctx, &(struct audit_record) { .event = AUDIT_CARD_CODE_REFUSED,
                                                 .reason = refusals[i].reason,
                                                 .subject = session->subject,
                                                 .sid = session->sid });
    }
}

/* --- What must hold --- */

/* Reported to us, and what its office says of the physical one, are two matters to who asks why. */
static const struct problem *
stopped(const struct card *card)
{
    if (card->row.loss != CARD_NOT_LOST)
        return &problem_card_code_lost;
    return card->state == CARD_REVOKED ? &problem_card_code_revoked : &problem_card_code_suspended;
}

static const struct problem *
judge_state(const struct card *card)
{
    switch (card->state) {
    case CARD_ACTIVE:
        return NULL;
    case CARD_SUSPENDED:
    case CARD_REVOKED:
        return stopped(card);
    case CARD_INACTIVE:
        return &problem_card_code_inactive;
    case CARD_LAPSED:
        return &problem_card_code_lapsed;
    case CARD_CLOSED:
    case CARD_EFFECTIVES:
        return &problem_ecard_none;
    }
    return &problem_ecard_none;
}

const struct problem *
card_usable(struct ctx *ctx, const struct card *card)
{
    const struct problem *problem = card_mirror_fresh(ctx);

    return problem != NULL ? problem : judge_state(card);
}

static const struct problem *
judge(struct ctx *ctx, const struct card_showing *showing)
{
    const struct card_purpose_rule *rule = card_purpose_rule(showing->purpose);
    const struct problem *problem = card_usable(ctx, showing->card);

    if (problem != NULL)
        return problem;
    if (showing->card->row.own_state < rule->level)
        return &problem_card_code_level;
    return rule->password && !showing->password_given ? &problem_card_code_password : NULL;
}

static const struct problem *
issue(struct ctx *ctx, const struct card_showing *showing, struct card_shown *out)
{
    struct card_code_order order = { .card_id = showing->card->row.card_id,
                                     .sid = showing->session->sid,
                                     .purpose = showing->purpose };
    enum err err = showing->in_app ? card_code_issue_in_app(ctx, &order, &out->code)
                                   : card_code_issue(ctx, &order, &out->code);

    if (err == ERR_EXPIRED)
        return &problem_card_code_clock;
    if (err != OK)
        return problem_of(err);
    out->expires_in = CARD_CODE_LIFE_S;
    return NULL;
}

const struct problem *
card_code_show(struct ctx *ctx, const struct card_showing *showing, struct card_shown *out)
{
    const struct problem *problem = judge(ctx, showing);

    if (problem == NULL)
        problem = issue(ctx, showing, out);
    if (problem == NULL)
        count_shown(showing);
    else
        card_refused(ctx, showing->session, problem);
    return problem;
}
