/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The generated walk: every route x every parameter that it declares x values of every awkward
 * size, in the arena that a request has, with a transaction, session and form token where the route
 * wants them. Nothing ends a request but the bounds: never a 5xx but 503, never an exhausted arena,
 * and what is beyond a bound gets that bound's problem.
 */
#include <string.h>

#include "idp/base/buf.h"
#include "idp/server/engine/gate.h"
#include "protocols/routes.h"
#include "tests/protocols/account/kit.h"
#include "tests/protocols/field_visits.h"
#include "tests/protocols/login/device_kit.h"

#define REQUEST_ARENA_BYTES ((size_t)1 << 20)
#define SCRATCH_BYTES ((size_t)16 << 20)
#define LARGE_BYTES 64000
#define REPEATS 5000

struct walk {
    struct world *w;
    struct arena *own; /* the world's */
    struct arena *request;
    struct arena *scratch;
    struct {
        const char *tx;
        const char *csrf;
    } forms[STAGES];
};

/* --- Where it stands --- */

static void
remember(struct walk *walk, enum stage stage)
{
    walk->forms[stage].tx = world_hidden(walk->w, "tx");
    walk->forms[stage].csrf = world_hidden(walk->w, "csrf");
}

/* The number of a person who is not there yet, and a card that the bank has. */
static void
register_somebody(struct walk *walk)
{
    struct world *w = walk->w;
    struct journey j = journey_begin(w);

    journey_send_code(&j, li_xiuying.phone);
    remember(walk, STAGE_CODE);
    journey_enter_code(&j, world_sms_code(w, li_xiuying.phone));
    remember(walk, STAGE_NOTICE);
    journey_agree(&j);
    remember(walk, STAGE_IDENTITY);
    journey_identify(&j, &li_xiuying);
    remember(walk, STAGE_PASSWORD);
    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
}

static void
recover_somebody(struct walk *walk)
{
    struct world *w = walk->w;
    struct journey j = { .w = w };

    world_advance(w, 61); /* since the code before */
    world_open(w, "/recover");
    journey_arrive(&j);
    recovery_send_code(&j, li_xiuying.phone);
    remember(walk, STAGE_RECOVER_CODE);
    recovery_enter_code(&j, world_sms_code(w, li_xiuying.phone));
    remember(walk, STAGE_RECOVER_IDENTITY);
    recovery_identify(&j, &li_xiuying);
    remember(walk, STAGE_RECOVER_PASSWORD);
    assert_non_null(strstr(w->answer.body, "id=\"recover-password-form\""));
}

static void
device_confirm_of_somebody(struct walk *walk)
{
    struct waiting device = kit_waiting(walk->w, "selfservice");

    kit_scan(&device);
    remember(walk, STAGE_DEVICE_CONFIRM);
    assert_shown(walk->w, "device-confirm-form");
}

static struct walk
walk_begin(struct world *w)
{
    struct walk walk = { .w = w,
                         .own = w->arena,
                         .request = arena_new(REQUEST_ARENA_BYTES),
                         .scratch = arena_new(SCRATCH_BYTES) };

    world_authorize(w, "webhall", "");
    world_get(w, world_header(w, "Location"));
    remember(&walk, STAGE_LOGIN);
    register_somebody(&walk);
    recover_somebody(&walk);
    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    world_get(w, world_header(w, "Location"));
    remember(&walk, STAGE_CONSENT);
    world_open(w, "/account/password");
    remember(&walk, STAGE_CHANGE);
    world_open(w, "/account/sessions");
    remember(&walk, STAGE_SESSIONS);
    world_open(w, "/device");
    remember(&walk, STAGE_DEVICE);
    device_confirm_of_somebody(&walk);
    return walk;
}

static void
walk_end(struct walk *walk)
{
    arena_free(walk->request);
    arena_free(walk->scratch);
}

