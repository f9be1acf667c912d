// SPDX-License-Identifier: Apache-2.0
// CIBA as two certified libraries read it, approved as a citizen does: on the page, by the link of a message, by an
// answered message that the gateway's simulator hands on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { Browser, formOf, lastMessage, password, people, startWorld } from '../kit/world.mjs';
import { partner, settle } from '../kit/visit.mjs';

const secret = 'the hotline and the server know it';
const grantType = 'urn:openid:params:grant-type:ciba';
const plain = { [oauth.allowInsecureRequests]: true };
const phone = people[0].phone;

const asking = (id, channel, approval) => partner(id, {
  client_secret: secret, channel, redirect_uris: [], post_logout_redirect_uris: [], grant_types: [grantType, 'refresh_token'],
  scope: 'openid profile', id_token_signed_response_alg: 'ES256', backchannel_approval: approval,
});

let world;
let browser;

before(async () => {
  world = await startWorld({
    partners: [asking('hotline', 'telephone', 'page'), asking('linking', 'telephone', 'link'), asking('texting', 'message', 'reply')],
    extraConfig: '[limits]\nprompts = 1000\ncodes_minute = 60\ncodes_hour = 100\ncodes_day = 100\n',
  });
  browser = await settle(world);
});
after(() => world?.stop());

const discover = (id) => client.discovery(new URL(world.issuer), id, { id_token_signed_response_alg: 'ES256' },
  client.ClientSecretBasic(secret), { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] });

/** Her page, and her word. */
async function answer(who, decision) {
  const page = await who.go(`${world.issuer}/approvals`);
  assert.ok(formOf(page, 'approval-form'), page.text);
  return who.submit(page, 'approval-form', { decision });
}

test('openid-client asks, she confirms on her page, and it polls until it has the tokens', async () => {
  const config = await discover('hotline');
  const asked = await client.initiateBackchannelAuthentication(config,
    { scope: 'openid profile', login_hint: phone, binding_message: '4711' });
  const page = await answer(browser, 'allow');
  assert.match(page.text, /id="notice"/);
  const tokens = await client.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 1 });
  const { sub } = tokens.claims();
  assert.equal((await client.fetchUserInfo(config, tokens.access_token, sub)).name, people[0].name);
  assert.equal((await client.refreshTokenGrant(config, tokens.refresh_token)).claims().sub, sub);
});

test('openid-client is told that she refused', async () => {
  const config = await discover('hotline');
  const asked = await client.initiateBackchannelAuthentication(config, { scope: 'openid', login_hint: people[0].identity_number });
  await answer(browser, 'deny');
  await assert.rejects(client.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 1 }), { error: 'access_denied' });
});

test('openid-client gets tokens that are bound to its key', async () => {
  const config = await discover('hotline');
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  const asked = await client.initiateBackchannelAuthentication(config, { scope: 'openid', login_hint: phone });
  await answer(browser, 'allow');
  const tokens = await client.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 1 }, undefined, { DPoP });
  assert.equal(tokens.token_type, 'dpop');
  await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
});

test('oauth4webapi reads each answer: asked, pending, too soon, allowed', async () => {
  const issuer = new URL(world.issuer);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
  const who = { client_id: 'hotline', id_token_signed_response_alg: 'ES256' };
  const proof = oauth.ClientSecretBasic(secret);
  const asked = await oauth.processBackchannelAuthenticationResponse(as, who,
    await oauth.backchannelAuthenticationRequest(as, who, proof, { scope: 'openid', login_hint: phone }, plain));
  const poll = async () => oauth.processBackchannelAuthenticationGrantResponse(as, who,
    await oauth.backchannelAuthenticationGrantRequest(as, who, proof, asked.auth_req_id, plain));
  await assert.rejects(poll(), { error: 'authorization_pending' });
  await assert.rejects(poll(), { error: 'slow_down' });
  await answer(browser, 'allow');
  assert.ok(oauth.getValidatedIdTokenClaims(await poll()).sub);
  await assert.rejects(poll(), { error: 'invalid_grant' });
});

test('the link of a text message leads to what is asked, and a login to the answer', async () => {
  const config = await discover('linking');
  const asked = await client.initiateBackchannelAuthentication(config, { scope: 'openid', login_hint: phone, binding_message: 'b-17' });
  const { link } = await lastMessage(world, phone, 'link');
  const stranger = new Browser();
  const page = await stranger.go(`${world.issuer}/approve?l=${link}`);
  assert.match(page.text, /b-17/);
  assert.match(page.text, /138\*\*\*\*8000/);
  const [, way] = /id="approve-login" href="([^"]*)"/.exec(page.text);
  const login = await stranger.go(new URL(way.replaceAll('&amp;', '&'), page.url).href);
  const there = await stranger.submit(login, 'login-form', { phone, password });
  assert.equal(there.url.pathname, '/approvals');
  await stranger.submit(there, 'approval-form', { decision: 'allow' });
  assert.ok((await client.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 1 })).claims().sub);
});

test('an answered message is a login for what its channel is worth', async () => {
  const config = await discover('texting');
  const asked = await client.initiateBackchannelAuthentication(config, { scope: 'openid profile', login_hint: phone });
  const { number } = await lastMessage(world, phone, 'number');
  const body = new URLSearchParams({ phone, content: number });
  const told = await fetch(`http://127.0.0.1:${world.smsPort}/_reply`, { method: 'POST', body });
  assert.equal((await told.text()).trim(), '200'); // of our answer to the gateway
  const tokens = await client.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 1 });
  assert.equal(tokens.claims().acr, 'urn:hrss:acr:l1');
  assert.deepEqual(tokens.claims().amr, ['sms']);
  assert.equal(tokens.scope, 'openid');
});
