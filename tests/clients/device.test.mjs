// SPDX-License-Identifier: Apache-2.0
// Devices that show a code (RFC 8628) with clients that are not ours: oauth4webapi step by step, openid-client polling by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { Terminal, confirm, devicePartner, grant, terminalPartner } from '../kit/device.mjs';
import { settle } from '../kit/visit.mjs';
import { startWorld } from '../kit/world.mjs';

const plain = { [oauth.allowInsecureRequests]: true }; // http on this machine
const television = { client_id: 'television' };
const kiosk = { client_id: 'kiosk' };

let world;
let browser;
let terminal;
let server;

before(async () => {
  world = await startWorld({
    partners: [
      devicePartner('television'),
      terminalPartner('kiosk'),
    ],
  });
  browser = await settle(world);
  terminal = await Terminal.enrol(world, 'kiosk');
  const issuer = new URL(world.issuer);
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
});
after(() => world?.stop());

const ask = async (client, proof, options = plain) =>
  oauth.processDeviceAuthorizationResponse(server, client,
    await oauth.deviceAuthorizationRequest(server, client, proof, { scope: 'openid profile' }, options));

const poll = async (client, proof, { device_code: code }, options = plain) =>
  oauth.processDeviceCodeResponse(server, client, await oauth.deviceCodeGrantRequest(server, client, proof, code, options));

const refusedWith = (error) => (thrown) => thrown instanceof oauth.ResponseBodyError && thrown.error === error;

test('discovery names the endpoint and the grant type', () => {
  assert.equal(server.device_authorization_endpoint, `${world.issuer}/oauth2/device_authorization`);
  assert.ok(server.grant_types_supported.includes(grant));
});

test('oauth4webapi: pending, allowed, tokens, a refresh, and no second time', async () => {
  const device = await ask(television, oauth.None());
  assert.equal(device.interval, 5);
  await assert.rejects(poll(television, oauth.None(), device), refusedWith('authorization_pending'));
  await assert.rejects(poll(television, oauth.None(), device), refusedWith('slow_down'));
  const page = await confirm(browser, device);
  assert.match(page.text, /id="device-done"/);
  const tokens = await poll(television, oauth.None(), device);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  assert.equal(claims.aud, 'television');
  const told = await oauth.processUserInfoResponse(server, television, claims.sub,
    await oauth.userInfoRequest(server, television, tokens.access_token, plain));
  assert.equal(told.name, '张三');
  const next = await oauth.processRefreshTokenResponse(server, television,
    await oauth.refreshTokenGrantRequest(server, television, oauth.None(), tokens.refresh_token, plain));
  assert.ok(next.access_token);
  await assert.rejects(poll(television, oauth.None(), device), refusedWith('invalid_grant'));
});

test('oauth4webapi: a key that the device has proven at the start is that of its tokens', async () => {
  const DPoP = oauth.DPoP(television, await oauth.generateKeyPair('ES256'));
  const thumbprint = await DPoP.calculateThumbprint();
  const device = await oauth.processDeviceAuthorizationResponse(server, television,
    await oauth.deviceAuthorizationRequest(server, television, oauth.None(),
      { scope: 'openid', dpop_jkt: thumbprint }, plain));
  await confirm(browser, device);
  await assert.rejects(poll(television, oauth.None(), device), refusedWith('invalid_grant'));
  const tokens = await poll(television, oauth.None(), device, { ...plain, DPoP });
  assert.equal(tokens.token_type, 'dpop');
});

test('oauth4webapi: a terminal proves itself by its own key, and is denied when the number is chosen wrongly', async () => {
  const proof = oauth.PrivateKeyJwt({ key: terminal.key.privateKey, kid: terminal.kid });
  const DPoP = oauth.DPoP(kiosk, terminal.key);
  const device = await ask(kiosk, proof);
  assert.match(device.match_number, /^[1-9]\d$/);
  const page = await confirm(browser, device, { number: '00' });
  assert.match(page.text, /id="device-wrong-number"/);
  await assert.rejects(poll(kiosk, proof, device, { ...plain, DPoP }), refusedWith('access_denied'));
});

test('openid-client waits by itself for what she says at a terminal', async () => {
  const key = { key: terminal.key.privateKey, kid: terminal.kid };
  const config = await oidc.discovery(new URL(world.issuer), 'kiosk', {}, oidc.PrivateKeyJwt(key),
    { execute: [oidc.allowInsecureRequests] });
  const DPoP = oidc.getDPoPHandle(config, terminal.key);
  const device = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile' });
  const [tokens] = await Promise.all([
    oidc.pollDeviceAuthorizationGrant(config, device, undefined, { DPoP }), confirm(browser, device),
  ]);
  assert.equal(tokens.claims().aud, 'kiosk');
  assert.ok(tokens.expiresIn() > 0);
});
