// SPDX-License-Identifier: Apache-2.0
// oauth2-proxy, built from its published source, with its options alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { installed, isMissing, secret, Stock } from '../../kit/stock.mjs';
import { Browser } from '../../kit/world.mjs';

const program = installed('bin/oauth2-proxy');
const audience = 'https://api.example.cn';

const options = ({ issuer, site, port }) => ({
  OAUTH2_PROXY_PROVIDER: 'oidc',
  OAUTH2_PROXY_OIDC_ISSUER_URL: issuer,
  OAUTH2_PROXY_CLIENT_ID: 'stock',
  OAUTH2_PROXY_CLIENT_SECRET: secret,
  OAUTH2_PROXY_CODE_CHALLENGE_METHOD: 'S256',
  OAUTH2_PROXY_OIDC_EMAIL_CLAIM: 'sub',
  OAUTH2_PROXY_EMAIL_DOMAINS: '*',
  OAUTH2_PROXY_BACKEND_LOGOUT_URL: `${issuer}/oidc/logout?id_token_hint={id_token}`,
  // Of this test: where it listens, over http, and a refresh at once.
  OAUTH2_PROXY_REDIRECT_URL: `${site}/oauth2/callback`,
  OAUTH2_PROXY_HTTP_ADDRESS: `127.0.0.1:${port}`,
  OAUTH2_PROXY_UPSTREAMS: 'static://200',
  OAUTH2_PROXY_COOKIE_SECRET: '0123456789abcdef0123456789abcdef',
  OAUTH2_PROXY_COOKIE_SECURE: 'false',
  OAUTH2_PROXY_COOKIE_REFRESH: '1s',
  OAUTH2_PROXY_SET_XAUTHREQUEST: 'true',
  OAUTH2_PROXY_PASS_ACCESS_TOKEN: 'true',
  // For APIs behind it.
  OAUTH2_PROXY_SKIP_JWT_BEARER_TOKENS: 'true',
  OAUTH2_PROXY_EXTRA_JWT_ISSUERS: `${issuer}=${audience}`,
});

describe('oauth2-proxy', { skip: isMissing(program, 'oauth2-proxy') }, () => {
  const proxy = new Stock({
    command: () => [program],
    env: options,
    register: (site) => ({
      redirect_uris: [`${site}/oauth2/callback`],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      scope: 'openid profile phone',
      audience,
    }),
  });
  const enter = (browser) => proxy.read(browser, '/oauth2/start?rd=/oauth2/userinfo');
  const tokenOf = async (browser) =>
    (await browser.request(`${proxy.site}/oauth2/auth`)).headers.get('x-auth-request-access-token');

  before(() => proxy.start());
  after(() => proxy.stop());

  test('login', async () => {
    const { told } = await enter(new Browser());
    assert.match(told.user, /^[\w-]{43}$/);
    assert.equal(told.email, told.user);
  });

  test('it refreshes', async () => {
    const browser = new Browser();
    await enter(browser);
    const first = await tokenOf(browser);
    await pause(2100);
    const second = await tokenOf(browser);
    assert.ok(first && second, proxy.story());
    assert.notEqual(second, first);
  });

  test('its logout, called from its server, ends the session here as well', async () => {
    const browser = new Browser();
    await enter(browser);
    await browser.request(`${proxy.site}/oauth2/sign_out`);
    assert.deepEqual((await enter(browser)).asked, ['login-form']);
  });

  test('a token for its audience passes, no other', async () => {
    const answer = await fetch(`${proxy.issuer}/oauth2/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: proxy.id, client_secret: secret }),
    });
    const { access_token: token } = await answer.json();
    const pass = (bearer) => fetch(`${proxy.site}/`, { headers: { authorization: `Bearer ${bearer}` } });
    assert.equal((await pass(token)).status, 200, proxy.story());
    assert.equal((await pass(`${token}x`)).status, 403);
  });
});
