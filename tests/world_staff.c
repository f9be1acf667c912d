/* SPDX-License-Identifier: Apache-2.0 */
/* Staff and counters made ready (world.h). */
#include "idp/base/text.h"
#include "idp/person/vault.h"
#include "idp/staff/sitting.h"
#include "idp/tables/seat.h"
#include "tests/world.h"

#define COUNTER_SECRET "the secret that this counter's browser keeps"
#define STAFF_SECRET "the secret of a sitting"

const char *
world_counter(struct world *w, int n)
{
    struct digest secret =
        digest_of_text(base64url_encode(w->arena, bytes_of_text(COUNTER_SECRET)));
    struct stored_counter counter = {
        .counter_id = arena_printf(w->arena, "k_%010d", n),
        .place = arena_printf(w->arena, "%d 号窗口", n),
        .agency = "天河区社保局",
        .region = WORLD_REGION,
        .state = COUNTER_ENROLLED,
        .secret = digest_view(&secret),
        .created_at = w->now,
        .enrolled_at = w->now,
    };
    enum err err = store_counter_insert(w->store, &counter);

    if (err != ERR_CONFLICT)
        world_must(err, "no counter");
    world_cookie_put(w, "__Host-counter",
                     arena_printf(w->arena, "%s%s", counter.counter_id,
                                  base64url_encode(w->arena, bytes_of_text(COUNTER_SECRET))));
    return counter.counter_id;
}

void
world_staff(struct world *w, const char *staff_id, const char *roles)
{
    struct ctx ctx = world_ctx(w);
    struct digest person = identity_digest(&ctx, arena_printf(w->arena, "of %s", staff_id));
    struct stored_staff staff = {
        .staff_id = staff_id,
        .person_key = digest_view(&person),
        .roles = roles,
        .agency = "天河区社保局",
        .region = WORLD_REGION,
        .state = STAFF_ACTIVE,
        .enrolled_at = ctx.now,
        .checked_at = ctx.now,
        .created_at = ctx.now,
    };

    world_must(staff_name_seal(&ctx, staff_id, "李明", &staff.name_sealed), "no seal");
    world_must(store_begin(w->store), "no transaction");
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_must(store_commit(w->store), "no commit");
}

static const char *
sid_of(struct world *w, const char *staff_id)
{
    struct digest digest =
        digest_of_text(arena_printf(w->arena, "%s %lld", staff_id, (long long)w->now));

    return arena_printf(w->arena, "s_%s", base64url_encode(w->arena, bytes_of(digest.bytes, 16)));
}

/* In place of whoever sat there. */
static void
take_seat(struct world *w, const struct stored_sitting *sitting)
{
    struct stored_counter counter;
    struct stored_staff staff;

    world_must(store_counter_load(w->store, w->arena, sitting->counter_id, &counter), "no counter");
    world_must(store_staff_load(w->store, w->arena, sitting->staff_id, &staff), "no staff");
    world_must(store_seat_take(w->store,
                               &(struct staff_seat) { .sid = sitting->sid,
                                                      .staff_id = sitting->staff_id,
                                                      .staff_before = staff.sid,
                                                      .counter_id = sitting->counter_id,
                                                      .counter_before = counter.sid,
                                                      .until = sitting->expires_at },
                               w->now),
               "no seat");
}

const char *
world_sit(struct world *w, const char *staff_id, const char *roles, int n)
{
    const char *counter_id = world_counter(w, n);
    const char *secret = base64url_encode(
        w->arena,
        bytes_of_text(arena_printf(w->arena, "%s of %lld", STAFF_SECRET, (long long)w->now)));
    struct stored_session session = {
        .sid = sid_of(w, staff_id),
        .handle = digest_of_text(secret),
        .subject = { SUBJECT_STAFF, staff_id },
        .channel = "counter",
        .amr = "pwd otp",
        .level = 3,
        .auth_time = w->now,
        .seen_at = w->now,
        .expires_at = w->now + STAFF_SHIFT_S,
    };
    struct stored_sitting sitting = {
        .sid = session.sid,
        .staff_id = staff_id,
        .counter_id = counter_id,
        .begun_at = w->now,
        .expires_at = session.expires_at,
    };

    world_staff(w, staff_id, roles);
    world_must(store_begin(w->store), "no transaction");
    world_must(store_session_insert(w->store, &session), "no session");
    world_must(store_sitting_insert(w->store, &sitting), "no sitting");
    take_seat(w, &sitting);
    world_must(store_commit(w->store), "no commit");
    world_cookie_put(w, "__Host-staff", arena_printf(w->arena, "%s%s", session.sid, secret));
    return session.sid;
}
