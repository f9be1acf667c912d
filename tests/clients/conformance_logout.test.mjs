// SPDX-License-Identifier: Apache-2.0
// The plans oidcc-rp-initiated-logout-, oidcc-backchannel-rp-initiated-logout-, oidcc-frontchannel-rp-initiated-logout- and
// oidcc-session-management-certification-test-plan of the OpenID conformance suite: one test a module, by its name. The last
// two need a browser: Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLocalJWKSet, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { receiveLogouts } from '../kit/backchannel.mjs';
import { framed, openSite } from '../kit/frames.mjs';
import { RelyingParty } from '../kit/relying_party.mjs';
import { startWorld } from '../kit/world.mjs';
import { goodbyeOf, partner, settle, visit } from '../kit/visit.mjs';

const secret = 'known to the suite and the server';
const registered = { client_secret: secret, require_pkce: false, id_token_signed_response_alg: 'RS256' };
const goodbye = goodbyeOf('suite');

let world;
let receiver;
let site;
let rp;

before(async () => {
  receiver = await receiveLogouts();
  site = await openSite();
  world = await startWorld({
    partners: [
      partner('suite', registered),
      site.partner('framed', registered),
      site.partner('watching', { ...registered, frontchannel_logout_uri: undefined }),
      partner('listener', { ...registered, backchannel_logout_uri: receiver.uri, backchannel_logout_session_required: true }),
    ],
  });
  await settle(world);
  rp = await new RelyingParty(world, { id: 'suite', secret }).discover();
});
after(async () => {
  receiver.stop();
  await site.stop();
  await world?.stop();
});

const logOut = (browser, parameters) => visit(browser, `${rp.metadata.end_session_endpoint}?${new URLSearchParams(parameters)}`);

async function silentError(party, browser) {
  const { params } = await party.authorize({ prompt: 'none' }, { browser });
  return params.error;
}

/** Log in, log out with those parameters; the page or address at the end, and whether the session is over. */
async function leave(parameters) {
  const login = await rp.login();
  const page = await logOut(login.browser, await parameters(login));
  return { ...page, login, over: (await silentError(rp, login.browser)) === 'login_required' };
}

function assertReturned(end, query) {
  assert.equal(end.answer, undefined);
  assert.equal(end.url.href, goodbye + query);
  assert.equal(end.over, true);
}

function assertSignedOutPage(end) {
  assert.equal(end.answer.status, 200);
  assert.match(end.text, /id="signed-out"/);
  assert.equal(end.over, true);
}

/** Nobody vouches for who asks or for the address: the person is asked, logged out, and stays with us. */
function assertAskedAndStays(end) {
  assert.deepEqual(end.asked, ['logout-form']);
  assertSignedOutPage(end);
}

const hint = ({ tokens }) => ({ id_token_hint: tokens.id_token });

test('oidcc-rp-initiated-logout-discovery-endpoint-verification', () => {
  assert.equal(rp.metadata.end_session_endpoint, `${world.issuer}/oidc/logout`);
});

test('oidcc-rp-initiated-logout', async () => {
  const end = await leave((login) => ({ ...hint(login), post_logout_redirect_uri: goodbye, state: 'abc123' }));
  assertReturned(end, '?state=abc123');
});

test('oidcc-rp-initiated-logout-no-state', async () => {
  assertReturned(await leave((login) => ({ ...hint(login), post_logout_redirect_uri: goodbye })), '');
});

test('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri', async () => {
  const uri = `${goodbye}/elsewhere`;
  assertSignedOutPage(await leave((login) => ({ ...hint(login), post_logout_redirect_uri: uri })));
});

test('oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', async () => {
  const uri = `${goodbye}?foo=bar`;
  assertSignedOutPage(await leave((login) => ({ ...hint(login), post_logout_redirect_uri: uri })));
});

test('oidcc-rp-initiated-logout-modified-id-token-hint', async () => {
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const end = await leave(({ tokens }) => ({
    id_token_hint: `${none}.${tokens.id_token.split('.')[1]}.`, post_logout_redirect_uri: goodbye,
  }));
  assertAskedAndStays(end);
});

