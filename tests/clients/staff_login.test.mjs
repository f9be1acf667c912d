// SPDX-License-Identifier: Apache-2.0
// openid-client, a certified library, logs a member of staff in: through the real directory, the listener of staff and both factors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { authenticator, password, startDirectory, toldOnce } from '../kit/staff.mjs';
import { callbackOf, goodbyeOf, partner, site } from '../kit/visit.mjs';
import { Browser, startWorld } from '../kit/world.mjs';

const secret = 'a-secret-of-the-window-0123456789-0123456789';
const who = 'zhang.wei';
const atCounters = (id) => partner(id, {
  channel: 'counter', client_secret: secret, scope: 'openid staff', id_token_signed_response_alg: 'ES256',
});

let directory;
let world;
let browser;
let key;
let config;
let tokens;

/** Her computer is set up as a counter. */
async function setUp(place) {
  const said = await world.command('counter', 'add', '--place', place, '--agency', '天河区社保局', '--region', '440100');
  const page = await browser.go(`${world.staffUrl}/staff/counter`);
  return browser.submit(page, 'counter-form', { code: toldOnce(said) });
}

/** Her password makes her known; a code lets her authenticator be enrolled. */
async function enrol() {
  await browser.submit(await browser.go(`${world.staffUrl}/staff/sign-in`), 'staff-sign-in-form', { staff_name: who, password });
  const code = toldOnce(await world.command('staff', 'code', who));
  const page = await browser.submit(await browser.go(`${world.staffUrl}/staff/enrol`), 'staff-enrol-form', { staff_name: who, password, code });
  key = authenticator(/id="secret">([A-Z2-7]+)</.exec(page.text)[1]);
  return browser.submit(page, 'staff-enrol-factor-form', { code: await key.next() });
}

const discover = (id) =>
  client.discovery(new URL(world.issuer), id, { id_token_signed_response_alg: 'ES256' }, client.ClientSecretBasic(secret),
    { execute: [client.allowInsecureRequests] });

/** As far as the browser gets, and what the library will compare. */
async function begin(from, more = {}) {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState(), expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  };
  const url = client.buildAuthorizationUrl(from, {
    redirect_uri: callbackOf(from.clientMetadata().client_id), scope: 'openid staff', state: checks.expectedState,
    nonce: checks.expectedNonce, code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256', ...more,
  });
  return { checks, page: await browser.go(url.href, { stopAt: site }) };
}

/** Name and password, then the code of her authenticator. */
async function signIn(page) {
  page = await browser.submit(page, 'staff-sign-in-form', { staff_name: who, password }, { stopAt: site });
  return browser.submit(page, 'staff-factor-form', { code: await key.next() }, { stopAt: site });
}

before(async () => {
  directory = startDirectory();
  world = await startWorld({
    partners: [atCounters('window'), atCounters('annex')], staff: directory.staff, extraConfig: directory.config,
  });
  browser = new Browser();
  await setUp('一楼 3 号窗口');
  await enrol();
  config = await discover('window');
  client.enableNonRepudiationChecks(config);
});
after(async () => {
  await world?.stop();
  directory?.stop();
});

test('a stock library logs her in, and learns who she is, how she signed in and where she sits', async () => {
  const { checks, page } = await begin(config);
  const arrival = await signIn(page);
  tokens = await client.authorizationCodeGrant(config, arrival.url, checks);
  const claims = tokens.claims();
  assert.equal(claims.acr, 'urn:hrss:acr:l3');
  assert.deepEqual(claims.amr, ['pwd', 'otp']);
  assert.equal(claims.roles, undefined);
  const told = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(told.name, '张伟');
  assert.ok(told.roles.includes('counter'));
  assert.match(told.region, /^\d{6}$/);
  assert.match(told.counter, /^k_/);
});

test('introspection says her roles, and a refresh goes on', async () => {
  const told = await client.tokenIntrospection(config, tokens.access_token);
  assert.equal(told.active, true);
  assert.ok(told.roles.includes('counter'));
  const sub = tokens.claims().sub;
  tokens = await client.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal(tokens.claims().sub, sub);
});

test('another partner of the counter logs her in without a page, under another sub', async () => {
  const annex = await discover('annex');
  const { checks, page } = await begin(annex, { prompt: 'none' });
  const there = await client.authorizationCodeGrant(annex, page.url, checks);
  assert.notEqual(there.claims().sub, tokens.claims().sub);
});

test('prompt=login brings her to the page where she signs in', async () => {
  const { page } = await begin(config, { prompt: 'login' });
  assert.match(page.url.href, /\/staff\/sign-in\?tx=/);
});

test('logging out of one partner signs her out at the counter', async () => {
  const url = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: goodbyeOf('window') });
  const bye = await browser.go(url.href, { stopAt: site });
  assert.equal(bye.url.href.startsWith(goodbyeOf('window')), true);
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false);
  const { page } = await begin(config, { prompt: 'none' });
  assert.equal(page.url.searchParams.get('error'), 'login_required');
});
