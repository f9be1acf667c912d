// SPDX-License-Identifier: Apache-2.0
// Debian's clients: libiddawc, in C, and oidc-agent, for people at a terminal.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { installed, isMissing, person, secret, Stock } from '../../kit/stock.mjs';
import { callbackOf, visit } from '../../kit/visit.mjs';
import { Browser } from '../../kit/world.mjs';

const run = promisify(execFile);

describe('libiddawc', { skip: isMissing(installed('bin/iddawc'), 'libiddawc') }, () => {
  const hall = new Stock({
    register: () => ({
      redirect_uris: [callbackOf('stock')],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid profile offline_access',
    }),
  });
  before(() => hall.start());
  after(() => hall.stop());

  test('login, userinfo, refresh, checks, introspection, revocation', async () => {
    const child = spawn(installed('bin/iddawc'), [], { stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ISSUER: hall.issuer, CLIENT_ID: hall.id, CLIENT_SECRET: secret, REDIRECT_URI: callbackOf('stock') } });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    await hall.until(() => /^url .*\n/m.test(said), 'it asks for nothing');
    const arrival = await visit(new Browser(), /^url (.*)$/m.exec(said)[1]);
    child.stdin.end(`${arrival.url.href}\n`);
    await once(child, 'close');
    const steps = said.split('\n').filter((line) => line && !/^(url|person) /.test(line));
    assert.deepEqual(steps.slice(0, -1), ['metadata', 'request', 'answer', 'code', 'userinfo', 'refresh', 'access-token',
      'introspection', 'revocation'].map((name) => `${name} ok`), said);
    assert.match(steps.at(-1), /^after failed/);
    assert.equal(JSON.parse(/^person (.*)$/m.exec(said)[1]).name, person.name);
  });
});

const agentIsMissing = isMissing('/usr/bin/oidc-agent', 'oidc-agent');

for (const method of ['client_secret_basic', 'none']) {
  describe(`oidc-agent, registered with ${method}`, { skip: agentIsMissing }, () => {
    const hall = new Stock({
      register: (site) => ({
        application_type: 'native',
        token_endpoint_auth_method: method,
        redirect_uris: [site],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile offline_access',
      }),
    });
    let dir;
    let agent;
    let env;

    before(async () => {
      await hall.start();
      dir = await mkdtemp(join(tmpdir(), 'tongxing-agent-'));
      env = { ...process.env, HOME: dir, OIDC_CONFIG_DIR: dir, OIDC_SOCK: join(dir, 'socket'), OIDC_ENCRYPTION_PW: 'of this test' };
      agent = spawn('oidc-agent', ['--console', `--socket-path=${env.OIDC_SOCK}`], { env, stdio: 'ignore' });
      await hall.until(() => existsSync(env.OIDC_SOCK), 'no agent');
    });
    after(async () => {
      agent?.kill();
      await hall.stop();
      await rm(dir, { recursive: true, force: true });
    });

    test('login, a token, a new token by refreshing', async () => {
      const words = ['--manual', `--iss=${hall.issuer}`, `--client-id=${hall.id}`, '--flow=code', '--no-scheme', '--no-url-call',
        '--prompt=none', '--pw-env', '--confirm-yes', '--scope=openid profile offline_access', `--redirect-uri=${hall.site}`,
        `--client-secret=${method === 'none' ? '' : secret}`, 'hall'];
      const child = spawn('oidc-gen', words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
      const ended = once(child, 'close');
      await hall.until(() => /https?:\/\/\S*oauth2\/authorize\S*/.test(said) || child.exitCode !== null, 'it asks for nothing');
      const url = /https?:\/\/\S*oauth2\/authorize\S*/.exec(said)?.[0];
      assert.ok(url, said);
      await visit(new Browser(), url, { stopAt: 'nowhere:' });
      await ended;
      assert.equal(child.exitCode, 0, said);
      const token = async (...more) => (await run('oidc-token', [...more, 'hall'], { env })).stdout.trim();
      const first = await token();
      const second = await token('--force-new');
      assert.notEqual(second, first);
      const told = await fetch(`${hall.issuer}/oidc/userinfo`, { headers: { authorization: `Bearer ${second}` } });
      assert.equal((await told.json()).name, person.name);
    });
  });
}
