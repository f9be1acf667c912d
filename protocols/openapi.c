/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/openapi.h"

#include "idp/base/text.h"
#include "protocols/fields.h"
#include "protocols/routes.h"

#define PROBLEMS_MAX 96

/* ---- YAML: what is quoted here is quoted as in JSON ---- */

static void
line(struct buf *out, int depth, const char *text)
{
    for (int i = 0; i < depth; i++)
        buf_text(out, "  ");
    buf_text(out, text);
    buf_char(out, '\n');
}

static void
quoted(struct buf *out, int depth, const char *name, const char *text)
{
    line(out, depth, arena_printf(out->arena, "%s: \"%s\"", name, text));
}

/* ---- refusals ---- */

struct refusals {
    const struct problem *list[PROBLEMS_MAX];
    size_t count;
};

static void
refusal_add(struct refusals *refusals, const struct problem *problem)
{
    for (size_t i = 0; i < refusals->count; i++)
        if (refusals->list[i] == problem)
            return;
    if (refusals->count < PROBLEMS_MAX)
        refusals->list[refusals->count++] = problem;
}

static void
refusals_add(struct refusals *refusals, const struct problem *const *list)
{
    for (; *list != NULL; list++)
        refusal_add(refusals, *list);
}

static void
guards_add(struct refusals *refusals, const struct route *route)
{
    static const struct {
        enum route_guard guard;
        const struct problem *problems[5];
    } guards[] = {
        { GUARD_PARAMETERS, { &problem_parameter_repeated } },
        { GUARD_FORM_BODY, { &problem_body_type } },
        { GUARD_PARTNER,
          { &problem_client_unauthenticated, &problem_client_two_methods,
            &problem_client_secret_in_query, &problem_client_too_many_failures } },
        { GUARD_BEARER,
          { &problem_bearer_missing, &problem_bearer_invalid, &problem_bearer_twice,
            &problem_bearer_in_query } },
        { GUARD_JSON_BODY, { &problem_json_body } },
    };

    for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++)
        if ((route->guards & guards[i].guard) != 0)
            refusals_add(refusals, guards[i].problems);
    if ((route->guards & GUARD_PARAMETERS) == 0)
        return;
    for (const struct field *field = route->fields; field->name != NULL; field++)
        refusal_add(refusals, field->too_long != NULL ? field->too_long : &problem_field_too_long);
}

static struct refusals
refusals_of(const struct operation *operation, const struct route *route)
{
    static const struct problem *const of_all[] = { &problem_internal, &problem_try_again,
                                                    &problem_too_much, NULL };
    struct refusals refusals = { .count = 0 };

    refusals_add(&refusals, operation->refusals);
    guards_add(&refusals, route);
    if (text_eq(route->method, "POST"))
        refusal_add(&refusals, &problem_body_too_large);
    if (route->run != RUN_INLINE)
        refusals_add(&refusals, of_all);
    return refusals;
}

static void
refusal_write(struct buf *out, int depth, const struct problem *problem)
{
    line(out, depth,
         arena_printf(out->arena, "- `%s`, %s: %s %s", problem->symbol, problem->code,
                      problem_text(problem, LANGUAGE_EN), problem->advice));
}

static void
refusals_of_status_write(struct buf *out, const struct refusals *refusals, int status,
                         enum route_refuse refuse)
{
    line(out, 4, arena_printf(out->arena, "\"%d\":", status));
    line(out, 5, "description: |");
    for (size_t i = 0; i < refusals->count; i++)
        if (refusals->list[i]->status == status)
            refusal_write(out, 6, refusals->list[i]);
    line(out, 5, "content:");
    if (refuse == REFUSE_PAGE)
        line(out, 6, "text/html; charset=utf-8: { schema: { type: string } }");
    else if (refuse == REFUSE_TEXT)
        line(out, 6, "text/plain; charset=utf-8: { schema: { type: string } }");
    else
        line(out, 6, "application/json: { schema: { $ref: \"#/components/schemas/Refusal\" } }");
}

static void
refusals_write(struct buf *out, const struct operation *operation, const struct route *route)
{
    struct refusals refusals = refusals_of(operation, route);

    for (int status = 400; status < 600; status++) {
        size_t i = 0;

        while (i < refusals.count && refusals.list[i]->status != status)
            i++;
        if (i < refusals.count)
            refusals_of_status_write(out, &refusals, status, route->refuse);
    }
    line(out, 4, "default: { $ref: \"#/components/responses/Door\" }");
}

/* ---- one operation ---- */

