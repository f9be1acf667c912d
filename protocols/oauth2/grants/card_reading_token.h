/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a card reader says, signed by who has the reader: a JWS of typ card-reading+jwt (docs/adr/0043, 0060). At a terminal by
 * the terminal's key, at a counter by a key of the partner's.
 */
#ifndef PROTOCOLS_OAUTH2_GRANTS_CARD_READING_TOKEN_H
#define PROTOCOLS_OAUTH2_GRANTS_CARD_READING_TOKEN_H

#include "policies/card_reading.h"
#include "protocols/http/request.h"

/*
 * `reader_id`: the terminal or counter that it must be of (sub). It is spent, on all nodes: whoever has a reading cannot try one
 * PIN after another with it. problem_card_reading_invalid, audited.
 */
const struct problem *card_reading_take(struct request *rq, const char *text, const char *reader_id,
                                        struct card_reading *out);

#endif
