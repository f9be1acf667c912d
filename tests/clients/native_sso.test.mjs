// SPDX-License-Identifier: Apache-2.0
// Apps of one vendor share a login, and open a partner's page inside: with clients that are not ours. openid-client and
// oauth4webapi exchange, dpop makes the proof that no link can carry.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as dpop from 'dpop';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { Browser, people, startWorld } from '../kit/world.mjs';
import { callbackOf, partner, settle, visit } from '../kit/visit.mjs';

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const kind = (name) => `urn:ietf:params:oauth:token-type:${name}`;
const ticketKind = 'urn:hrss:params:oauth:token-type:browser-ticket';
const plain = { [oauth.allowInsecureRequests]: true }; // http on this machine
const app = (id, scope, more) => partner(id, { token_endpoint_auth_method: 'none', application_type: 'native', channel: 'app',
  grant_types: ['authorization_code', 'refresh_token', exchange], scope, ...more });
const start = 'http://localhost:9/hall/start';

describe('apps of one vendor', () => {
  let world;
  let browser;

  before(async () => {
    world = await startWorld({ partners: [
      app('pilot', 'openid profile device_sso', { native_sso_group: 'hrss', browser_ticket_partners: 'hall' }),
      app('second', 'openid profile', { native_sso_group: 'hrss', consent: 'implied', dpop_bound_access_tokens: true }),
      app('asking', 'openid profile', { native_sso_group: 'hrss' }),
      partner('hall', { initiate_login_uri: start, token_endpoint_auth_method: 'none', scope: 'openid profile' }),
    ] });
    browser = await settle(world);
  });
  after(() => world?.stop());

  const configOf = (id) => oidc.discovery(new URL(world.issuer), id, undefined, oidc.None(),
    { execute: [oidc.allowInsecureRequests] });

  async function login(config, DPoP) {
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, { redirect_uri: callbackOf('pilot'), scope: 'openid profile device_sso',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256' });
    const arrival = await visit(browser, url.href);
    return oidc.authorizationCodeGrant(config, arrival.url, { pkceCodeVerifier }, undefined, { DPoP });
  }

  const pairOf = (tokens) => ({ audience: world.issuer, subject_token: tokens.id_token, subject_token_type: kind('id_token'),
    actor_token: tokens.device_secret, actor_token_type: 'urn:openid:params:token-type:device-secret' });

  test('openid-client: a second app is in without a page, by its own key, and out by the same logout', async () => {
    const first = await configOf('pilot');
    assert.equal(first.serverMetadata().native_sso_supported, true);
    assert.ok(first.serverMetadata().grant_types_supported.includes(exchange));
    const tokens = await login(first, oidc.getDPoPHandle(first, await oidc.randomDPoPKeyPair('ES256')));
    const second = await configOf('second');
    const DPoP = oidc.getDPoPHandle(second, await oidc.randomDPoPKeyPair('ES256'));
    const shared = await oidc.genericGrantRequest(second, exchange, pairOf(tokens), { DPoP });
    assert.equal(shared.token_type, 'dpop');
    assert.equal(shared.issued_token_type, kind('access_token'));
    const told = await oidc.fetchUserInfo(second, shared.access_token, oidc.skipSubjectCheck, { DPoP });
    assert.equal(told.name, people[0].name);
    const next = await oidc.refreshTokenGrant(second, shared.refresh_token, undefined, { DPoP });
    await assert.rejects(oidc.genericGrantRequest(second, exchange, { ...pairOf(tokens), actor_token: 'ds_guessed' }, { DPoP }),
      { error: 'invalid_grant' });

    const out = oidc.buildEndSessionUrl(first, { id_token_hint: tokens.id_token });
    await visit(browser, out.href);
    await assert.rejects(oidc.refreshTokenGrant(second, next.refresh_token, undefined, { DPoP }), { error: 'invalid_grant' });
    await assert.rejects(oidc.genericGrantRequest(second, exchange, pairOf(tokens), { DPoP }), { error: 'invalid_grant' });
  });

  test('oauth4webapi: whom the person has not agreed to asks her through the browser once', async () => {
    const config = await configOf('pilot');
    const tokens = await login(config);
    const issuer = new URL(world.issuer);
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
    const client = { client_id: 'asking' };
    const ask = async () => oauth.processGenericTokenEndpointResponse(server, client,
      await oauth.genericTokenEndpointRequest(server, client, oauth.None(), exchange, pairOf(tokens), plain));
    await assert.rejects(ask, { error: 'interaction_required' });
    await visit(browser, `${server.authorization_endpoint}?${new URLSearchParams({ client_id: 'asking', response_type: 'code',
      redirect_uri: callbackOf('asking'), scope: 'openid profile', nonce: 'n',
      code_challenge: await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier()), code_challenge_method: 'S256' })}`);
    assert.equal((await ask()).token_type, 'bearer');
  });

  test('a page opens inside the app by a ticket and a proof of its key, once', async () => {
    const config = await configOf('pilot');
    const key = await oidc.randomDPoPKeyPair('ES256');
    const DPoP = oidc.getDPoPHandle(config, key);
    const tokens = await login(config, DPoP);
    const trade = (more) => oidc.genericGrantRequest(config, exchange, { subject_token: tokens.access_token,
      subject_token_type: kind('access_token'), requested_token_type: ticketKind, audience: 'hall', ...more }, { DPoP });
    const ticket = await trade();
    assert.equal(ticket.issued_token_type, ticketKind);
    assert.equal(ticket.expires_in, 30);
    await assert.rejects(trade({ audience: 'second' }), { error: 'invalid_target' });

    const endpoint = config.serverMetadata().browser_ticket_endpoint;
    const url = `${endpoint}?ticket=${ticket.access_token}`;
    const proof = () => dpop.generateProof(key, endpoint, 'GET');
    const open = (headers) => fetch(url, { redirect: 'manual', headers });
    assert.equal((await open({})).status, 403); // a link brings no proof
    const opened = await open({ dpop: await proof() });
    assert.equal(opened.status, 303);
    assert.equal(opened.headers.get('location'), `${start}?iss=${encodeURIComponent(world.issuer)}`);
    assert.equal((await open({ dpop: await proof() })).status, 400); // used

    const inside = new Browser(); // the web view, which keeps the cookie
    const again = await trade();
    const arrival = await inside.go(`${endpoint}?ticket=${again.access_token}`,
      { headers: { dpop: await proof() }, stopAt: 'http://localhost:9/' });
    assert.ok(arrival.url.href.startsWith(start));
    const { url: back, asked } = await visit(inside, `${world.issuer}/oauth2/authorize?${new URLSearchParams({ client_id: 'hall',
      response_type: 'code', redirect_uri: callbackOf('hall'), scope: 'openid profile', nonce: 'n',
      code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()), code_challenge_method: 'S256' })}`);
    assert.deepEqual(asked, ['consent-form']); // no login
    assert.ok(back.searchParams.get('code'));
  });
});
