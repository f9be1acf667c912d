// SPDX-License-Identifier: Apache-2.0
// The plans oidcc-basic- and oidcc-formpost-basic-certification-test-plan of the OpenID conformance suite with a static
// client: one test a module, by its name. What every module checks besides its own matter is in kit/relying_party.mjs.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { RelyingParty } from '../kit/relying_party.mjs';
import { Browser, people, startWorld } from '../kit/world.mjs';
import { partner, settle } from '../kit/visit.mjs';

const secret = 'known to the suite and the server';
const everything = 'openid profile email address phone offline_access';
const registered = {
  client_secret: secret,
  require_pkce: false, // the plan knows PKCE in one module only
  response_modes: ['query', 'form_post'],
  id_token_signed_response_alg: 'RS256',
  scope: everything,
};

let world;
before(async () => {
  world = await startWorld({
    partners: [
      partner('suite', registered),
      partner('suite-post', { ...registered, token_endpoint_auth_method: 'client_secret_post' }),
      partner('suite-two', registered),
    ],
  });
  await settle(world);
});
after(() => world?.stop());

const pageSays = (page, symbol) => assert.match(page.text, new RegExp(`id="error-${symbol}"`));

/** A request that must succeed and shows nothing but the login. */
const accepts = (parameters) => (rp) => rp.login(parameters);

/** What the scope promises is told at the userinfo endpoint; the suite only warns about claims that an OP does not hold. */
const tells = (scope, ...names) => async (rp) => {
  const login = await rp.login({ scope });
  const told = await rp.userinfo(login);
  for (const name of names) assert.ok(name in told, name);
};

const userinfoBy = (way) => async (rp) => rp.userinfo(await rp.login(), way);

/** A second request in the same browser. */
const again = (rp, first, parameters) => rp.login(parameters, { browser: first.browser });

