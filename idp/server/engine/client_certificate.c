/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/client_certificate.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/file.h"
#include "idp/base/log.h"

#define AUTHORITIES_MAX ((size_t)1 << 20)

static bool
holds_certificates(struct bytes pem)
{
    gnutls_datum_t text = { (unsigned char *)(uintptr_t)pem.at, (unsigned)pem.size };
    gnutls_x509_crt_t *list = NULL;
    unsigned count = 0;

    if (gnutls_x509_crt_list_import2(&list, &count, &text, GNUTLS_X509_FMT_PEM, 0) < 0)
        return false;
    for (unsigned i = 0; i < count; i++)
        gnutls_x509_crt_deinit(list[i]);
    gnutls_free(list);
    return count > 0;
}

enum err
client_authorities_read(const char *file, char **out, const char **why)
{
    struct arena *arena = arena_new(2 * AUTHORITIES_MAX);
    struct bytes pem;
    enum err err = file_read(arena, file, AUTHORITIES_MAX, &pem);

    *why = "The authorities cannot be read.";
    if (err == OK && !holds_certificates(pem)) {
        *why = "There is no certificate in PEM in it.";
        err = ERR_INVALID;
    }
    if (err == OK) {
        *out = strndup((const char *)pem.at, pem.size);
        err = *out != NULL ? OK : ERR_INTERNAL;
    }
    arena_free(arena);
    return err == OK || err == ERR_INTERNAL ? err : ERR_INVALID;
}

/* Of GnuTLS; in the handshake. Not 0 ends it. */
static int
peer_judge(gnutls_session_t session)
{
    gnutls_typed_vdata_st purpose = { GNUTLS_DT_KEY_PURPOSE_OID,
                                      (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT, 0 };
    unsigned count = 0;
    unsigned status = 0;

    if (gnutls_certificate_get_peers(session, &count) == NULL || count == 0)
        return 0;
    if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) == GNUTLS_E_SUCCESS &&
        status == 0)
        return 0;
    log_line(LOG_WARN, "server.client_certificate_refused", log_int("status", status));
    return GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

void
client_certificate_judge(struct gnutls_session_int *session)
{
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
    gnutls_session_set_verify_function(session, peer_judge);
}

bool
client_certificate_thumbprint(struct gnutls_session_int *session,
                              char out[CERTIFICATE_THUMBPRINT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[32];
    size_t size = sizeof(digest);
    unsigned count = 0;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(session, &count);

    if (shown == NULL || count == 0 ||
        gnutls_fingerprint(GNUTLS_DIG_SHA256, &shown[0], digest, &size) != GNUTLS_E_SUCCESS)
        return false;
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 0x0f];
    }
    out[2 * size] = '\0';
    return true;
}
