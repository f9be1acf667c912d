/* SPDX-License-Identifier: Apache-2.0 */
/* What we want to know of certificates that others check. */
#ifndef KEYS_CERTIFICATE_H
#define KEYS_CERTIFICATE_H

#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "idp/base/err.h"

/* When the first certificate of a PEM text ends. ERR_INVALID: there is none. */
must_check enum err certificate_end(struct bytes pem, unix_s *out);

#endif
