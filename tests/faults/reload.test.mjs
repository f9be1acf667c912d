// SPDX-License-Identifier: Apache-2.0
// SIGHUP to a service that is in use: the certificate and a cap are exchanged, and nobody notices but by them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorld } from '../kit/world.mjs';

let world;
let config;
const patient = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false });
const hasty = new Agent({ keepAlive: false, maxCachedSessions: 0, rejectUnauthorized: false }); // whoever resumes is shown none

before(async () => {
  world = await startWorld({ tls: true });
  config = await readFile(world.configPath, 'utf8');
});
after(() => {
  patient.destroy();
  hasty.destroy();
  return world.stop();
});

/** The status of the answer, and the serial number of the certificate that was shown. */
const ask = (path, { agent = hasty, ...options } = {}, body = '') =>
  new Promise((resolve, reject) => {
    const sent = request(world.issuer + path, { agent, ...options }, (answer) => {
      const { serialNumber } = answer.socket.getPeerCertificate();
      answer.resume().on('end', () => resolve({ status: answer.statusCode, serial: serialNumber }));
    });
    sent.on('error', reject);
    sent.end(body);
  });

const renew = (serial) =>
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', join(world.dir, 'tls.key'), '-out', world.certificate, '-days', '2', '-subj', '/CN=localhost',
    '-set_serial', `${serial}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });

const linesOf = (event) => world.serverLog().split(`"event":"${event}"`).length - 1;

/** Sends SIGHUP and waits until the log has one `event` more. */
async function reload(event) {
  const before = linesOf(event);
  world.server.kill('SIGHUP');
  for (let i = 0; i < 300 && linesOf(event) === before; i++) await sleep(50);
  assert.equal(linesOf(event), before + 1, event);
}

/** Asks without a pause until told to stop. */
function load(agent) {
  const it = { answered: 0, lost: [], over: false };
  it.done = (async () => {
    while (!it.over) {
      const answer = await ask('/.well-known/openid-configuration', { agent }).catch((error) => ({ status: error.message }));
      if (answer.status === 200) it.answered++;
      else it.lost.push(answer.status);
    }
  })();
  return it;
}

test('no request is lost while the certificate and the settings are exchanged', async () => {
  const loads = [patient, patient, hasty, hasty].map(load);
  try {
    for (let i = 1; i <= 5; i++) {
      renew(i);
      await writeFile(world.configPath, `${config}\n[limits]\ncodes_day = ${10 + i}\n`);
      await reload('config.reloaded');
      assert.equal(Number(`0x${(await ask('/healthz')).serial}`), i);
    }
  } finally {
    for (const it of loads) it.over = true;
  }
  for (const it of loads) {
    await it.done;
    assert.deepEqual(it.lost, []);
    assert.ok(it.answered > 5, `${it.answered} answers`);
  }
});

test('a cap that was changed holds at once', async () => {
  const guess = () =>
    ask('/oauth2/token', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Basic bm9ib2R5Ong=' } },
      'grant_type=client_credentials');
  for (let i = 0; i < 3; i++) assert.equal((await guess()).status, 401);
  await writeFile(world.configPath, `${config}\n[limits]\nclient_failures = 3\n`);
  await reload('config.reloaded');
  assert.equal((await guess()).status, 429);
});

test('a file with mistakes changes nothing, and each of them is logged', async () => {
  const { serial } = await ask('/healthz');
  renew(77);
  await writeFile(world.configPath, `${config}\n[limits]\nclient_failures = none\n[serve]\n[log]\nlevel = loud\n`);
  const before = linesOf('config.mistake');
  await reload('config.kept');
  assert.equal(linesOf('config.mistake') - before, 3);
  assert.equal((await ask('/healthz')).serial, serial);
});

test('what takes effect with a restart only is named', async () => {
  await writeFile(world.configPath, `${config}\n[server]\nworkers = 3\n`);
  await reload('config.reloaded');
  assert.match(world.serverLog(), /"event":"config.needs_restart","setting":"server.workers"/);
});