test('oidcc-rp-initiated-logout-bad-id-token-hint', async () => {
  const { privateKey } = await generateKeyPair('RS256');
  const end = await leave(async ({ claims }) => ({
    id_token_hint: await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(privateKey),
    post_logout_redirect_uri: goodbye,
  }));
  assertAskedAndStays(end);
});

test('oidcc-rp-initiated-logout-no-id-token-hint', async () => {
  const end = await leave(() => ({ post_logout_redirect_uri: goodbye, state: 's' }));
  assertAskedAndStays(end);
});

test('oidcc-rp-initiated-logout-no-params', async () => {
  const end = await leave(() => ({}));
  assertAskedAndStays(end);
});

test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', async () => {
  assertSignedOutPage(await leave((login) => ({ ...hint(login), state: 's' })));
});

test('oidcc-rp-initiated-logout-only-state', async () => {
  const end = await leave(() => ({ state: 's' }));
  assertAskedAndStays(end);
});

test('oidcc-backchannel-logout-discovery-endpoint-verification', () => {
  assert.equal(rp.metadata.backchannel_logout_supported, true);
  assert.equal(rp.metadata.backchannel_logout_session_supported, true);
});

test('oidcc-backchannel-rp-initiated-logout', async () => {
  const listener = await new RelyingParty(world, { id: 'listener', secret }).discover();
  const login = await listener.login();
  const end = await logOut(login.browser,
    { id_token_hint: login.tokens.id_token, post_logout_redirect_uri: goodbyeOf('listener'), state: 's' });
  assert.equal(end.url.href, `${goodbyeOf('listener')}?state=s`);
  const delivery = await receiver.next();
  assert.equal(delivery.method, 'POST');
  assert.match(delivery.type, /^application\/x-www-form-urlencoded/);
  assert.deepEqual([...delivery.form.keys()], ['logout_token']);
  const { payload } = await jwtVerify(delivery.form.get('logout_token'), createLocalJWKSet(listener.jwks), {
    issuer: world.issuer, audience: 'listener', algorithms: ['RS256'], requiredClaims: ['iat', 'exp', 'jti', 'events'],
  });
  assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
  assert.equal(payload.sid, login.claims.sid);
  assert.equal(payload.sub, login.claims.sub);
  assert.equal(payload.nonce, undefined);
  assert.equal(await silentError(listener, login.browser), 'login_required');
});

test('oidcc-frontchannel-logout-discovery-endpoint-verification', () => {
  assert.equal(rp.metadata.frontchannel_logout_supported, true);
  assert.equal(rp.metadata.frontchannel_logout_session_supported, true);
});

test('oidcc-frontchannel-rp-initiated-logout', async () => {
  const party = await framed(site, world, 'framed', secret);
  const login = await party.login();
  await party.logOut(login, 'abc');
  const [told] = site.visits('/framed/out');
  assert.equal(told.query.get('iss'), world.issuer);
  assert.equal(told.query.get('sid'), login.claims.sid);
  assert.match(told.cookie, /hall=open/); // of the same site
  assert.equal(await party.silentError(), 'login_required');
  await party.close();
});

test('oidcc-session-management-discovery-endpoint-verification', () => {
  assert.match(rp.metadata.check_session_iframe, new RegExp(`^${world.issuer}/`));
});

test('oidcc-session-management-rp-initiated-logout', async () => {
  const party = await framed(site, world, 'watching', secret);
  const login = await party.login();
  assert.equal(await party.ask(rp.metadata.check_session_iframe, login.sessionState), 'unchanged');
  assert.equal(await party.ask(rp.metadata.check_session_iframe, 'not of ours'), 'error');
  await party.logOut(login, 'abc');
  assert.equal(await party.ask(rp.metadata.check_session_iframe, login.sessionState), 'changed');
  assert.equal(await party.silentError(), 'login_required');
  await party.close();
});
