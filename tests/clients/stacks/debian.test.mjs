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
import { grant } from '../../kit/device.mjs';
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

/** An agent of its own for a partner. */
class Agent {
  constructor(hall) {
    this.hall = hall;
  }

  async start() {
    await this.hall.start();
    this.dir = await mkdtemp(join(tmpdir(), 'tongxing-agent-'));
    this.env = { ...process.env, HOME: this.dir, OIDC_CONFIG_DIR: this.dir, OIDC_SOCK: join(this.dir, 'socket'),
      OIDC_ENCRYPTION_PW: 'of this test' };
    this.child = spawn('oidc-agent', ['--console', `--socket-path=${this.env.OIDC_SOCK}`], { env: this.env, stdio: 'ignore' });
    await this.hall.until(() => existsSync(this.env.OIDC_SOCK), 'no agent');
  }

  async stop() {
    this.child?.kill();
    await this.hall.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** oidc-gen with these words; `address` is what it asks to be visited for, by its pattern. */
  async generate(words, pattern, answer) {
    const all = ['--manual', `--iss=${this.hall.issuer}`, `--client-id=${this.hall.id}`, '--prompt=none', '--pw-env',
      '--confirm-yes', ...words, 'hall'];
    const child = spawn('oidc-gen', all, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    const ended = once(child, 'close');
    await this.hall.until(() => pattern.test(said) || child.exitCode !== null, 'it asks for nothing');
    const asked = pattern.exec(said);
    assert.ok(asked, said);
    await answer(asked);
    await ended;
    assert.equal(child.exitCode, 0, said);
  }

  async token(...more) {
    return (await run('oidc-token', [...more, 'hall'], { env: this.env })).stdout.trim();
  }

  /** A token, another one by refreshing, and whose it is. */
  async assertTokens() {
    const first = await this.token();
    const second = await this.token('--force-new');
    assert.notEqual(second, first);
    const told = await fetch(`${this.hall.issuer}/oidc/userinfo`, { headers: { authorization: `Bearer ${second}` } });
    assert.equal((await told.json()).name, person.name);
  }
}

for (const method of ['client_secret_basic', 'none']) {
  describe(`oidc-agent, registered with ${method}`, { skip: agentIsMissing }, () => {
    const hall = new Stock({
      register: (site) => ({
        application_type: 'native',
        token_endpoint_auth_method: method,
        redirect_uris: [site],
        grant_types: ['authorization_code', 'refresh_token', grant],
        scope: 'openid profile offline_access',
      }),
    });
    const agent = new Agent(hall);
    const words = ['--scope=openid profile offline_access', `--client-secret=${method === 'none' ? '' : secret}`];

    before(() => agent.start());
    after(() => agent.stop());

    test('login, a token, a new token by refreshing', async () => {
      const all = ['--flow=code', '--no-scheme', '--no-url-call', `--redirect-uri=${hall.site}`, ...words];
      await agent.generate(all, /https?:\/\/\S*oauth2\/authorize\S*/, ([url]) => visit(new Browser(), url, { stopAt: 'nowhere:' }));
      await agent.assertTokens();
    });

    test('a device that shows a code', async () => {
      const browser = new Browser();
      await agent.generate(['--flow=device', ...words], /(https?:\/\/\S*\/device\S*)[\s\S]*?([B-Z]{4}-[B-Z]{4})/,
        async ([, uri, code]) => {
          const page = await visit(browser, `${uri.split('?')[0]}?user_code=${code}`, { stopAt: 'nowhere:' });
          await browser.submit(page, 'device-confirm-form', { decision: 'allow' });
        });
      await agent.assertTokens();
    });
  });
}
