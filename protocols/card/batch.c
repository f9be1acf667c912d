/* SPDX-License-Identifier: Apache-2.0 */
/* POST /card/codes/batch: what a terminal scanned while it was off line (docs/adr/0052). */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/card/scan_batch.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

/* What is not listed is our own fault, or passes: the line may be sent again. */
static const struct {
    const struct problem *problem;
    const char *word;
} words[] = {
    { NULL, "accepted" },
    { &problem_card_code_not_good, "not_good" },
    { &problem_card_code_malformed, "malformed" },
    { &problem_card_code_purpose, "purpose" },
    { &problem_card_code_region, "region" },
    { &problem_card_scanner_blocked, "blocked" },
};

static const char *
result_word(const struct problem *problem)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].problem == problem)
            return words[i].word;
    return "try_again";
}

static const struct problem *
batch_answer(struct request *rq, const struct card_batch *batch,
             const struct card_batch_results *results)
{
    struct buf json = buf_new(rq->arena, 8192);

    emit_object(&json, NULL);
    emit_array(&json, "results");
    for (size_t i = 0; i < batch->count; i++)
        emit_text(&json, NULL, result_word(results->at[i]));
    emit_array_end(&json);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
endpoint_card_batch(struct request *rq)
{
    struct card_batch *batch = arena_alloc(rq->arena, sizeof(*batch));
    struct card_batch_results *results = arena_alloc(rq->arena, sizeof(*results));
    const char *scans = param(rq, "scans");

    if (rq->terminal == NULL)
        return &problem_terminal_missing;
    if (text_is_empty(rq->partner->profile.card_purposes))
        return &problem_card_scan_partner;
    if (scans == NULL || card_batch_parse(rq->arena, scans, batch) != OK)
        return &problem_card_batch_malformed;
    card_scan_batch(rq->ctx, rq->partner, batch, results);
    return batch_answer(rq, batch, results);
}
