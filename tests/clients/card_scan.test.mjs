// SPDX-License-Identifier: Apache-2.0
// A partner that scans cards, built of openid-client and jose: its assertions, the judgement off line by the published keys, the
// exchange; and a terminal that hands scans in and logs her in by a code.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import * as oidc from 'openid-client';
import { cardHolder, cardPartners, codeGrant, codeType, exchange, newKey, scanned } from '../kit/scans.mjs';
import { startKiosk, startWorld } from '../kit/world.mjs';

let world;
let clinic;
let her;

before(async () => {
  clinic = await newKey();
  world = await startWorld({ cards: true, partners: cardPartners(clinic) });
  her = await cardHolder(world);
});
after(() => world?.stop());

test('a code is good for one scan', async () => {
  const code = await her.phone.show('show');
  const first = await scanned(world, clinic, code);
  assert.equal(first.status, 200);
  assert.deepEqual([first.body.name_masked, first.body.region, first.body.state, first.body.purpose], ['张*', '330500', 'active', 'show']);
  assert.equal(first.body.identity_number, undefined);
  const second = await scanned(world, clinic, code);
  assert.deepEqual([second.status, second.body.error], [410, 'card_code_not_good']);
});

test('jose judges a code off line by the keys of /card/jwks, and the batch counts it once', async () => {
  const keys = await (await fetch(`${world.issuer}/card/jwks`)).json();
  const code = await her.phone.show('show');
  const { payload, protectedHeader } = await jose.jwtVerify(code, jose.createLocalJWKSet(keys), { typ: 'card', algorithms: ['ES256'] });
  assert.equal(protectedHeader.typ, 'card');
  assert.ok(payload.exp > Date.now() / 1000);
  const scans = `${code} ${Math.floor(Date.now() / 1000)}\n${code} ${Math.floor(Date.now() / 1000)}\nx.y.z 1\n`;
  for (let times = 0; times < 2; times++) {
    const answer = await her.kiosk.ask('/card/codes/batch', { scans });
    assert.deepEqual(answer.body, { results: ['accepted', 'not_good', 'malformed'] });
  }
});

test('openid-client exchanges a code for a token that names the partner as who acts', async () => {
  const config = await oidc.discovery(new URL(world.issuer), 'clinic', undefined, oidc.PrivateKeyJwt(clinic.privateKey),
    { execute: [oidc.allowInsecureRequests] });
  const tokens = await oidc.genericGrantRequest(config, exchange,
    { subject_token: await her.phone.show('serve'), subject_token_type: codeType, scope: 'openid' });
  assert.equal(tokens.refresh_token, undefined);
  assert.ok(tokens.expires_in <= 300);
  const { payload } = await jose.jwtVerify(tokens.access_token,
    jose.createLocalJWKSet(await (await fetch(config.serverMetadata().jwks_uri)).json()), { issuer: world.issuer });
  assert.deepEqual(payload.act, { sub: 'clinic' });
  const said = await oidc.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([said.active, said.act], [true, { sub: 'clinic' }]);
  assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, payload.sub)).sub, payload.sub);
});

test('a code that she shows to a terminal logs her in there', async () => {
  const answer = await her.kiosk.ask('/oauth2/token',
    { grant_type: codeGrant, scope: 'openid profile', card_code: await her.phone.show('login') });
  assert.equal(answer.status, 200);
  assert.ok(jose.decodeJwt(answer.body.id_token).amr.includes('card'));
});

test('so does the terminal of the demo, and it says what is wrong with one that was used', async () => {
  const kiosk = await startKiosk(world, 'kiosks', '--scope', 'openid profile card');
  const press = async (what, form = {}) => (await fetch(`${kiosk}${what}`, { method: 'POST', body: new URLSearchParams(form) })).text();
  const code = await her.phone.show('login');
  await press('/scan');
  assert.match(await press('/scanned', { code }), /id="factors">[^<]*电子社保卡/);
  await press('/leave');
  await press('/home');
  await press('/scan');
  assert.match(await press('/scanned', { code }), /二维码无效/);
});