/* A session for each request: some of them end it. */
static void
arrive(struct walk *walk, enum stage stage)
{
    struct ctx ctx = world_ctx(walk->w);

    if (stage != STAGE_LOGGED_IN && stage != STAGE_CONSENT && stage != STAGE_CHANGE &&
        stage != STAGE_SESSIONS && stage != STAGE_DEVICE_CONFIRM)
        return;
    world_log_in(walk->w, 0);
    walk->forms[STAGE_LOGGED_IN].csrf = session_csrf(&ctx, world_cookie(walk->w, "__Host-session"));
}

/* --- One request --- */

static bool
is_post(const struct route *route)
{
    return text_eq(route->method, "POST");
}

static bool
is_declared(const struct route *route, const char *name)
{
    for (const struct field *field = route->fields; field->name != NULL; field++)
        if (text_eq(field->name, name))
            return true;
    return false;
}

static void
pair_put(struct buf *out, const char *name, const char *value)
{
    buf_text(out, out->size > 0 ? "&" : "");
    buf_text(out, name);
    buf_char(out, '=');
    buf_text(out, value);
}

/* The pairs of the base but that of `left_out` (NULL: none), and the form's own. */
static struct buf
pairs_of(struct walk *walk, const struct field_visit *visit, const struct route *route,
         const char *left_out)
{
    struct buf out = buf_new(walk->scratch, 1024);
    const char *pairs =
        arena_printf(walk->scratch, "tx=%s&csrf=%s%s%s", walk->forms[visit->stage].tx,
                     walk->forms[visit->stage].csrf, *visit->base != '\0' ? "&" : "", visit->base);

    while (*pairs != '\0') {
        size_t size = strcspn(pairs, "&");
        const char *name = arena_copy(walk->scratch, pairs, strcspn(pairs, "="));
        const char *value =
            arena_copy(walk->scratch, pairs + strlen(name) + 1, size - strlen(name) - 1);

        if (is_declared(route, name) && !text_eq(name, left_out) && !text_eq(value, "(null)"))
            pair_put(&out, name, value);
        pairs += size + (pairs[size] == '&');
    }
    return out;
}

static void
send_pairs(struct walk *walk, const struct route *route, const char *pairs)
{
    struct world *w = walk->w;
    struct world kept = *w;
    const char *target =
        is_post(route) ? route->path : arena_printf(walk->scratch, "%s?%s", route->path, pairs);

    arena_reset(walk->request);
    w->arena = walk->request;
    world_send(w, &(struct world_call) { .target = target, .form = is_post(route) ? pairs : NULL });
    w->arena = walk->scratch;
    world_follow_mistake(w);
    world_follow_stop(w);
    w->arena = walk->own;
    memcpy(w->jar, kept.jar, sizeof(kept.jar));
    w->cookies = kept.cookies;
}

static void
assert_stands(struct walk *walk, const struct route *route, const char *name, const char *what)
{
    int status = walk->w->answer.status;

    if (status < 200 || status == 413 || (status >= 500 && status != 503))
        fail_msg("%s %s: %s %s gives %d", route->method, route->path, name, what, status);
}

static void
assert_bound(struct walk *walk, const struct route *route, const struct field *field,
             const char *what)
{
    const struct problem *problem =
        field->too_long != NULL ? field->too_long : &problem_field_too_long;
    struct world *w = walk->w;

    assert_stands(walk, route, field->name, what);
    w->arena = walk->scratch;
    if (w->answer.status == 303)
        assert_refused_by_redirect(w, "webhall", problem);
    else if (w->answer.status != problem->status)
        fail_msg("%s %s: %s %s gives %d", route->method, route->path, field->name, what,
                 w->answer.status);
    else
        assert_refused(w, problem);
    w->arena = walk->own;
}

/* What is refused before there is a route. */
static void
assert_stopped_at_the_gate(struct walk *walk, const struct route *route, const char *pairs)
{
    const struct gate_header host = { "Host", 4, "id.example", 10 };
    const struct gate_input in = {
        .method = "GET",
        .target = arena_printf(walk->scratch, "%s?%s", route->path, pairs),
        .version = "HTTP/1.1",
        .headers = &host,
        .header_count = 1,
    };
    struct gate_output out;

    assert_non_null(gate_check(walk->scratch, &in, &out));
}

/* --- Values --- */

