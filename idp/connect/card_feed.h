/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The card bureau's feed of changes, and what we tell it of losses (docs/adr/0050), in the wire of
 * card_wire.h.
 *
 * POST {url}card/changes {position, limit}: the changes behind that position, as {code, position,
 * as_of, more, changes: [{position, region, card_no, identity_number, state, valid_from, valid_to,
 * lapses_at}]}. Positions have no gaps: a page tells of every position behind the one that was asked
 * up to its own `position`, in whatever order; what is told twice is told alike. `as_of` is the time at
 * which the bureau knew of nothing behind it but what is in this page; with `more` there is more to
 * fetch at once. A card that gets another holder is told twice: as "9" with the former one, and as it
 * is with the new one.
 *
 * POST {url}card/loss {message_id, region, card_no, kind, at, lapses_at}: {code}. The same message_id
 * again is the same message. What comes of it, the feed tells.
 */
#ifndef IDP_CONNECT_CARD_FEED_H
#define IDP_CONNECT_CARD_FEED_H

#include "idp/base/json.h"
#include "idp/connect/card_wire.h"
#include "policies/card_change.h"

/* So that a page stays within the bounds of json.h, and its transaction is short. */
#define CARD_FEED_PAGE 200

struct card_feed_page {
    int64_t position; /* behind its last change; the one that was asked where there is none */
    unix_s as_of;
    bool more;
    struct card_change *at; /* those behind the position that was asked, in the order of the page */
    size_t count;
};

struct card_feed_ask {
    int64_t position; /* up to it all is known; 0: nothing is */
    unix_s now;
    const char *traceparent; /* NULL: none */
};

/*
 * One page. ERR_UNAVAILABLE: nothing was sent; ERR_UNKNOWN: no answer; ERR_BUSY: the bureau says later;
 * ERR_FORGED, ERR_INVALID: what came cannot be believed, or is our fault: a person should look, who
 * finds "card.alarm" in the log.
 */
must_check enum err card_feed_pull(const struct card_wire *wire, struct arena *arena,
                                   const struct card_feed_ask *ask, struct card_feed_page *out);

/* What an answer's object comes to: NULL, or what is at fault, as a word. For the above, and the
 * fuzzer. */
const char *card_feed_page_read(struct arena *arena, const json_t *told,
                                const struct card_feed_ask *ask, struct card_feed_page *out);

/* A change as an object, which is also a line of an import file: NULL, or which member is at fault. A
 * member that is not known is at fault too. */
const char *card_feed_change_read(const json_t *told, int32_t today, struct card_change *out);

/* What is told of a card. */
struct card_loss_message {
    const char *message_id;
    const char *region;
    const char *card_no;
    const char *kind; /* "provisional", "formal" or "release" */
    unix_s at;        /* when it was reported to us */
    unix_s lapses_at; /* of a provisional one; else 0 */
    const char *traceparent;
};

/* ERR_REFUSED: the bureau has answered, and does not take it; the others as above. */
must_check enum err card_loss_tell(const struct card_wire *wire, struct arena *arena,
                                   const struct card_loss_message *message, unix_s now);

#endif
