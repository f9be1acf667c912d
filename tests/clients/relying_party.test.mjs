// SPDX-License-Identifier: Apache-2.0
// The example of the validation kit (tests/keys/relying_party/example.c) judges tokens that the server has really issued.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { receiveLogouts } from '../kit/backchannel.mjs';
import { RelyingParty } from '../kit/relying_party.mjs';
import { build, startWorld } from '../kit/world.mjs';
import { goodbyeOf, partner, settle, visit } from '../kit/visit.mjs';

const secret = 'between this partner and the server';
const resource = 'https://api.hospital.example';
const algorithms = ['ES256', 'RS256', 'EdDSA'];
const idOf = (alg) => `partner-${alg.toLowerCase()}`;

let world;
const receivers = new Map();

before(async () => {
  for (const alg of algorithms) receivers.set(alg, await receiveLogouts());
  world = await startWorld({
    partners: algorithms.map((alg) => partner(idOf(alg), {
      client_secret: secret,
      require_pkce: false,
      audience: resource,
      id_token_signed_response_alg: alg,
      access_token_signed_response_alg: alg,
      backchannel_logout_uri: receivers.get(alg).uri,
    })),
  });
  await settle(world);
});
after(async () => {
  for (const receiver of receivers.values()) receiver.stop();
  await world?.stop();
});

/** { good, said }: the claims as an object, or the sentence. */
function judge(rp, ...words) {
  const args = [world.issuer, rp.metadata.jwks_uri, ...words];
  return new Promise((resolve) => {
    execFile(join(build, 'tests', 'relying_party_example'), args, (error, said) =>
      resolve({ good: !error, said: error ? said.trim() : JSON.parse(said) }));
  });
}

for (const alg of algorithms) {
  test(`the kit takes what the server signs with ${alg}, each for what it is`, async () => {
    const rp = await new RelyingParty(world, { id: idOf(alg), secret, alg }).discover();
    const { tokens, claims, request, browser } = await rp.login();

    assert.deepEqual(await judge(rp, rp.id, 'id', tokens.id_token, request.nonce), { good: true, said: claims });
    const access = await judge(rp, resource, 'access', tokens.access_token, 'openid');
    assert.deepEqual([access.good, access.said.client_id, access.said.sub], [true, rp.id, claims.sub]);

    await visit(browser, `${rp.metadata.end_session_endpoint}?${new URLSearchParams(
      { id_token_hint: tokens.id_token, post_logout_redirect_uri: goodbyeOf(rp.id) })}`);
    const logoutToken = (await receivers.get(alg).next()).form.get('logout_token');
    const logout = await judge(rp, rp.id, 'logout', logoutToken);
    assert.deepEqual([logout.good, logout.said.sid], [true, claims.sid]);

    const refused = async (...words) => {
      const { good, said } = await judge(rp, ...words);
      assert.equal(good, false);
      return said;
    };
    assert.match(await refused(rp.id, 'id', tokens.id_token, 'another'), /answers another request/);
    assert.match(await refused(rp.id, 'id', tokens.access_token, request.nonce), /token of another kind/);
    assert.match(await refused(resource, 'access', tokens.id_token, 'openid'), /token of another kind/);
    assert.match(await refused(rp.id, 'access', tokens.access_token, 'openid'), /for somebody else/);
    assert.match(await refused(resource, 'access', tokens.access_token, 'phone'), /does not allow this/);
    assert.match(await refused('other', 'logout', logoutToken), /for somebody else/);
    const forged = `${tokens.id_token.slice(0, -20)}${tokens.id_token.at(-20) === 'A' ? 'B' : 'A'}${tokens.id_token.slice(-19)}`;
    assert.match(await refused(rp.id, 'id', forged, request.nonce), /signature does not hold/);
  });
}
