// SPDX-License-Identifier: Apache-2.0
// openid-client as a partner that goes by the electronic card: told of it at login, and of its loss by the next answer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import * as client from 'openid-client';
import { cardKiosk, cardKioskScope, issueAtKiosk } from '../kit/cards.mjs';
import { callbackOf, partner, settle, visit } from '../kit/visit.mjs';
import { startKiosk, startWorld } from '../kit/world.mjs';

const secret = 'a secret that only tests know: é+%&';
let world;
let browser;

before(async () => {
  world = await startWorld({
    cards: true,
    partners: [
      cardKiosk('kiosks'),
      partner('clinic', { client_secret: secret, id_token_signed_response_alg: 'ES256', scope: 'openid card card_number', id_token_claims: 'card' }),
      partner('library', { client_secret: secret, id_token_signed_response_alg: 'ES256', scope: 'openid profile card' }),
    ],
  });
  browser = await settle(world);
});
after(() => world?.stop());

async function logIn(id, scope) {
  const config = await client.discovery(new URL(world.issuer), id, undefined, client.ClientSecretBasic(secret),
    { execute: [client.allowInsecureRequests] });
  client.enableNonRepudiationChecks(config);
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const { url, asked } = await visit(browser, client.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(id), scope, state: checks.expectedState, nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier), code_challenge_method: 'S256',
  }).href);
  const tokens = await client.authorizationCodeGrant(config, url, checks);
  const told = () => client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  const introspected = () => client.tokenIntrospection(config, tokens.access_token);
  return { config, tokens, asked, told, introspected };
}

test('discovery names the claims and the scopes', async () => {
  const { config } = await logIn('library', 'openid profile');
  for (const name of ['card', 'card_number']) {
    assert.ok(config.serverMetadata().claims_supported.includes(name));
    assert.ok(config.serverMetadata().scopes_supported.includes(name));
  }
});

test('who has no card is told without it', async () => {
  const login = await logIn('clinic', 'openid card');
  assert.deepEqual(login.asked, ['consent-form']);
  assert.equal((await login.told()).card, undefined);
  assert.equal((await login.introspected()).card, undefined);
  assert.equal(login.tokens.claims().card, undefined);
});

test('the card is told at userinfo, at introspection and in the ID token, to each partner by a reference of its own', async () => {
  await issueAtKiosk(await startKiosk(world, 'kiosks', ...cardKioskScope), 1);
  const clinic = await logIn('clinic', 'openid card');
  const { card } = await clinic.told();

  assert.deepEqual(clinic.asked, []); // she agreed before
  assert.match(card.ref, /^[\w-]{43}$/);
  assert.deepEqual({ ...card, ref: '' }, { ref: '', region: '330500', level: 1, state: 'active', valid_to: card.valid_to });
  assert.match(card.valid_to, /^20\d\d-\d\d-\d\d$/);
  assert.deepEqual((await clinic.introspected()).card, card);
  assert.deepEqual(clinic.tokens.claims().card, card);
  assert.equal(jose.decodeJwt(clinic.tokens.access_token).card, undefined);
  assert.equal((await clinic.told()).card_number, undefined);

  const library = await logIn('library', 'openid card');
  const there = (await library.told()).card;
  assert.notEqual(there.ref, card.ref);
  assert.deepEqual({ ...there, ref: card.ref }, card);
});

test('the number is asked about by itself', async () => {
  const clinic = await logIn('clinic', 'openid card card_number');
  assert.deepEqual(clinic.asked, ['consent-form']);
  assert.equal((await clinic.told()).card_number, 'X00000019');
});

test('QR-08: a loss is told by the very next answer, and the login goes on without the card', async () => {
  const { told, introspected } = await logIn('clinic', 'openid card');
  const { ref, state } = (await told()).card;
  assert.equal(state, 'active');

  const page = await browser.go(`${world.issuer}/card/loss`);
  await browser.submit(page, 'card-loss-form', { decision: 'lost' });

  assert.deepEqual([(await told()).card.state, (await told()).card.ref], ['suspended', ref]);
  const token = await introspected();
  assert.deepEqual([token.active, token.card.state], [true, 'suspended']);
});
