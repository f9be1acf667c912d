/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/wechat_jssdk.h"

#include <openssl/evp.h>
#include <string.h>

#include "idp/base/bytes.h"

const char *
wechat_page_signature(struct arena *arena, const char *ticket, const struct wechat_page *page)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    size_t size = 0;
    const char *text =
        arena_printf(arena, "jsapi_ticket=%s&noncestr=%s&timestamp=%lld&url=%.*s", ticket,
                     page->nonce, (long long)page->at, (int)strcspn(page->url, "#"), page->url);

    if (EVP_Q_digest(NULL, "SHA1", NULL, text, strlen(text), hash, &size) != 1)
        return NULL;
    return hex_encode(arena, bytes_of(hash, size));
}
