/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/browser.h"

#include <stddef.h>
#include <string.h>

struct mark {
    const char *word;
    const char *name;
};

/* Whoever pretends to be another stands before the one it pretends to be. */
static const struct mark names[] = {
    { "MicroMessenger/", "WeChat" },
    { "AlipayClient/", "Alipay" },
    { "Edg", "Edge" },
    { "OPR/", "Opera" },
    { "HuaweiBrowser/", "Huawei" },
    { "MiuiBrowser/", "Xiaomi" },
    { "QQBrowser/", "QQ" },
    { "UCBrowser/", "UC" },
    { "SamsungBrowser/", "Samsung" },
    { "Firefox/", "Firefox" },
    { "FxiOS/", "Firefox" },
    { "Chrome/", "Chrome" },
    { "CriOS/", "Chrome" },
    { "Safari/", "Safari" },
    { NULL, "" },
};

static const struct mark systems[] = {
    { "HarmonyOS", "HarmonyOS" }, { "OpenHarmony", "HarmonyOS" }, { "Android", "Android" },
    { "iPhone", "iOS" },          { "iPad", "iPadOS" },           { "Windows", "Windows" },
    { "Macintosh", "macOS" },     { "Linux", "Linux" },           { NULL, "" },
};

static const char *
first_found(const struct mark *mark, const char *text)
{
    while (mark->word != NULL && strstr(text, mark->word) == NULL)
        mark++;
    return mark->name;
}

struct browser_kind
browser_named(const char *user_agent)
{
    const char *text = user_agent != NULL ? user_agent : "";

    return (struct browser_kind) { first_found(names, text), first_found(systems, text) };
}