static const char *
times(struct arena *arena, const char *unit, size_t bytes)
{
    size_t size = strlen(unit);
    char *out = arena_alloc(arena, bytes + 1);

    for (size_t i = 0; i + size <= bytes; i += size)
        memcpy(out + i, unit, size);
    return out;
}

static void
walk_repeats(struct walk *walk, const struct field_visit *visit, const struct route *route,
             const struct field *field)
{
    struct buf two = pairs_of(walk, visit, route, field->name);
    struct buf many = pairs_of(walk, visit, route, field->name);

    pair_put(&two, field->name, "1");
    pair_put(&two, field->name, "1");
    send_pairs(walk, route, two.at);
    walk->w->arena = walk->scratch;
    assert_refused(walk->w, &problem_parameter_repeated);
    walk->w->arena = walk->own;
    for (size_t i = 0; i < REPEATS; i++)
        pair_put(&many, field->name, "1");
    if (!is_post(route)) {
        assert_stopped_at_the_gate(walk, route, many.at);
        return;
    }
    send_pairs(walk, route, many.at);
    walk->w->arena = walk->scratch;
    assert_refused(walk->w, &problem_malformed);
    walk->w->arena = walk->own;
}

static void
walk_field(struct walk *walk, const struct field_visit *visit, const struct route *route,
           const struct field *field)
{
    struct arena *arena = walk->scratch;
    const struct {
        const char *what;
        const char *value;
        bool beyond;
    } values[] = {
        { "empty", "", false },
        { "of one byte", "1", false },
        { "at its bound", times(arena, "\"", field->max), false },
        { "beyond its bound", times(arena, "x", field->max + 1), true },
        { "of quotes", times(arena, "\"", LARGE_BYTES), true },
        { "of wide characters", times(arena, "\xe4\xb8\xad", LARGE_BYTES), true },
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct buf pairs = pairs_of(walk, visit, route, field->name);

        pair_put(&pairs, field->name, values[i].value);
        arrive(walk, visit->stage);
        send_pairs(walk, route, pairs.at);
        if (values[i].beyond)
            assert_bound(walk, route, field, values[i].what);
        else
            assert_stands(walk, route, field->name, values[i].what);
        if (!is_post(route) && strlen(values[i].value) == LARGE_BYTES)
            assert_stopped_at_the_gate(walk, route, pairs.at);
    }
    walk_repeats(walk, visit, route, field);
    arena_reset(arena);
}

static const struct route *
route_of(const struct field_visit *visit)
{
    for (const struct route *route = public_routes; route->method != NULL; route++)
        if (text_eq(route->method, visit->method) && text_eq(route->path, visit->path))
            return route;
    fail_msg("%s %s is no route", visit->method, visit->path);
    return NULL;
}

static void
every_route_stands_every_parameter_of_every_size(void **state)
{
    struct walk walk = walk_begin(*state);

    for (size_t i = 0; i < VISITS; i++) {
        const struct route *route = route_of(&visits[i]);

        arrive(&walk, visits[i].stage);
        send_pairs(&walk, route, pairs_of(&walk, &visits[i], route, NULL).at);
        if (walk.w->answer.status != visits[i].status)
            fail_msg("%s %s: %d\n%s", route->method, route->path, walk.w->answer.status,
                     walk.w->answer.body);
        for (const struct field *field = route->fields; field->name != NULL; field++)
            walk_field(&walk, &visits[i], route, field);
    }
    assert_int_equal(world_audit_count(walk.w, AUDIT_REQUEST_ENDED), 0);
    walk_end(&walk);
}

static void
no_route_that_reads_something_is_left_out(void **state)
{
    (void)state;
    for (const struct route *route = public_routes; route->method != NULL; route++) {
        bool visited = route->fields->name == NULL;

        for (size_t i = 0; i < VISITS; i++)
            visited = visited || route_of(&visits[i]) == route;
        if (!visited)
            fail_msg("%s %s", route->method, route->path);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(every_route_stands_every_parameter_of_every_size),
        cmocka_unit_test(no_route_that_reads_something_is_left_out),
    };

    return world_sims_run(tests);
}
