/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/opaque.h"

#include <gnutls/gnutls.h>
#include <string.h>

bool
text_opaque(const char *text, char *out, size_t room)
{
    gnutls_datum_t made = { NULL, 0 };
    bool fits;

    if (gnutls_utf8_password_normalize((const unsigned char *)text, (unsigned)strlen(text), &made,
                                       0) != GNUTLS_E_SUCCESS)
        return false;
    fits = made.size < room;
    if (fits) {
        memcpy(out, made.data, made.size);
        out[made.size] = '\0';
    }
    gnutls_memset(made.data, 0, made.size);
    gnutls_free(made.data);
    return fits;
}
