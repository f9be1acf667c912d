// SPDX-License-Identifier: Apache-2.0
// What an app holds once, wanted by 64 callers at two nodes: a browser ticket (docs/adr/0047; each caller has a proof of its own,
// so the ticket decides), and a DPoP proof.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as dpop from 'dpop';
import * as oidc from 'openid-client';
import { callbackOf, partner, settle, visit } from '../kit/visit.mjs';
import { send } from './kit.mjs';
import { noRace, race, tell, twoNodes } from './race.mjs';

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const partners = [
  partner('pilot', { token_endpoint_auth_method: 'none', application_type: 'native', channel: 'app', scope: 'openid profile',
    grant_types: ['authorization_code', 'refresh_token', exchange], browser_ticket_partners: 'hall' }),
  partner('hall', { initiate_login_uri: 'http://localhost:9/hall/start', token_endpoint_auth_method: 'none', scope: 'openid' }),
];

/** { world, config, key, DPoP, tokens }: an app that is logged in, at two nodes. */
async function pilot(t) {
  const world = await twoNodes(t, { partners });
  const browser = await settle(world);
  const config = await oidc.discovery(new URL(world.issuer), 'pilot', undefined, oidc.None(),
    { execute: [oidc.allowInsecureRequests] });
  const key = await oidc.randomDPoPKeyPair('ES256');
  const DPoP = oidc.getDPoPHandle(config, key);
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, { redirect_uri: callbackOf('pilot'), scope: 'openid profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256' });
  const arrival = await visit(browser, url.href);
  const tokens = await oidc.authorizationCodeGrant(config, arrival.url, { pkceCodeVerifier }, undefined, { DPoP });
  return { world, config, key, DPoP, tokens, renew: (token) => oidc.refreshTokenGrant(config, token, undefined, { DPoP }) };
}

test('of 64 who open one ticket at two nodes one is logged in', { skip: noRace }, async (t) => {
  const { world, config, key, DPoP, renew, ...first } = await pilot(t);
  let { tokens } = first;
  const endpoint = config.serverMetadata().browser_ticket_endpoint;

  const prepare = async (round) => {
    if (round % 50 === 49) tokens = await renew(tokens.refresh_token);
    const ticket = await oidc.genericGrantRequest(config, exchange, { subject_token: tokens.access_token, audience: 'hall',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      requested_token_type: 'urn:hrss:params:oauth:token-type:browser-ticket' }, { DPoP });
    const proofs = await Promise.all(Array.from({ length: 64 }, () => dpop.generateProof(key, endpoint, 'GET')));
    return { ticket: ticket.access_token, proofs };
  };
  const call = async (post, { ticket, proofs }, caller) => {
    const answer = await send(`${world.nodes[caller % 2]}/ticket?ticket=${ticket}`, { headers: { dpop: proofs[caller] } });
    await answer.text();
    return answer.status === 303 ? 'won' : `${answer.status}`;
  };
  const result = await race(world, { prepare, call });
  tell(t, 'ticket', result);
  assert.deepEqual(result.winners, { 1: result.rounds });
});

test('SC-02: one proof used by 64 callers at two nodes is good for one of them', { skip: noRace }, async (t) => {
  const { world, config, key, renew, ...first } = await pilot(t);
  let { tokens } = first;
  const endpoint = config.serverMetadata().userinfo_endpoint;

  const prepare = async (round) => {
    if (round % 50 === 49) tokens = await renew(tokens.refresh_token);
    return dpop.generateProof(key, endpoint, 'GET', undefined, tokens.access_token);
  };
  const call = async (post, proof, caller) => {
    const answer = await send(`${world.nodes[caller % 2]}/oidc/userinfo`,
      { headers: { authorization: `DPoP ${tokens.access_token}`, dpop: proof } });
    await answer.text();
    return answer.status === 200 ? 'won' : `${answer.status}`;
  };
  const result = await race(world, { prepare, call });
  tell(t, 'DPoP proof', result);
  assert.deepEqual(result.winners, { 1: result.rounds });
});