const unsigned = (claims) =>
  [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.').concat('.');

async function errorOf(rp, parameters, options) {
  const { params } = await rp.authorize(parameters, options);
  assert.ok(params, 'the error comes back to the client');
  assert.equal(params.code, undefined);
  return params.error;
}

async function codeIsRefusedAgain(rp, wait_s) {
  const login = await rp.login();
  await pause(wait_s * 1000);
  const { status, body } = await rp.redeem(login.code);
  assert.equal(status, 400);
  assert.equal(body.error, 'invalid_grant');
  return login;
}

const modules = {
  'oidcc-server': accepts({}),

  async 'oidcc-server-client-secret-post'(rp) {
    const other = new RelyingParty(world, { ...rp, id: 'suite-post', method: 'client_secret_post' });
    await (await other.discover()).login();
  },

  async 'oidcc-response-type-missing'(rp) {
    const error = await errorOf(rp, { response_type: undefined });
    assert.ok(['unsupported_response_type', 'invalid_request'].includes(error));
  },

  'oidcc-userinfo-get': userinfoBy('get'),
  'oidcc-userinfo-post-header': userinfoBy('post-header'),
  'oidcc-userinfo-post-body': userinfoBy('post-body'),
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': accepts({ nonce: undefined }),

  'oidcc-scope-profile': tells('openid profile', 'name'),
  'oidcc-scope-email': tells('openid email'), // nothing is held: a warning of the suite
  'oidcc-scope-address': tells('openid address'), // as above
  'oidcc-scope-phone': tells('openid phone', 'phone_number', 'phone_number_verified'),
  'oidcc-scope-all': tells('openid profile email address phone', 'name', 'phone_number'),

  async 'oidcc-alternate-happy-flow'(rp) {
    const request = rp.parameters({ scope: 'phone openid profile' });
    const reversed = Object.fromEntries(Object.entries(request).reverse());
    assert.equal(rp.url(reversed).indexOf('client_id='), rp.url(reversed).lastIndexOf('&') + 1);
    const { params } = await rp.authorize(reversed);
    assert.equal((await rp.redeem(params.code)).status, 200);
  },

  'oidcc-display-page': accepts({ display: 'page' }),
  'oidcc-display-popup': accepts({ display: 'popup' }),
  'oidcc-claims-locales': accepts({ claims_locales: 'se' }),

  async 'oidcc-ui-locales'(rp) {
    await rp.login({ ui_locales: 'se' });
    const page = await new Browser().go(rp.url(rp.parameters({ ui_locales: 'en' })));
    assert.match(page.text, /<html[^>]* lang="en"/);
  },

  async 'oidcc-login-hint'(rp) {
    await rp.login({ login_hint: 'bob@example.com' });
    const page = await new Browser().go(rp.url(rp.parameters({ login_hint: people[0].phone })));
    assert.match(page.text, new RegExp(`<input id="phone"[^>]* value="${people[0].phone}"`));
  },

  async 'oidcc-ensure-request-with-acr-values-succeeds'(rp) {
    const { claims } = await rp.login({ acr_values: 'urn:hrss:acr:l2 urn:hrss:acr:l1' });
    assert.ok(['urn:hrss:acr:l1', 'urn:hrss:acr:l2'].includes(claims.acr));
  },

  async 'oidcc-prompt-login'(rp) {
    const first = await rp.login();
    await pause(1100); // auth_time has whole seconds
    const second = await again(rp, first, { prompt: 'login' });
    assert.ok(second.asked.includes('login-form'));
    assert.ok(second.claims.auth_time > first.claims.auth_time);
    assert.equal(second.claims.sub, first.claims.sub);
  },

  async 'oidcc-prompt-none-not-logged-in'(rp) {
    const error = await errorOf(rp, { prompt: 'none' });
    assert.ok(['login_required', 'interaction_required', 'account_selection_required', 'consent_required'].includes(error));
  },

  async 'oidcc-prompt-none-logged-in'(rp) {
    const first = await rp.login({ max_age: '10000' });
    const second = await again(rp, first, { prompt: 'none', max_age: '10000' });
    assert.deepEqual(second.asked, []);
    assert.equal(second.claims.sub, first.claims.sub);
    assert.equal(second.claims.auth_time, first.claims.auth_time);
  },

  async 'oidcc-max-age-1'(rp) {
    const first = await rp.login();
    await pause(2100); // the login must be older than a second by whole seconds
    const second = await again(rp, first, { max_age: '1' });
    assert.ok(second.asked.includes('login-form'));
    assert.ok(Date.now() / 1000 - second.claims.auth_time < 10);
    assert.ok(second.claims.auth_time > first.claims.auth_time);
  },

  async 'oidcc-max-age-10000'(rp) {
    const first = await rp.login();
    const second = await again(rp, first, { max_age: '10000' });
    assert.deepEqual(second.asked, []);
    assert.ok(Number.isInteger(second.claims.auth_time));
    assert.equal(second.claims.auth_time, first.claims.auth_time);
  },

  async 'oidcc-id-token-hint'(rp) {
    const first = await rp.login();
    const second = await again(rp, first, { prompt: 'none', id_token_hint: first.tokens.id_token });
    assert.deepEqual(second.asked, []);
    assert.equal(second.claims.sub, first.claims.sub);
  },

  'oidcc-ensure-request-with-unknown-parameter-succeeds': accepts({ extra: 'foobar' }),

  'oidcc-codereuse': (rp) => codeIsRefusedAgain(rp, 0),

  // The module waits 30 s, so that a grace for retries is over; here there is none for codes, and 2 s do.
  async 'oidcc-codereuse-30seconds'(rp) {
    const { tokens } = await codeIsRefusedAgain(rp, 2);
    const answer = await fetch(rp.metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(answer.status, 401);
  },

  async 'oidcc-ensure-registered-redirect-uri'(rp) {
    const { page } = await rp.authorize({ redirect_uri: `${rp.callback}/${randomBytes(8).toString('hex')}` });
    assert.equal(page.answer.status, 400);
    pageSays(page, 'redirect_uri_mismatch');
  },

  'oidcc-ensure-post-request-succeeds': (rp) => rp.login({}, { post: true }),

  async 'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported'(rp) {
    const state = 'only in the object';
    const request = unsigned({ ...rp.parameters(), state });
    assert.equal(await errorOf(rp, { request }), 'request_not_supported');
  },

  async 'oidcc-claims-essential'(rp) {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const told = await rp.userinfo(await rp.login({ claims }));
    assert.equal(told.name, people[0].name);
  },

  async 'oidcc-ensure-request-object-with-redirect-uri'(rp) {
    const request = unsigned(rp.parameters());
    const { page } = await rp.authorize({ request, redirect_uri: `${rp.callback}/other` });
    assert.equal(page.answer.status, 400);
    pageSays(page, 'redirect_uri_mismatch');
  },

  async 'oidcc-refresh-token'(rp) {
    const login = await rp.login({ scope: 'openid offline_access', prompt: 'consent' });
    const { status, body } = await rp.refresh(login.tokens.refresh_token);
    assert.equal(status, 200);
    assert.notEqual(body.access_token, login.tokens.access_token);
    const claims = await rp.checkIdToken(body.id_token, { accessToken: body.access_token });
    for (const name of ['iss', 'sub', 'aud', 'auth_time', 'azp']) assert.deepEqual(claims[name], login.claims[name], name);
    await rp.userinfo({ tokens: body, claims });
    const thief = await new RelyingParty(world, { ...rp, id: 'suite-two' }).discover();
    assert.equal((await thief.refresh(body.refresh_token)).body.error, 'invalid_grant');
  },

  async 'oidcc-ensure-request-with-valid-pkce-succeeds'(rp) {
    const verifier = randomBytes(32).toString('base64url');
    await rp.login(
      { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' },
      { redeemWith: { code_verifier: verifier } });
  },
};

for (const responseMode of [undefined, 'form_post']) {
  for (const [name, run] of Object.entries(modules)) {
    test(responseMode ? `${name} (${responseMode})` : name, async () => {
      await run(await new RelyingParty(world, { id: 'suite', secret, responseMode }).discover());
    });
  }
}
