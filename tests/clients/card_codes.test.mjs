// SPDX-License-Identifier: Apache-2.0
// Judges that are not ours of what a telephone shows: jose with the published keys, and OpenSSL's command line of the
// form by SM2 with SM3. The codes come from tests/bench/card_codes.c, which issues them as the server does.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';

const build = process.env.TONGXING_BUILD ?? new URL('../../build/asan', import.meta.url).pathname;
const spkiOfSm2 = '3059301306072a8648ce3d020106082a811ccf5501822d034200';

let given;
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongxing-codes-'));
  given = JSON.parse(execFileSync(join(build, 'tests', 'bench_card_codes'), ['--sample'],
    { encoding: 'utf8', env: { ...process.env, TONGXING_TEST_STORE: 'sqlite' } }));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const partsOf = (code) => {
  const [header, payload, signature] = code.split('.');
  return { header: JSON.parse(Buffer.from(header, 'base64url')), payload: JSON.parse(Buffer.from(payload, 'base64url')),
    signed: `${header}.${payload}`, signature: Buffer.from(signature, 'base64url') };
};

test('jose verifies a code with the published keys, and finds its time and purpose', async () => {
  const { payload, protectedHeader } = await jwtVerify(given.ES256, createLocalJWKSet(given.jwks), { algorithms: ['ES256'], typ: 'card' });
  assert.equal(protectedHeader.kid.length, 8);
  assert.equal(payload.prp, 's');
  assert.ok(payload.exp - Date.now() / 1000 <= 60);
  await assert.rejects(jwtVerify(given.ES256, createLocalJWKSet(given.jwks),
    { algorithms: ['ES256'], typ: 'card', currentDate: new Date((payload.exp + 1) * 1000) }), { code: 'ERR_JWT_EXPIRED' });
});

test('jose refuses a code with one character changed', async () => {
  const changed = given.ES256.replace(/\.(.)/, (all, first) => `.${first === 'e' ? 'f' : 'e'}`);
  await assert.rejects(compactVerify(changed, createLocalJWKSet(given.jwks)));
});

test('QR-15: a code is under 300 bytes and has nothing of a person in it', () => {
  for (const code of [given.ES256, given.SGD_SM3_SM2]) {
    const { header, payload } = partsOf(code);
    assert.ok(Buffer.byteLength(code) < 300, `${code.length} bytes`);
    assert.deepEqual(Object.keys(header).sort(), ['alg', 'kid', 'typ']);
    assert.deepEqual(Object.keys(payload), ['jti', 'exp', 'prp', 'sub']);
    assert.equal(Buffer.from(payload.sub, 'base64url').length, 32);
    assert.equal(Buffer.from(payload.jti, 'base64url').length, 12);
    assert.doesNotMatch(JSON.stringify(payload), /world|138001|110105/);
  }
});

/* r and s as DER: leading zeros off, one in front where the highest bit is set. */
function derOf(signature) {
  const number = (bytes) => {
    let at = 0;
    while (at < bytes.length - 1 && bytes[at] === 0) at++;
    const rest = bytes.subarray(at);
    const body = rest[0] & 0x80 ? Buffer.concat([Buffer.from([0]), rest]) : rest;
    return Buffer.concat([Buffer.from([2, body.length]), body]);
  };
  const both = Buffer.concat([number(signature.subarray(0, 32)), number(signature.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, both.length]), both]);
}

/** Does OpenSSL's command line take it, under that name of the signer? */
function opensslTakes(code, ...name) {
  const { header, signed, signature } = partsOf(code);
  const jwk = given.jwks.keys.find((key) => key.kid === header.kid);
  const point = Buffer.concat([Buffer.from(spkiOfSm2, 'hex'), Buffer.from([4]), Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]);
  const file = (called, content) => {
    writeFileSync(join(folder, called), content);
    return join(folder, called);
  };
  const verdict = spawnSync('openssl', ['dgst', '-sm3', '-verify', file('key.der', point), '-keyform', 'DER',
    '-signature', file('signature', derOf(signature)), ...name, file('signed', signed)], { encoding: 'utf8' });
  return verdict.status === 0 && verdict.stdout.includes('Verified OK');
}

test('OpenSSL verifies the form by SM2 under the name 1234567812345678, and under no other', () => {
  const code = given.SGD_SM3_SM2;
  assert.equal(partsOf(code).header.alg, 'SGD_SM3_SM2');
  assert.ok(opensslTakes(code, '-sigopt', 'distid:1234567812345678'));
  assert.ok(!opensslTakes(code, '-sigopt', 'distid:8765432187654321'));
  assert.ok(!opensslTakes(code));
  const [header, , signature] = code.split('.');
  const payload = Buffer.from(JSON.stringify({ ...partsOf(code).payload, prp: 'p' })).toString('base64url');
  assert.ok(!opensslTakes(`${header}.${payload}.${signature}`, '-sigopt', 'distid:1234567812345678'));
});

test('who cannot check SM2 is given the key as one of another kind', async () => {
  const { header } = partsOf(given.SGD_SM3_SM2);
  const jwk = given.jwks.keys.find((key) => key.kid === header.kid);
  assert.deepEqual([jwk.kty, jwk.crv, jwk.alg], ['EC', 'SM2-P-256', 'SGD_SM3_SM2']);
  assert.equal(decodeProtectedHeader(given.SGD_SM3_SM2).typ, 'card');
  await assert.rejects(compactVerify(given.SGD_SM3_SM2, createLocalJWKSet(given.jwks)));
});
