// SPDX-License-Identifier: Apache-2.0
// Tokens bound to a key (RFC 9449) with clients that are not ours: oauth4webapi, and openid-client with nonces asked for.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { people, startWorld } from '../kit/world.mjs';
import { callbackOf, partner, settle, visit } from '../kit/visit.mjs';

const plain = { [oauth.allowInsecureRequests]: true }; // http on this machine
const partners = [partner('phone', { token_endpoint_auth_method: 'none', application_type: 'native', channel: 'app',
  dpop_bound_access_tokens: true })];
const client = { client_id: 'phone' };

describe('oauth4webapi', () => {
  let world;
  let browser;
  let server;

  before(async () => {
    world = await startWorld({ partners });
    browser = await settle(world);
    const issuer = new URL(world.issuer);
    server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
  });
  after(() => world?.stop());

  const holder = async (alg = 'ES256') => oauth.DPoP(client, await oauth.generateKeyPair(alg));

  /** The answer to a token request for a code that was asked for with the key of `asks`, by `redeems`. */
  async function redeem(asks, redeems) {
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(server.authorization_endpoint);
    url.search = new URLSearchParams({
      client_id: 'phone', redirect_uri: callbackOf('phone'), response_type: 'code', scope: 'openid profile phone realname',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state: 's',
      dpop_jkt: await asks.calculateThumbprint(),
    });
    const arrival = await visit(browser, url.href);
    const answer = oauth.validateAuthResponse(server, client, arrival.url, 's');
    return oauth.authorizationCodeGrantRequest(server, client, oauth.None(), answer, callbackOf('phone'), verifier,
      { ...plain, DPoP: redeems });
  }

  async function tokensOf(key) {
    return oauth.processAuthorizationCodeResponse(server, client, await redeem(key, key), { requireIdToken: true });
  }

  async function refresh(tokens, key) {
    const answer = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token,
      { ...plain, DPoP: key });
    return oauth.processRefreshTokenResponse(server, client, answer);
  }

  const userinfo = (tokens, key) => oauth.userInfoRequest(server, client, tokens.access_token, { ...plain, DPoP: key });

  test('discovery names what a proof may be signed with', () => {
    assert.deepEqual(server.dpop_signing_alg_values_supported, ['ES256', 'EdDSA']);
  });

  for (const alg of ['ES256', 'Ed25519']) {
    test(`login, userinfo and refresh with a key for ${alg}`, async () => {
      const key = await holder(alg);
      const tokens = await tokensOf(key);
      assert.equal(tokens.token_type, 'dpop');
      const { sub } = oauth.getValidatedIdTokenClaims(tokens);
      const told = await oauth.processUserInfoResponse(server, client, sub, await userinfo(tokens, key));
      assert.equal(told.name, people[0].name);
      const next = await refresh(tokens, key);
      assert.equal(next.token_type, 'dpop');
      assert.equal((await userinfo(next, key)).status, 200);
    });
  }

  test('without the key neither token is worth anything', async () => {
    const key = await holder();
    const thief = await holder();
    const tokens = await tokensOf(key);
    await assert.rejects(refresh(tokens, thief), { error: 'invalid_grant' });
    const answer = await userinfo(tokens, thief);
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate'), /^DPoP algs="ES256 EdDSA", error="invalid_dpop_proof"/);
    const bearer = await fetch(server.userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(bearer.status, 401);
    assert.equal((await refresh(tokens, key)).token_type, 'dpop'); // and the family lives on
  });

  test('a code that was asked for with one key is not redeemed with another', async () => {
    const answer = await redeem(await holder(), await holder());
    await assert.rejects(oauth.processAuthorizationCodeResponse(server, client, answer), { error: 'invalid_grant' });
  });

  test('a partner that registered it gets no token without a proof', async () => {
    const key = await holder();
    await assert.rejects(oauth.processAuthorizationCodeResponse(server, client, await redeem(key, undefined)),
      { error: 'invalid_dpop_proof' });
  });
});

describe('openid-client, where nonces are asked for', () => {
  let world;

  before(async () => {
    world = await startWorld({ partners, extraConfig: '[dpop]\nnonce = yes\n' });
  });
  after(() => world?.stop());

  test('it takes each nonce and goes on, through login, userinfo and refresh', async () => {
    const browser = await settle(world);
    const config = await oidc.discovery(new URL(world.issuer), 'phone', undefined, oidc.None(),
      { execute: [oidc.allowInsecureRequests] });
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, { redirect_uri: callbackOf('phone'), scope: 'openid profile phone realname',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256' });
    const arrival = await visit(browser, url.href);
    const tokens = await oidc.authorizationCodeGrant(config, arrival.url, { pkceCodeVerifier }, undefined, { DPoP });
    assert.equal(tokens.token_type, 'dpop');
    const told = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
    assert.equal(told.name, people[0].name);
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    assert.equal(next.token_type, 'dpop');
  });
});
