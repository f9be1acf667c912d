// SPDX-License-Identifier: Apache-2.0
// TLS by the server itself: what a browser and a partner meet when no front stands before it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { startWorld } from '../kit/world.mjs';

let world;
let ca;

before(async () => {
  world = await startWorld({ tls: true });
  ca = await readFile(world.certificate);
});
after(() => world.stop());

const get = (path) =>
  new Promise((resolve, reject) => {
    request(world.issuer + path, { ca }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ ...answer, text, headers: answer.headers }));
    }).on('error', reject).end();
  });

/** The protocol that was agreed on, or the error. */
const handshake = (options) =>
  new Promise((resolve) => {
    const socket = connect({ host: 'localhost', port: world.port, servername: 'localhost', ca, ...options }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', (error) => resolve(error.code ?? error.message));
  });

test('discovery over TLS names https addresses only', async () => {
  const { text } = await get('/.well-known/openid-configuration');
  const metadata = JSON.parse(text);
  assert.equal(metadata.issuer, world.issuer);
  for (const [name, value] of Object.entries(metadata))
    if (/_endpoint$|_uri$/.test(name)) assert.ok(value.startsWith('https://'), name);
});

test('SE-03: cookies carry the __Host- prefix, Secure, HttpOnly and SameSite=Lax', async () => {
  const { headers } = await get('/login');
  const cookies = headers['set-cookie'];
  assert.ok(cookies.length > 0);
  for (const cookie of cookies) assert.match(cookie, /^__Host-[^;]+; Path=\/; (?=.*HttpOnly)(?=.*Secure)(?=.*SameSite=Lax)/);
  assert.ok(headers['strict-transport-security']);
});

test('HT-18: TLS 1.2 and 1.3 are spoken, older ones are not', async () => {
  assert.equal(await handshake({ minVersion: 'TLSv1.3' }), 'TLSv1.3');
  assert.equal(await handshake({ maxVersion: 'TLSv1.2' }), 'TLSv1.2');
  for (const version of ['TLSv1', 'TLSv1.1'])
    assert.match(await handshake({ minVersion: version, maxVersion: version, ciphers: 'ALL@SECLEVEL=0' }), /ERR_|ECONN/);
});

test('HT-18: a suite without forward secrecy or with CBC is refused', async () => {
  for (const ciphers of ['AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-SHA'])
    assert.match(await handshake({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` }), /ERR_|ECONN/);
});

/** Says `text` to s_client and gives what it wrote. */
const openssl = (args, text = '') =>
  new Promise((resolve) => {
    const child = execFile('openssl', ['s_client', '-connect', `localhost:${world.port}`, '-servername', 'localhost', ...args],
      (error, stdout, stderr) => resolve(stdout + stderr));
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });

test('HT-18: keys are agreed on over X25519, P-256 and P-384 only', async () => {
  for (const group of ['X25519', 'P-256', 'P-384'])
    assert.match(await openssl(['-groups', group, '-tls1_3']), /Verification|Server Temp Key/, group);
  for (const group of ['ffdhe2048', 'ffdhe3072', 'P-521', 'X448'])
    for (const version of ['-tls1_3', '-tls1_2'])
      assert.match(await openssl(['-groups', group, version]), /alert handshake failure|no shared|Cipher is \(NONE\)/, `${group} ${version}`);
});

test('a client that comes back is spared the whole handshake', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tongxing-tls-'));
  const request = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  for (const version of ['-tls1_2', '-tls1_3']) {
    const session = join(folder, `session${version}`);
    assert.match(await openssl(['-ign_eof', version, '-sess_out', session], request), /New, TLS/);
    const again = await openssl(['-ign_eof', version, '-sess_in', session], request);
    assert.match(again, /Reused, TLS/, version);
    assert.match(again, /HTTP\/1.1 200/, version);
  }
  await rm(folder, { recursive: true });
});