static void
told_write(struct buf *out, const struct operation *operation, const struct told_answer *told)
{
    line(out, 4, arena_printf(out->arena, "\"%d\":", told->status));
    if (told->status != 303 || operation->redirected[0] == NULL)
        quoted(out, 5, "description", told->what);
    else {
        line(out, 5, "description: |");
        line(out, 6, told->what);
        line(out, 6, "");
        for (const struct problem *const *at = operation->redirected; *at != NULL; at++)
            refusal_write(out, 6, *at);
    }
    if (told->status == 303)
        line(
            out, 5,
            "headers: { Location: { required: true, schema: { type: string, format: uri-reference } } }");
    if (told->media == NULL)
        return;
    line(out, 5, "content:");
    line(out, 6,
         told->schema == NULL
             ? arena_printf(out->arena, "%s: { schema: { type: string } }", told->media)
             : arena_printf(out->arena, "%s: { schema: { $ref: \"#/components/schemas/%s\" } }",
                            told->media, told->schema));
}

static void
query_write(struct buf *out, const struct operation *operation, const struct route *route)
{
    if (route->fields->name == NULL)
        return;
    line(out, 3, "parameters:");
    for (const struct field *field = route->fields; field->name != NULL; field++)
        line(
            out, 4,
            arena_printf(
                out->arena,
                "- { name: %s, in: query, required: %s, schema: { type: string, maxLength: %zu } }",
                field->name, text_list_has(operation->required, field->name) ? "true" : "false",
                field->max));
}

static void
form_write(struct buf *out, const struct operation *operation, const struct route *route)
{
    const char *required = operation->required;
    const char *word;
    size_t size;

    line(out, 3, "requestBody:");
    line(out, 4, "content:");
    line(out, 5, "application/x-www-form-urlencoded:");
    line(out, 6, "schema:");
    line(out, 7, "type: object");
    line(out, 7, "properties:");
    for (const struct field *field = route->fields; field->name != NULL; field++)
        line(out, 8,
             arena_printf(out->arena, "%s: { type: string, maxLength: %zu }", field->name,
                          field->max));
    if (required[0] != '\0')
        line(out, 7, "required:");
    while ((word = text_next_word(&required, &size)) != NULL)
        line(out, 8, arena_printf(out->arena, "- %.*s", (int)size, word));
}

static void
json_write(struct buf *out, const struct operation *operation)
{
    const char *members = operation->required;
    const char *word;
    size_t size;

    line(out, 3, "requestBody:");
    line(out, 4, "content:");
    line(out, 5, "application/json:");
    line(out, 6, "schema:");
    line(out, 7, "type: object");
    line(out, 7, "additionalProperties: false");
    line(out, 7, "properties:");
    while ((word = text_next_word(&members, &size)) != NULL)
        line(out, 8, arena_printf(out->arena, "%.*s: { type: string }", (int)size, word));
    line(out, 7, arena_printf(out->arena, "required: [%s]", operation->required));
}

static void
security_write(struct buf *out, const struct route *route)
{
    if ((route->guards & GUARD_PARTNER) != 0) {
        line(out, 3, "security:");
        line(out, 4, "- basic: []");
        line(
            out, 4,
            "- {} # credentials or an assertion in the form; client_id alone for what can keep no secret");
    } else if ((route->guards & GUARD_BEARER) != 0) {
        line(out, 3, "security:");
        line(out, 4, "- access_token: []");
    } else {
        line(out, 3, "security: []");
    }
}

static void
operation_write(struct buf *out, const struct operation *operation, const struct route *route)
{
    line(out, 2, text_eq(operation->method, "GET") ? "get:" : "post:");
    line(out, 3, arena_printf(out->arena, "operationId: %s", operation->name));
    quoted(out, 3, "summary", operation->summary);
    line(out, 3, arena_printf(out->arena, "externalDocs: { url: \"%s\" }", operation->read_on));
    security_write(out, route);
    if (text_eq(operation->method, "GET"))
        query_write(out, operation, route);
    else if ((route->guards & GUARD_JSON_BODY) != 0)
        json_write(out, operation);
    else
        form_write(out, operation, route);
    line(out, 3, "responses:");
    for (const struct told_answer *told = operation->told; told->status != 0; told++)
        told_write(out, operation, told);
    refusals_write(out, operation, route);
}

/* ---- the document ---- */

static const char head[] =
    "# Generated from protocols/routes.c, protocols/fields.c, protocols/openapi_table.c and idp/base/problem.def; do "
    "not edit.\n"
    "openapi: \"3.1.0\"\n"
    "info:\n"
    "  title: Tongxing for partners\n"
    "  version: \"" TONGXING_VERSION "\"\n"
    "  summary: OAuth 2.0 and OpenID Connect, as the partner guide tells\n"
    "  license: { name: Apache-2.0, identifier: Apache-2.0 }\n"
    "servers:\n"
    "  - { url: \"{issuer}\", description: \"A path in the issuer stands before all of these.\", variables: "
    "{ issuer: { default: \"https://login.example.gov.cn\" } } }\n"
    "paths:\n";

