// SPDX-License-Identifier: Apache-2.0
// The plan oidcc-config-certification-test-plan of the OpenID conformance suite: one test a module, by its name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkJwks } from '../kit/relying_party.mjs';
import { startWorld } from '../kit/world.mjs';

let world;
before(async () => { world = await startWorld(); });
after(() => world?.stop());

const required = ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'response_types_supported',
  'subject_types_supported', 'id_token_signing_alg_values_supported'];
const lists = ['scopes_supported', 'response_types_supported', 'response_modes_supported', 'grant_types_supported',
  'acr_values_supported', 'subject_types_supported', 'id_token_signing_alg_values_supported',
  'token_endpoint_auth_methods_supported', 'token_endpoint_auth_signing_alg_values_supported', 'display_values_supported',
  'claims_supported', 'ui_locales_supported', 'code_challenge_methods_supported', 'prompt_values_supported'];
const flags = ['claims_parameter_supported', 'request_parameter_supported', 'request_uri_parameter_supported',
  'authorization_response_iss_parameter_supported', 'backchannel_logout_supported', 'backchannel_logout_session_supported'];

function checkTypes(metadata) {
  for (const name of required) assert.ok(name in metadata, `${name} is missing`);
  for (const name of lists) {
    assert.ok(Array.isArray(metadata[name]) && metadata[name].length > 0, name);
    assert.ok(metadata[name].every((word) => typeof word === 'string' && word !== ''), name);
  }
  for (const name of flags) assert.equal(typeof metadata[name], 'boolean', name);
}

function checkAddresses(metadata) {
  const named = Object.keys(metadata).filter((name) => name.endsWith('_endpoint') || name.endsWith('_uri'));
  // The suite insists on https; a world's issuer is plain http on this machine, so the scheme is the issuer's.
  for (const name of named) assert.ok(metadata[name].startsWith(`${metadata.issuer}/`), name);
}

test('oidcc-discovery-endpoint-verification', async () => {
  const answer = await fetch(`${world.issuer}/.well-known/openid-configuration`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json\b/);
  const metadata = await answer.json();
  assert.equal(metadata.issuer, world.issuer);
  checkTypes(metadata);
  checkAddresses(metadata);
  assert.ok(metadata.scopes_supported.includes('openid'));
  assert.ok(metadata.response_types_supported.includes('code'));
  assert.ok(metadata.id_token_signing_alg_values_supported.includes('RS256'));
  assert.ok(metadata.subject_types_supported.every((type) => ['public', 'pairwise'].includes(type)));
  assert.doesNotThrow(() => Intl.getCanonicalLocales(metadata.ui_locales_supported));
  const keys = await fetch(metadata.jwks_uri);
  assert.equal(keys.status, 200);
  const jwks = await keys.json();
  checkJwks(jwks);
  for (const alg of metadata.id_token_signing_alg_values_supported) assert.ok(jwks.keys.some((key) => key.alg === alg), alg);
});
