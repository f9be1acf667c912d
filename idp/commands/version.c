/* SPDX-License-Identifier: Apache-2.0 */
#include <curl/curl.h>
#include <gnutls/gnutls.h>
#include <jansson.h>
#include <ldap.h>
#include <libpq-fe.h>
#include <microhttpd.h>
#include <openssl/crypto.h>
#include <qrencode.h>
#include <sodium.h>
#include <sqlite3.h>

#include "idp/base/build.h"
#include "idp/commands/commands.h"

static const char *
postgres_version(struct arena *arena)
{
    return arena_printf(arena, "%d.%d", PQlibVersion() / 10000, PQlibVersion() % 10000);
}

static const char *
ldap_version(struct arena *arena)
{
    LDAPAPIInfo info = { .ldapai_info_version = LDAP_API_INFO_VERSION };
    int version;

    if (ldap_get_option(NULL, LDAP_OPT_API_INFO, &info) != LDAP_OPT_SUCCESS)
        return "unknown";
    version = info.ldapai_vendor_version;
    ldap_memfree(info.ldapai_vendor_name);
    ber_memvfree((void **)info.ldapai_extensions);
    return arena_printf(arena, "%d.%d.%d", version / 10000, version / 100 % 100, version % 100);
}

/* Those that are loaded, for they are what an advisory is about; libjwt does not tell. */
static void
libraries_write(struct buf *out)
{
    struct arena *arena = out->arena;
    const struct {
        const char *name;
        const char *version;
    } libraries[] = {
        { "OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING) },
        { "GnuTLS", gnutls_check_version(NULL) },
        { "libsodium", sodium_version_string() },
        { "SQLite", sqlite3_libversion() },
        { "libpq", postgres_version(arena) },
        { "libmicrohttpd", MHD_get_version() },
        { "libcurl", curl_version_info(CURLVERSION_NOW)->version },
        { "libldap", ldap_version(arena) },
        { "jansson", jansson_version_str() },
        { "libqrencode", QRcode_APIVersionString() },
        { "libjwt", TONGXING_LIBJWT " (built with)" },
    };

    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
        buf_text(out, arena_printf(arena, "%-14s %s\n", libraries[i].name, libraries[i].version));
}

enum err
command_version(struct call *call)
{
    buf_text(&call->said, "tongxing " TONGXING_VERSION "\n");
    buf_text(&call->said, arena_printf(call->arena, "%-14s %s\n", "commit", build_commit));
    libraries_write(&call->said);
    return OK;
}
