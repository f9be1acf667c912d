// SPDX-License-Identifier: Apache-2.0
// The plan ekyc-test-plan-oidccore of the OpenID conformance suite (OpenID Identity Assurance 1.0), answers in both places:
// one test a module, by its name. As there the scope is openid alone, and the claims parameter asks for everything else.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { RelyingParty } from '../kit/relying_party.mjs';
import { people, startWorld } from '../kit/world.mjs';
import { partner, settle } from '../kit/visit.mjs';

const secret = 'known to the suite and the server';
const registered = {
  client_secret: secret,
  id_token_signed_response_alg: 'RS256',
  scope: 'openid profile phone realname identity_number',
};
const places = ['id_token', 'userinfo'];

let world;
before(async () => {
  world = await startWorld({ partners: [partner('suite', registered)] });
  await settle(world);
});
after(() => world?.stop());

/** What the suite asks for unverified in every module: the first claims of claims_supported that it knows. */
const unverified = (rp) => Object.fromEntries(
  rp.metadata.claims_supported.filter((name) => ['name', 'preferred_username', 'phone_number'].includes(name)).slice(0, 2)
    .map((name) => [name, { essential: false }]));

const verified = (claims, verification = { trust_framework: null }) => ({ verification, claims });

/** One flow: { idToken, userinfo }. */
async function flow(rp, wish, at = places) {
  const claims = Object.fromEntries(places.map((place) => [place, unverified(rp)]));
  for (const place of at) claims[place] = { ...claims[place], verified_claims: wish };
  return ask(rp, claims);
}

async function ask(rp, claims) {
  const login = await rp.login({ claims: JSON.stringify(claims) });
  assert.equal(login.tokens.scope, 'openid');
  return { id_token: login.claims, userinfo: await rp.userinfo(login) };
}

