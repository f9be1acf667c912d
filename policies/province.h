/* SPDX-License-Identifier: Apache-2.0 */
/* What the province of a division code is called. */
#ifndef POLICIES_PROVINCE_H
#define POLICIES_PROVINCE_H

#include "idp/base/language.h"

/* `region` begins with the two digits of a province (GB/T 2260). "" for any other; static storage. */
const char *province_name(const char *region, enum language language);

#endif
