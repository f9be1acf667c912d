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
#include "tests/protocols/login/device_kit.h"

#define REQUEST_ARENA_BYTES ((size_t)1 << 20)
#define SCRATCH_BYTES ((size_t)16 << 20)
#define LARGE_BYTES 60000
#define REPEATS 5000

/* Where the browser stands when it comes. */
enum stage {
    STAGE_NOBODY,
    STAGE_LOGIN, /* before the login page of a partner's request */
    STAGE_LOGGED_IN /* with a session, and the form token of its pages */,
    STAGE_CONSENT,
    STAGE_CHANGE,         /* of a password */
    STAGE_DEVICE,         /* before the page for a device's code */
    STAGE_DEVICE_CONFIRM, /* and the one that asks whether it may */
    STAGE_SESSIONS,
    STAGE_CODE, /* of a registration, like the next three */
    STAGE_NOTICE,
    STAGE_IDENTITY,
    STAGE_PASSWORD,
    STAGE_RECOVER_CODE, /* of a recovery, like the next two */
    STAGE_RECOVER_IDENTITY,
    STAGE_RECOVER_PASSWORD,
    STAGES
};

struct field_visit {
    const char *method;
    const char *path;
    enum stage stage;
    int status; /* of the whole request, which so has been inside */
    const char *base;
};

#define CLIENT "client_id=legacy&client_secret=legacy-secret-0123456789-0123456789-0123456789"
#define HOTLINE "client_id=hotline&client_secret=hotline-secret-0123456789-0123456789-0123456789"
#define AUTHORIZE                                                                                  \
    "client_id=webhall&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_type=code"             \
    "&response_mode=query&scope=openid&state=st-1&nonce=n&prompt=consent&max_age=900"              \
    "&login_hint=13800138000&acr_values=urn%3Ahrss%3Aacr%3Al2&claims=%7B%7D&ui_locales=en"         \
    "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256"