/** The schema of a response, as far as the parts that we have. */
function checkSchema({ verification, claims, ...more }) {
  const only = (object, ...names) => assert.deepEqual(Object.keys(object).filter((name) => !names.includes(name)), []);
  assert.deepEqual(more, {});
  assert.equal(typeof claims, 'object');
  only(verification, 'trust_framework', 'assurance_level', 'time', 'evidence');
  assert.equal(typeof verification.trust_framework, 'string');
  if (verification.time) assert.match(verification.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  for (const evidence of verification.evidence ?? []) {
    only(evidence, 'type', 'check_details', 'record');
    assert.equal(evidence.type, 'electronic_record');
    for (const check of evidence.check_details ?? []) {
      only(check, 'check_method', 'organization', 'check_id', 'time');
      assert.equal(typeof check.check_method, 'string');
    }
    if (evidence.record) only(evidence.record, 'type', 'source');
  }
}

/** Nothing that discovery does not announce. */
function checkMetadata(rp, { verification, claims }) {
  assert.ok(rp.metadata.trust_frameworks_supported.includes(verification.trust_framework));
  for (const name of Object.keys(claims)) assert.ok(rp.metadata.claims_in_verified_claims_supported.includes(name), name);
  for (const evidence of verification.evidence ?? []) {
    assert.ok(rp.metadata.evidence_supported.includes(evidence.type));
    if (evidence.record) assert.ok(rp.metadata.electronic_records_supported.includes(evidence.record.type));
    for (const check of evidence.check_details ?? [])
      assert.ok(rp.metadata.documents_check_methods_supported.includes(check.check_method));
  }
}

/** The answer meets the request, and tells nothing that was not asked for. */
function checkRequest(wish, told, at = '') {
  if (wish === null) return;
  if (typeof told !== 'object') {
    if ('value' in wish) assert.equal(told, wish.value, at);
    if ('values' in wish) assert.ok(wish.values.includes(told), at);
    if ('max_age' in wish) assert.ok(Date.parse(told) >= Date.now() - wish.max_age * 1000, at);
    return;
  }
  if (Array.isArray(told)) {
    for (const element of told) checkRequest(wish[0], element, `${at}[]`);
    return;
  }
  for (const [name, value] of Object.entries(told)) {
    if (['trust_framework', 'type', 'check_method'].includes(name) && !(name in wish)) continue; // required in any answer
    assert.ok(name in wish, `${at}.${name} was not asked for`);
    checkRequest(wish[name], value, `${at}.${name}`);
  }
}

function check(rp, wish, told) {
  assert.ok(told, 'verified_claims');
  checkSchema(told);
  checkMetadata(rp, told);
  checkRequest(wish, told);
  assert.ok(Object.keys(wish.claims).some((name) => name in told.claims));
}

const first = (rp) => rp.metadata.claims_in_verified_claims_supported[0];

/** The first claim, asked for as given, beside others; all of which must be left out. */
const omits = (value, others = {}) => async (rp) => {
  const wish = verified({ [first(rp)]: value, ...others });
  const told = await flow(rp, wish);
  for (const place of places) {
    check(rp, wish, told[place].verified_claims);
    assert.deepEqual(told[place].verified_claims.claims, { name: people[0].name });
  }
};

const onlyIn = (place) => async (rp) => {
  const wish = verified({ [first(rp)]: null });
  const told = await flow(rp, wish, [place]);
  check(rp, wish, told[place].verified_claims);
  for (const other of places.filter((name) => name !== place)) assert.ok(!('verified_claims' in told[other]));
};

/** As the suite makes a request of an answer: what may be compared is, the rest is asked for as null. */
function requestOf(told, name) {
  if (Array.isArray(told)) return told.map((element) => requestOf(element));
  if (typeof told === 'object') return Object.fromEntries(Object.entries(told).map(([key, value]) => [key, requestOf(value, key)]));
  const comparable = ['trust_framework', 'assurance_level', 'type', 'check_method', 'organization', 'check_id'];
  return comparable.includes(name) ? { value: told } : null;
}

/** All that there is to tell. */
const everything = { verification: { trust_framework: null, assurance_level: null, time: null, evidence: null }, claims: { name: null } };

const modules = {
  async 'ekyc-server-happypath'(rp) {
    assert.equal(rp.metadata.claims_parameter_supported, true);
    for (const list of ['trust_frameworks_supported', 'evidence_supported', 'electronic_records_supported',
      'documents_check_methods_supported', 'claims_in_verified_claims_supported']) {
      assert.ok(rp.metadata[list].length > 0, list);
      assert.ok(rp.metadata[list].every((name) => typeof name === 'string'), list);
    }
    assert.ok(!rp.metadata.evidence_supported.includes('document') || rp.metadata.documents_supported.length > 0);
    await omits(null)(rp);
  },

  'ekyc-server-happypath-emptyobject': omits({}),
  'ekyc-server-happypath-essentialfalse': omits({ essential: false }),
  'ekyc-server-unknown-claim-omitted': omits(null, { [randomUUID()]: null }),
  'ekyc-server-unknown-essential-claim-omitted': omits(null, { [randomUUID()]: { essential: true } }),
  'ekyc-server-unknown-claim-specialchars-omitted': omits(null, { 'claim%1/a&,.b': null }),

  // The suite wants the element at userinfo with no such claim in it; in the ID token either way is well.
  async 'ekyc-server-one-claim-with-random-value-omitted'(rp) {
    const told = await flow(rp, verified({ [first(rp)]: { value: randomUUID() } }));
    for (const place of places) {
      checkSchema(told[place].verified_claims);
      assert.deepEqual(told[place].verified_claims.claims, {});
    }
  },

  'ekyc-server-request-only-in-idtoken': onlyIn('id_token'),
  'ekyc-server-request-only-in-userinfo': onlyIn('userinfo'),

  // The list is the operator's own; here: each filter that can be met, and the same that cannot.
  async 'ekyc-server-testuserprovidedrequest'(rp) {
    const record = { type: { value: 'electronic_record' }, check_details: [{ check_method: { value: 'data' }, time: null }] };
    const met = [
      { trust_framework: { value: 'cn_hrss' } },
      { trust_framework: null, assurance_level: { values: ['l2', 'l3'] } },
      { trust_framework: null, time: { max_age: 3600 } },
      { trust_framework: null, evidence: [record] },
    ];
    const unmet = [
      { trust_framework: { value: 'de_aml' } },
      { trust_framework: null, assurance_level: { value: 'l3' } },
      { trust_framework: null, time: { max_age: -1 } },
      { trust_framework: null, evidence: [{ type: { value: 'document' } }] },
      { trust_framework: null, evidence: [{ ...record, check_details: [{ check_method: { value: 'vpip' } }] }] },
    ];
    for (const verification of met) {
      const wish = verified({ name: { value: people[0].name } }, verification);
      check(rp, wish, (await ask(rp, { userinfo: { verified_claims: wish } })).userinfo.verified_claims);
    }
    for (const verification of unmet) {
      const claims = { userinfo: { verified_claims: verified({ name: null }, verification) } };
      assert.ok(!('verified_claims' in (await ask(rp, claims)).userinfo));
    }
  },

  async 'ekyc-server-testbasedonuserinfo-defaults'(rp) {
    const { userinfo } = await ask(rp, { userinfo: { verified_claims: everything } });
    const wish = { ...requestOf(userinfo.verified_claims), claims: { name: null } };
    const again = await ask(rp, { userinfo: { verified_claims: wish } });
    check(rp, wish, again.userinfo.verified_claims);
    assert.deepEqual(again.userinfo.verified_claims, userinfo.verified_claims);
  },

  // Of a userinfo that holds more than discovery announces: the element is left out, for a filter in it cannot be met.
  async 'ekyc-server-test-userinfo-notfoundinop'(rp) {
    const wish = {
      claims: { name: null, birthdate: null },
      verification: { trust_framework: { value: 'de_aml' }, evidence: [{ type: { value: 'vouch' } }] },
    };
    assert.ok(!('verified_claims' in (await flow(rp, wish, ['userinfo'])).userinfo));
    const known = { ...wish, verification: { trust_framework: { value: 'cn_hrss' } } };
    checkMetadata(rp, (await flow(rp, known, ['userinfo'])).userinfo.verified_claims);
  },
};

/** The requests that the partner guide shows, as it shows them. */
async function exampleRequests() {
  const guide = await readFile(new URL('../../docs/partner-guide.md', import.meta.url), 'utf8');
  return [...guide.matchAll(/^```json\n(\{ "userinfo": [^`]*)```$/gm)].map(([, json]) => JSON.parse(json));
}

test('what the partner guide asks for is told', async () => {
  const rp = await new RelyingParty(world, { id: 'suite', secret }).discover();
  const [single, filtered, ...more] = await exampleRequests();
  assert.deepEqual(more, []);
  const singly = await ask(rp, single);
  assert.equal(singly.userinfo.name, people[0].name);
  assert.equal(singly.id_token.phone_number, `+86${people[0].phone}`);
  assert.ok(!('phone_number' in singly.userinfo) && !('name' in singly.id_token));
  const told = (await ask(rp, filtered)).userinfo.verified_claims;
  check(rp, filtered.userinfo.verified_claims, told);
  assert.equal(told.claims.identity_number, people[0].identity_number);
});

for (const [name, run] of Object.entries(modules))
  test(name, async () => run(await new RelyingParty(world, { id: 'suite', secret }).discover()));
