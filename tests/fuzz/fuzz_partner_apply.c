/* SPDX-License-Identifier: Apache-2.0 */
/* A whole file of partners, as `tongxing partner apply --plan` reads it. */
#include "idp/base/buf.h"
#include "idp/base/unwind.h"
#include "idp/partner/apply.h"
#include "tests/fuzz/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct plan {
    struct world *w;
    struct arena *arena;
    struct bytes json;
};

static void
plan_run(void *state)
{
    struct plan *plan = state;
    struct ctx ctx = ctx_new(&plan->w->services, plan->arena, plan->w->store);
    struct buf report = buf_new(plan->arena, 1024);

    (void)!partner_apply(&ctx, plan->json, &(struct partner_order) { .plan = true }, &report);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct plan plan = { fuzz_world(), arena_new(FUZZ_ARENA_BYTES), bytes_of(data, size) };

    (void)!unwind_run(plan_run, &plan);
    arena_free(plan.arena);
    return 0;
}
