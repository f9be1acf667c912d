// SPDX-License-Identifier: Apache-2.0
// openid-client, a certified library, runs the token exchange by which a member of staff acts for a citizen, and jose reads who acts: the
// member of staff signs in through the real directory, the citizen shows a code of her card on her telephone.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import * as client from 'openid-client';
import { cardHolder, cardPartners, codeType, exchange, newKey } from '../kit/scans.mjs';
import { authenticator, password, startDirectory, toldOnce } from '../kit/staff.mjs';
import { callbackOf, partner, site } from '../kit/visit.mjs';
import { Browser, startWorld } from '../kit/world.mjs';

const who = 'zhang.wei';
const accessType = 'urn:ietf:params:oauth:token-type:access_token';
let dir;
let directory;
let world;
let browser;
let config;
let her;
let staff;

const windows = (key) => partner('window', {
  channel: 'counter', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] }, id_token_signed_response_alg: 'ES256',
  grant_types: ['authorization_code', exchange], card_purposes: ['serve'], scope: 'openid profile staff',
  businesses: [
    { code: 'pension.query', name: '养老金查询', scope: 'openid profile', roles: ['counter'] },
    { code: 'pension.change', name: '养老金变更', scope: 'openid', roles: ['counter'], second: true },
  ],
});

/** Counter, factor and all: she enters the application, which gets her tokens. */
async function enter() {
  const said = await world.command('counter', 'add', '--place', '一楼 3 号窗口', '--agency', '天河区社保局', '--region', '330500');
  await browser.submit(await browser.go(`${world.staffUrl}/staff/counter`), 'counter-form', { code: toldOnce(said) });
  await browser.submit(await browser.go(`${world.staffUrl}/staff/sign-in`), 'staff-sign-in-form', { staff_name: who, password });
  const code = toldOnce(await world.command('staff', 'code', who));
  const page = await browser.submit(await browser.go(`${world.staffUrl}/staff/enrol`), 'staff-enrol-form', { staff_name: who, password, code });
  const key = authenticator(/id="secret">([A-Z2-7]+)</.exec(page.text)[1]);
  await browser.submit(page, 'staff-enrol-factor-form', { code: await key.next() });
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedNonce: client.randomNonce(), idTokenExpected: true };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf('window'), scope: 'openid staff', nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier), code_challenge_method: 'S256',
  });
  let arrival = await browser.go(url.href, { stopAt: site });
  if (!arrival.url.href.startsWith(callbackOf('window'))) {
    arrival = await browser.submit(arrival, 'staff-sign-in-form', { staff_name: who, password }, { stopAt: site });
    arrival = await browser.submit(arrival, 'staff-factor-form', { code: await key.next() }, { stopAt: site });
  }
  return client.authorizationCodeGrant(config, arrival.url, checks);
}

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tongxing-acting-'));
  directory = startDirectory();
  const clinic = await newKey();
  const key = await newKey();
  world = await startWorld({
    cards: true, partners: [...cardPartners(clinic), windows(key)], staff: directory.staff, extraConfig: directory.config,
  });
  browser = new Browser();
  her = await cardHolder(world);
  config = await client.discovery(new URL(world.issuer), 'window', { id_token_signed_response_alg: 'ES256' },
    client.PrivateKeyJwt(key.privateKey), { execute: [client.allowInsecureRequests] });
  staff = await enter();
});
after(async () => {
  await world?.stop();
  directory?.stop();
  await rm(dir, { recursive: true });
});

const act = async (more = {}) => client.genericGrantRequest(config, exchange, {
  subject_token: await her.phone.show('serve'), subject_token_type: codeType, actor_token: staff.access_token, actor_token_type: accessType,
  business: 'pension.query', reason: '本人要求查询', ...more,
});

test('the token names the citizen, the member of staff, the counter, the business and the reason', async () => {
  const tokens = await act();
  assert.equal(tokens.refresh_token, undefined);
  assert.equal(tokens.id_token, undefined);
  assert.equal(tokens.issued_token_type, accessType);
  const keys = jose.createLocalJWKSet(await (await fetch(config.serverMetadata().jwks_uri)).json());
  const { payload } = await jose.jwtVerify(tokens.access_token, keys, { issuer: world.issuer });
  assert.notEqual(payload.sub, staff.claims().sub);
  assert.equal(payload.act.sub, staff.claims().sub);
  assert.match(payload.act.counter, /^k_/);
  assert.ok(payload.act.agency.length > 0);
  assert.deepEqual([payload.business, payload.reason], ['pension.query', '本人要求查询']);
  assert.equal(payload.scope, 'openid profile');
  const said = await client.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([said.active, said.act, said.business], [true, payload.act, 'pension.query']);
  const told = await client.fetchUserInfo(config, tokens.access_token, payload.sub);
  assert.deepEqual([told.name, told.act], ['张三', payload.act]);
});

test('what she may not is refused with a word', async () => {
  await assert.rejects(act({ business: 'pension.change' }), { error: 'access_denied' });
  await assert.rejects(act({ business: 'unknown' }), { error: 'invalid_request' });
  await assert.rejects(act({ reason: '' }), { error: 'invalid_request' });
  await assert.rejects(act({ actor_token: 'nonsense' }), { error: 'invalid_request' });
});