static const struct field_visit visits[] = {
    { "GET", "/login/qr", STAGE_LOGIN, 200, "" },
    { "GET", "/login/qr/status", STAGE_LOGIN, 404, "code=x" },
    { "POST", "/login/qr", STAGE_LOGIN, 410, "code=x" },
    { "POST", "/qr/scan", STAGE_NOBODY, 400, "" },
    { "POST", "/qr/confirm", STAGE_NOBODY, 400, "" },
    { "POST", "/qr/cancel", STAGE_NOBODY, 400, "" },
    { "GET", "/q/{code}", STAGE_NOBODY, 404, "" },
    { "GET", "/q", STAGE_LOGIN, 400, "" },
    { "POST", "/q", STAGE_LOGIN, 400, "" },
    { "GET", "/oauth2/authorize", STAGE_LOGGED_IN, 303, AUTHORIZE },
    { "POST", "/oauth2/authorize", STAGE_LOGGED_IN, 303, AUTHORIZE },
    { "GET", "/oauth2/authorize", STAGE_NOBODY, 303, AUTHORIZE },
    { "GET", "/oauth2/authorize/resume", STAGE_CONSENT, 303, "" },
    { "POST", "/oauth2/token", STAGE_NOBODY, 400,
      CLIENT "&grant_type=authorization_code&code=x&redirect_uri=https%3A%2F%2Flegacy.example%2Fcb"
             "&code_verifier=" WORLD_VERIFIER },
    { "POST", "/oauth2/token", STAGE_NOBODY, 400,
      "client_id=spa&grant_type=refresh_token&refresh_token=x&scope=openid" },
    { "POST", "/oauth2/bc-authorize", STAGE_NOBODY, 400,
      HOTLINE "&scope=openid&acr_values=urn%3Ahrss%3Aacr%3Al2&login_hint=nobody&binding_message=1"
              "&requested_expiry=30&client_notification_token=0123456789abcdef0123456789" },
    { "POST", "/oauth2/introspect", STAGE_NOBODY, 200, CLIENT "&token=x" },
    { "POST", "/oauth2/revoke", STAGE_NOBODY, 200, CLIENT "&token=x" },
    { "POST", "/terminal/enrol", STAGE_NOBODY, 400, "code=1&jwk=x" },
    { "POST", "/terminal/session/end", STAGE_NOBODY, 400, CLIENT },
    { "GET", "/oidc/userinfo", STAGE_NOBODY, 401, "" },
    { "POST", "/oidc/userinfo", STAGE_NOBODY, 401, "access_token=x" },
    { "GET", "/oidc/logout", STAGE_LOGGED_IN, 200,
      "client_id=webhall&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s" },
    { "POST", "/oidc/logout", STAGE_LOGGED_IN, 200,
      "client_id=webhall&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s" },
    { "GET", "/ticket", STAGE_NOBODY, 400, "ticket=x" },
    { "GET", "/", STAGE_LOGGED_IN, 200, "" },
    { "GET", "/stopped", STAGE_NOBODY, 400, "" },
    { "GET", "/login", STAGE_LOGIN, 200, "" },
    { "POST", "/login", STAGE_LOGIN, 400, "phone=13800138000&password=not+hers" },
    { "POST", "/login/cancel", STAGE_LOGIN, 303, "" },
    { "GET", "/login/sms", STAGE_LOGIN, 200, "" },
    { "POST", "/login/sms", STAGE_LOGIN, 400, "phone=x" },
    { "POST", "/login/proven", STAGE_CODE, 400, "" },
    { "GET", "/login/sms/code", STAGE_CODE, 200, "again=1" },
    { "POST", "/login/sms/code", STAGE_CODE, 400, "code=000000" },
    { "GET", "/consent", STAGE_CONSENT, 200, "" },
    { "POST", "/consent", STAGE_CONSENT, 303, "decision=deny" },
    { "POST", "/oauth2/device_authorization", STAGE_NOBODY, 200, "client_id=tv&scope=openid" },
    { "GET", "/device", STAGE_DEVICE, 200, "user_code=WDJB-MJHT" },
    { "POST", "/device", STAGE_DEVICE, 400, "user_code=x" },
    { "GET", "/device/confirm", STAGE_DEVICE_CONFIRM, 200, "" },
    { "POST", "/device/confirm", STAGE_DEVICE_CONFIRM, 303, "number=00" },
    { "GET", "/device/done", STAGE_DEVICE_CONFIRM, 303, "" },
    { "GET", "/logout", STAGE_LOGGED_IN, 303, "" },
    { "GET", "/logout/frame", STAGE_LOGGED_IN, 400, "" },
    { "POST", "/logout", STAGE_LOGGED_IN, 303, "decision=no" },
    { "GET", "/approvals", STAGE_LOGGED_IN, 200, "done=over" },
    { "POST", "/approvals", STAGE_LOGGED_IN, 400, "which=x&decision=deny" },
    { "GET", "/approve", STAGE_NOBODY, 404, "l=AAAAAAAAAAAAAAAAAAAAAA" },
    { "POST", "/approve", STAGE_LOGIN, 400, "decision=deny" },
    { "GET", "/tests/approve", STAGE_NOBODY, 404, "auth_req_id=x&action=deny" },
    { "GET", "/register", STAGE_LOGIN, 200, "" },
    { "POST", "/register", STAGE_LOGIN, 400, "phone=x" },
    { "GET", "/register/code", STAGE_CODE, 200, "" },
    { "POST", "/register/code", STAGE_CODE, 400, "code=000000" },
    { "GET", "/register/notice", STAGE_NOTICE, 200, "" },
    { "POST", "/register/notice", STAGE_NOTICE, 400, "agree_registration=yes" },
    { "GET", "/register/identity", STAGE_IDENTITY, 200, "" },
    { "POST", "/register/identity", STAGE_IDENTITY, 400,
      "name=%E5%BC%A0%E4%B8%89&identity_number=11010519491231002X&bank_card=6216261000000000018"
      "&bank_phone=x&bank_code=000000" },
    { "GET", "/register/password", STAGE_PASSWORD, 200, "" },
    { "POST", "/register/password", STAGE_PASSWORD, 400, "password=short&password_again=short" },
    { "GET", "/account/password", STAGE_CHANGE, 200, "" },
    { "POST", "/account/password", STAGE_CHANGE, 400,
      "password_old=x&password=short&password_again=short" },
    { "GET", "/login/wechat", STAGE_LOGIN, 404, "" },
    { "GET", "/login/wechat/qr", STAGE_LOGIN, 303, "" },
    { "GET", "/login/wechat/callback", STAGE_NOBODY, 400, "code=x&state=y" },
    { "GET", "/login/wechat/mini", STAGE_NOBODY, 400, "ticket=x" },
    { "GET", "/login/wechat/bind", STAGE_LOGIN, 400, "" },
    { "GET", "/login/wechat/number", STAGE_LOGIN, 400, "" },
    { "GET", "/login/wechat/confirm", STAGE_LOGIN, 400, "" },
    { "POST", "/login/wechat/number", STAGE_LOGIN, 400, "number=1234" },
    { "POST", "/login/wechat/confirm", STAGE_LOGIN, 400, "decision=bind" },
    { "GET", "/account/wechat", STAGE_LOGGED_IN, 303, "" },
    { "POST", "/account/wechat", STAGE_LOGIN, 400, "" },
    { "GET", "/wechat/jssdk", STAGE_NOBODY, 400, "url=https%3A%2F%2Felsewhere.example%2F" },
    { "POST", "/oauth2/token", STAGE_NOBODY, 400,
      CLIENT "&grant_type=urn%3Ahrss%3Aparams%3Aoauth%3Agrant-type%3Awechat-code&js_code=x"
             "&encryptedData=x&iv=x&scope=openid" },
    { "GET", "/account/sessions", STAGE_SESSIONS, 200, "ended=1" },
    { "POST", "/account/sessions", STAGE_SESSIONS, 303, "end=x" },
    { "GET", "/recover", STAGE_LOGIN, 200, "" },
    { "POST", "/recover", STAGE_LOGIN, 400, "phone=x" },
    { "GET", "/recover/code", STAGE_RECOVER_CODE, 200, "" },
    { "POST", "/recover/code", STAGE_RECOVER_CODE, 400, "code=000000" },
    { "GET", "/recover/identity", STAGE_RECOVER_IDENTITY, 200, "" },
    { "POST", "/recover/identity", STAGE_RECOVER_IDENTITY, 400,
      "name=%E5%BC%A0%E4%B8%89&identity_number=11010519491231002X&bank_card=6216261000000000018"
      "&bank_phone=x&bank_code=000000" },
    { "GET", "/recover/password", STAGE_RECOVER_PASSWORD, 200, "" },
    { "POST", "/recover/password", STAGE_RECOVER_PASSWORD, 400,
      "password=short&password_again=short&take_over=yes" },
};

#define VISITS (sizeof(visits) / sizeof(visits[0]))

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
