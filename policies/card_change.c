/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_change.h"

#include "policies/card_field.h"
#include "policies/card_state.h"

#define YEAR_10000 INT64_C(253402300800)

/* Only a provisional loss ends by itself. */
static bool
lapse_is_sound(int64_t state, unix_s at)
{
    return at >= 0 && at < YEAR_10000 && (at == 0 || state == PHYSICAL_PROVISIONAL);
}

const char *
card_change_read(const struct card_change_told *told, int32_t today, struct card_change *out)
{
    if (told->position < 1)
        return "position";
    if (!card_region_is_sound(told->region))
        return "region";
    if (!card_no_is_sound(told->card_no))
        return "card_no";
    if (!card_identity_is_sound(told->identity_number, today))
        return "identity_number";
    *out = (struct card_change) { .position = told->position,
                                  .region = told->region,
                                  .card_no = told->card_no,
                                  .identity_number = told->identity_number,
                                  .lapses_at = told->lapses_at };
    if (!physical_state_read(told->state, &out->state))
        return "state";
    if (!card_date_read(told->valid_from, &out->valid_from))
        return "valid_from";
    if (!card_date_read(told->valid_to, &out->valid_to) || out->valid_to < out->valid_from)
        return "valid_to";
    return lapse_is_sound(out->state, told->lapses_at) ? NULL : "lapses_at";
}
