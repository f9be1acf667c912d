// SPDX-License-Identifier: Apache-2.0
// A partner by libiddawc: says where the browser shall go, reads where it was sent back to, and says as lines what it
// then learns: the name of each step, and "ok" or the library's number for what went wrong.
#include <iddawc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
told(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

static int
step(const char *name, int result)
{
    if (result == I_OK)
        printf("%s ok\n", name);
    else
        printf("%s failed with %d\n", name, result);
    fflush(stdout);
    return result == I_OK;
}

static int
prepare(struct _i_session *session)
{
    char metadata[512];

    snprintf(metadata, sizeof metadata, "%s/.well-known/openid-configuration", told("ISSUER"));
    i_set_parameter_list(session, I_OPT_RESPONSE_TYPE, I_RESPONSE_TYPE_CODE,
                         I_OPT_OPENID_CONFIG_ENDPOINT, metadata, I_OPT_CLIENT_ID, told("CLIENT_ID"),
                         I_OPT_CLIENT_SECRET, told("CLIENT_SECRET"), I_OPT_REDIRECT_URI,
                         told("REDIRECT_URI"), I_OPT_SCOPE, "openid profile offline_access",
                         I_OPT_STATE_GENERATE, 16, I_OPT_NONCE_GENERATE, 32, I_OPT_TOKEN_METHOD,
                         I_TOKEN_AUTH_METHOD_SECRET_BASIC, I_OPT_NONE);
    return step("metadata", i_get_openid_config(session)) &&
           step("request", i_build_auth_url_get(session));
}

static int
log_in(struct _i_session *session)
{
    char back[4096];

    printf("url %s\n", i_get_str_parameter(session, I_OPT_REDIRECT_TO));
    fflush(stdout);
    if (fgets(back, sizeof back, stdin) == NULL)
        return 0;
    back[strcspn(back, "\n")] = '\0';
    i_set_str_parameter(session, I_OPT_REDIRECT_TO, back);
    return step("answer", i_parse_redirect_to(session)) &&
           step("code", i_run_token_request(session)) &&
           step("userinfo", i_get_userinfo(session, 0)) &&
           printf("person %s\n", i_get_str_parameter(session, I_OPT_USERINFO)) > 0;
}

static int
renew(struct _i_session *session)
{
    i_set_str_parameter(session, I_OPT_NONCE,
                        NULL); // it would look for it in the next ID token too
    i_set_response_type(session, I_RESPONSE_TYPE_REFRESH_TOKEN);
    return step("refresh", i_run_token_request(session)) &&
           step("access-token", i_verify_jwt_access_token(session, told("ISSUER")));
}

static int
introspect(struct _i_session *session)
{
    json_t *told_of = NULL;
    int result =
        i_get_token_introspection(session, &told_of, I_INTROSPECT_REVOKE_AUTH_CLIENT_TARGET, 0);

    if (result == I_OK)
        result = json_is_true(json_object_get(told_of, "active")) ? I_OK : I_ERROR_UNAUTHORIZED;
    json_decref(told_of);
    return result;
}

static void
look_and_revoke(struct _i_session *session)
{
    i_set_str_parameter(session, I_OPT_TOKEN_TARGET,
                        i_get_str_parameter(session, I_OPT_ACCESS_TOKEN));
    step("introspection", introspect(session));
    step("revocation", i_revoke_token(session, I_INTROSPECT_REVOKE_AUTH_CLIENT_TARGET));
    step("after", introspect(session));
}

int
main(void)
{
    struct _i_session session;

    i_global_init();
    i_init_session(&session);
    if (prepare(&session) && log_in(&session) && renew(&session))
        look_and_revoke(&session);
    i_clean_session(&session);
    i_global_close();
    return 0;
}
