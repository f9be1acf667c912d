/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/pages/standing.h"

enum word
level_word(int level)
{
    static const enum word words[] = { WORD_level_l0, WORD_level_l1, WORD_level_l2, WORD_level_l3 };

    return words[level >= 0 && level <= 3 ? level : 0];
}

static enum word
proof_word(enum evidence_kind kind)
{
    static const enum word words[EVIDENCE_KINDS] = {
#define EVIDENCE(kind, symbol, ...) [EVIDENCE_##kind] = WORD_proof_##symbol,
#include "policies/evidence_kind.def"
#undef EVIDENCE
    };

    return words[kind];
}

void
page_standing(struct page *page, struct arena *arena, const struct standing *standing)
{
    int32_t date = time_beijing_date(standing->proven_at);

    page_word(page, "level", level_word(standing->level));
    if (standing->kind == EVIDENCE_NONE)
        return;
    page_word(page, "proof", proof_word(standing->kind));
    page_text(page, "proof_time",
              arena_printf(arena, "%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100));
}
