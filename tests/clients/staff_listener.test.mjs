// SPDX-License-Identifier: Apache-2.0
// The staff listener from outside: TLS with client certificates, judged by what openssl and curl see of it.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorld } from '../kit/world.mjs';

let world;
let dir;
const at = (name) => join(dir, name);
const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** An authority: NAME.pem and NAME.key. */
const authority = (name) =>
  openssl('req', '-x509', ...curve, '-keyout', at(`${name}.key`), '-out', at(`${name}.pem`), '-days', '2', '-subj', `/CN=${name}`,
    '-addext', 'basicConstraints=critical,CA:TRUE');

/** A certificate that the authority has issued, for that use and so many days: NAME.pem and NAME.key. */
function issue(name, { by, use = 'clientAuth', days = '2' }) {
  openssl('req', '-new', ...curve, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${name}`,
    '-addext', `extendedKeyUsage=${use}`);
  openssl('x509', '-req', '-in', at(`${name}.csr`), '-CA', at(`${by}.pem`), '-CAkey', at(`${by}.key`), '-CAcreateserial',
    '-out', at(`${name}.pem`), '-days', days, '-copy_extensions', 'copy');
}

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tongxing-staff-'));
  authority('ours');
  authority('theirs');
  issue('counter', { by: 'ours' });
  issue('web', { by: 'ours', use: 'serverAuth' });
  issue('over', { by: 'ours', days: '-1' });
  issue('stranger', { by: 'theirs' });
  world = await startWorld({ tls: true, staff: `client_ca_file = ${at('ours.pem')}\nnetworks = 127.0.0.1\n` });
});
after(async () => {
  await world.stop();
  await rm(dir, { recursive: true });
});

const ask = ['GET /static/tongxing.css HTTP/1.1', 'Host: localhost', 'Connection: close', '', ''].join('\r\n');
const identity = (name) => (name ? ['-cert', at(`${name}.pem`), '-key', at(`${name}.key`)] : []);

/** What s_client writes of one request at the staff listener. */
const client = (...args) =>
  new Promise((resolve) => {
    const child = execFile('openssl', ['s_client', '-connect', `localhost:${world.staffPort}`, '-servername', 'localhost', '-ign_eof', ...args],
      (error, stdout, stderr) => resolve(stdout + stderr));
    child.stdin.on('error', () => {});
    child.stdin.end(ask);
  });

test('a client certificate is asked for, of our authority alone, and not demanded', async () => {
  for (const version of ['-tls1_2', '-tls1_3']) {
    const without = await client(version);
    assert.match(without, /Acceptable client certificate CA names\s+CN = ours\s/, version);
    assert.match(without, /HTTP\/1.1 200/, version);
    assert.match(await client(version, ...identity('counter')), /HTTP\/1.1 200/, version);
  }
});

test('ST-13: a certificate of another authority, one that is over and one for servers end the handshake', async () => {
  for (const name of ['stranger', 'over', 'web'])
    for (const version of ['-tls1_2', '-tls1_3']) {
      const said = await client(version, ...identity(name));
      assert.doesNotMatch(said, /HTTP\/1.1/, `${name} ${version}`);
      assert.match(said, /alert|errno|unexpected eof/i, `${name} ${version}`);
    }
  assert.match(world.serverLog(), /"event":"server.client_certificate_refused"/);
});

test('whoever comes back shows the certificate again: sessions are not resumed', async () => {
  for (const version of ['-tls1_2', '-tls1_3']) {
    const session = at(`session${version}`);
    assert.match(await client(version, '-sess_out', session, ...identity('counter')), /New, TLS/);
    const again = await client(version, ...(version === '-tls1_2' ? ['-sess_in', session] : []));
    assert.doesNotMatch(again, /Reused, TLS/, version);
  }
});

const get = async (path, options = {}) => {
  const ca = await readFile(world.certificate);
  return new Promise((resolve, reject) => {
    request(`https://localhost:${world.staffPort}${path}`, { ca, agent: false, ...options }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    }).on('error', reject).end();
  });
};

test('a Host that is not of staff.url is misdirected', async () => {
  assert.equal((await get('/static/tongxing.css', { headers: { Host: 'elsewhere.example' }, servername: 'localhost' })).status, 421);
  assert.equal((await get('/static/tongxing.css')).status, 200);
});

test('ST-18: /staff is nowhere on the public listener, and what is public is nowhere on the staff listener', async () => {
  const curl = (url) => execFileSync('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', world.certificate, url]).toString();
  for (const path of ['/staff', '/staff/counter', '/staff/sign-in', '/staff/lock'])
    assert.equal(curl(world.issuer + path), '404', path);
  for (const path of ['/login', '/oauth2/token', '/metrics', '/live', '/.well-known/openid-configuration', '/healthz'])
    assert.equal(curl(world.staffUrl + path), '404', path);
});

test('SIGHUP reads its certificate anew, and connections that stand go on', async () => {
  const serial = () => openssl('x509', '-noout', '-serial', '-in', world.certificate);
  const shown = async () => /serial=\w+/.exec(openssl('x509', '-noout', '-serial', '-in', at('shown.pem')))[0];
  const look = async () => {
    const said = await client('-showcerts');
    await writeFile(at('shown.pem'), /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/.exec(said)[0]);
    return shown();
  };
  assert.equal(await look(), serial().trim());
  openssl('req', '-x509', ...curve, '-keyout', join(world.dir, 'tls.key'), '-out', world.certificate, '-days', '2', '-subj', '/CN=localhost',
    '-set_serial', '4711', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  world.server.kill('SIGHUP');
  for (let i = 0; i < 300 && !world.serverLog().includes('"event":"config.reloaded"'); i++) await sleep(50);
  assert.equal(await look(), serial().trim());
});