static const char tail[] =
    "webhooks:\n"
    "  backchannel_logout:\n"
    "    post:\n"
    "      operationId: backchannel_logout\n"
    "      summary: \"What we send to your backchannel_logout_uri when a session ends.\"\n"
    "      externalDocs: { url: \"https://openid.net/specs/openid-connect-backchannel-1_0.html\" }\n"
    "      security: []\n"
    "      requestBody:\n"
    "        required: true\n"
    "        content:\n"
    "          application/x-www-form-urlencoded:\n"
    "            schema: { type: object, required: [logout_token], properties: { logout_token: { type: string } } }\n"
    "      responses:\n"
    "        \"200\": { description: \"You ended the sessions, or had ended them before. 204 does as well.\" }\n"
    "        \"400\": { description: \"You do not take the token; we log it as refused and send another later.\" }\n"
    "        \"503\": { description: \"You cannot now; we send another after 5 s, 30 s, 2, 10 and 60 minutes.\" }\n"
    "components:\n"
    "  securitySchemes:\n"
    "    basic: { type: http, scheme: basic, description: \"client_id and client_secret, each form-encoded first.\" }\n"
    "    access_token: { type: http, scheme: bearer, bearerFormat: at+jwt }\n"
    "  schemas:\n"
    "    Refusal:\n"
    "      type: object\n"
    "      properties:\n"
    "        error: { type: string }\n"
    "        error_description: { type: string, description: \"A fixed sentence; see docs/problems.md.\" }\n"
    "        bind_uri: { type: string, format: uri, description: \"Of wechat_not_bound alone, as the next two.\" }\n"
    "        bind_number: { type: string }\n"
    "        expires_in: { type: integer }\n"
    "      required: [error, error_description]\n"
    "    Metadata:\n"
    "      type: object\n"
    "      properties:\n"
    "        issuer: { type: string, format: uri }\n"
    "        authorization_endpoint: { type: string, format: uri }\n"
    "        token_endpoint: { type: string, format: uri }\n"
    "        jwks_uri: { type: string, format: uri }\n"
    "      required: [issuer, authorization_endpoint, token_endpoint, jwks_uri]\n"
    "    KeySet:\n"
    "      type: object\n"
    "      properties:\n"
    "        keys: { type: array, minItems: 1, items: { type: object, required: [kty, kid, alg, use] } }\n"
    "      required: [keys]\n"
    "    Tokens:\n"
    "      type: object\n"
    "      properties:\n"
    "        access_token: { type: string }\n"
    "        token_type: { const: Bearer }\n"
    "        expires_in: { type: integer }\n"
    "        refresh_token: { type: string }\n"
    "        id_token: { type: string }\n"
    "        session_state: { type: string }\n"
    "        scope: { type: string }\n"
    "      required: [access_token, token_type, expires_in]\n"
    "    DeviceAuthorization:\n"
    "      type: object\n"
    "      properties:\n"
    "        device_code: { type: string }\n"
    "        user_code: { type: string }\n"
    "        verification_uri: { type: string, format: uri }\n"
    "        verification_uri_complete: { type: string, format: uri }\n"
    "        expires_in: { type: integer }\n"
    "        interval: { type: integer }\n"
    "        match_number: { type: string, description: \"Ours: two digits that a terminal shows beside the code.\" }\n"
    "      required: [device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval]\n"
    "    Asked:\n"
    "      type: object\n"
    "      properties:\n"
    "        auth_req_id: { type: string }\n"
    "        expires_in: { type: integer }\n"
    "        interval: { type: integer }\n"
    "      required: [auth_req_id, expires_in, interval]\n"
    "    Terminal:\n"
    "      type: object\n"
    "      properties:\n"
    "        terminal_id: { type: string }\n"
    "        client_id: { type: string }\n"
    "        issuer: { type: string, format: uri }\n"
    "        place: { type: string }\n"
    "        agency: { type: string }\n"
    "      required: [terminal_id, client_id, issuer, place, agency]\n"
    "    CardScan:\n"
    "      type: object\n"
    "      properties:\n"
    "        name_masked: { type: string }\n"
    "        region: { type: string, description: the division code of six digits }\n"
    "        state: { type: string, enum: [active] }\n"
    "        level: { type: integer, enum: [1, 2] }\n"
    "        purpose: { type: string, enum: [show, serve, login, pay] }\n"
    "        scanned_at: { type: integer }\n"
    "        shown_by_family: { type: boolean }\n"
    "        risk: { type: string, enum: [elsewhere] }\n"
    "        sub: { type: string }\n"
    "        name: { type: string }\n"
    "        identity_number: { type: string }\n"
    "      required: [name_masked, region, state, level, purpose, scanned_at]\n"
    "    CardBatch:\n"
    "      type: object\n"
    "      properties:\n"
    "        results:\n"
    "          type: array\n"
    "          items: { type: string, enum: [accepted, not_good, malformed, purpose, region, blocked, try_again] }\n"
    "      required: [results]\n"
    "    Introspection:\n"
    "      type: object\n"
    "      properties:\n"
    "        active: { type: boolean }\n"
    "        iss: { type: string }\n"
    "        sub: { type: string }\n"
    "        client_id: { type: string }\n"
    "        token_type: { const: Bearer }\n"
    "        aud: { type: array, items: { type: string } }\n"
    "        iat: { type: integer }\n"
    "        exp: { type: integer }\n"
    "        jti: { type: string }\n"
    "        scope: { type: string }\n"
    "        acr: { type: string }\n"
    "        sid: { type: string }\n"
    "        auth_time: { type: integer }\n"
    "        card: { $ref: '#/components/schemas/CardClaim' }\n"
    "      required: [active]\n"
    "    Person:\n"
    "      type: object\n"
    "      properties:\n"
    "        sub: { type: string }\n"
    "        name: { type: string }\n"
    "        phone_number: { type: string }\n"
    "        phone_number_verified: { type: boolean }\n"
    "        identity_number: { type: string }\n"
    "        identity_level: { type: string }\n"
    "        card: { $ref: '#/components/schemas/CardClaim' }\n"
    "        card_number: { type: string }\n"
    "      required: [sub]\n"
    "    CardClaim:\n"
    "      type: object\n"
    "      description: \"Ours: her electronic social-security card as it stands at this moment.\"\n"
    "      properties:\n"
    "        ref: { type: string }\n"
    "        region: { type: string }\n"
    "        level: { type: integer, enum: [1, 2] }\n"
    "        state: { type: string, enum: [active, suspended, revoked, inactive, expired, unknown] }\n"
    "        valid_to: { type: string, format: date }\n"
    "      required: [ref, region, level, state, valid_to]\n"
    "    WechatPage:\n"
    "      type: object\n"
    "      properties:\n"
    "        appId: { type: string }\n"
    "        timestamp: { type: integer }\n"
    "        nonceStr: { type: string }\n"
    "        signature: { type: string }\n"
    "      required: [appId, timestamp, nonceStr, signature]\n"
    "    CardCode:\n"
    "      type: object\n"
    "      properties:\n"
    "        code: { type: string, maxLength: 299 }\n"
    "        expires_in: { type: integer }\n"
    "        purpose: { type: string, enum: [show, serve, login, pay] }\n"
    "      required: [code, expires_in, purpose]\n"
    "    Scanned:\n"
    "      type: object\n"
    "      properties:\n"
    "        confirmation: { type: string }\n"
    "        expires_in: { type: integer }\n"
    "        partner: { type: object }\n"
    "        browser: { type: string }\n"
    "        system: { type: string }\n"
    "        network: { type: string }\n"
    "        same_network: { type: boolean }\n"
    "        shown_at: { type: integer }\n"
    "        acr: { type: string }\n"
    "      required: [confirmation, expires_in, partner, same_network, shown_at, acr]\n"
    "    Card: { type: object, properties: { state: { type: string }, level: { type: integer },\n"
    "      region: { type: string }, valid_to: { type: string }, issued_at: { type: integer } } }\n"
    "    CardLoss: { type: object, properties: { state: { type: string }, loss: { type: string },\n"
    "      lapses_at: { type: integer } } }\n"
    "  responses:\n"
    "    Door:\n"
    "      description: |\n"
    "        What is refused before any endpoint, in the form of the address that was asked for.\n"
    "\n";

static void
door_write(struct buf *out)
{
    static const struct problem *const door[] = {
        &problem_malformed,         &problem_not_found,        &problem_method_not_allowed,
        &problem_body_too_large,    &problem_address_too_long, &problem_misdirected,
        &problem_headers_too_large, &problem_method_unknown,   NULL
    };

    for (const struct problem *const *at = door; *at != NULL; at++)
        line(out, 4,
             arena_printf(out->arena, "- %d `%s`: %s %s", (*at)->status, (*at)->symbol,
                          problem_text(*at, LANGUAGE_EN), (*at)->advice));
}

void
openapi_write(struct buf *out)
{
    const char *before = NULL;
    const char *unused;

    buf_text(out, head);
    for (const struct operation *at = operations; at->method != NULL; at++) {
        const struct route *route =
            route_find(public_routes, out->arena, at->method, at->path, &unused);

        if (route == NULL)
            continue; /* a test finds it missing */
        if (!text_eq(before, at->path))
            line(out, 1, arena_printf(out->arena, "\"%s\":", at->path));
        before = at->path;
        operation_write(out, at, route);
    }
    buf_text(out, tail);
    door_write(out);
}
