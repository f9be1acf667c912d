// SPDX-License-Identifier: Apache-2.0
// `tongxing login try`: the operator's own client, with a browser that is sent back to it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import { freePort, startWorld } from '../kit/world.mjs';
import { partner, settle, visit } from '../kit/visit.mjs';

const program = join(process.env.TONGXING_BUILD ?? new URL('../../build/asan', import.meta.url).pathname, 'tongxing');
const secret = 'one that has %, + and / in it; long enough';

let world;
let browser;
let port;

before(async () => {
  port = await freePort();
  world = await startWorld({ partners: [
    partner('tool', { token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'] }),
    partner('hall', { client_secret: secret, redirect_uris: [`http://localhost:${port}/callback`] }),
  ] });
  browser = await settle(world);
  await writeFile(join(world.dir, 'secret'), `${secret}\n`, { mode: 0o600 });
  await writeFile(join(world.dir, 'wrong'), 'another\n', { mode: 0o600 });
});
after(() => world?.stop());

/** Runs the command until it has named the address for the browser; `end` gives its status and all that it said. */
async function begin(id, host, ...options) {
  const back = `http://${host}:${port}/callback`;
  const child = spawn(program, ['login', 'try', id, '--redirect-uri', back, '--config', world.configPath, ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const ended = once(child, 'close');
  const asked = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
        const url = said.match(/^ {2}(http\S+)$/m);
        if (url) resolve(url[1]);
      });
  });
  const url = await Promise.race([asked, ended.then(() => { throw new Error(said); })]);
  return { url, back, end: async () => ({ status: (await ended)[0], said }) };
}

/** The person logs in and the browser goes where it is sent. */
async function finish(trial) {
  const { url } = await visit(browser, trial.url, { stopAt: trial.back });
  assert.equal((await fetch(url)).status, 200);
  return trial.end();
}

test('a public partner: tokens taken apart, signatures that hold', async () => {
  const { status, said } = await finish(await begin('tool', '127.0.0.1'));
  assert.equal(status, 0, said);
  const [, id] = said.match(/^id.token:? +(\S+)$/m);
  assert.equal(decodeJwt(id).aud, 'tool');
  assert.match(said, /^signature:? +holds$/m);
  assert.doesNotMatch(said, /does not hold|not published/);
  assert.ok(said.includes(decodeJwt(id).sub));
});

test('a partner with a secret', async () => {
  const { status, said } = await finish(await begin('hall', 'localhost', '--secret-file', join(world.dir, 'secret')));
  assert.equal(status, 0, said);
  assert.match(said, /^access.token:? /m);
});

test('a wrong secret is told in the words of the token endpoint', async () => {
  const { status, said } = await finish(await begin('hall', 'localhost', '--secret-file', join(world.dir, 'wrong')));
  assert.equal(status, 1);
  assert.match(said, /answers 401 invalid_client: Client authentication failed/);
});

test('a scope that is refused is told in the words of the answer', async () => {
  const { status, said } = await finish(await begin('tool', '127.0.0.1', '--scope', 'profile'));
  assert.equal(status, 1);
  assert.match(said, /login try: invalid_scope: /);
});

test('an answer to another request is not taken', async () => {
  const trial = await begin('tool', '127.0.0.1');
  await fetch(`${trial.back}?code=stolen&state=other&iss=${encodeURIComponent(world.issuer)}`);
  const { status, said } = await trial.end();
  assert.equal(status, 1);
  assert.match(said, /another state/);
});

test('an answer of another issuer is not taken', async () => {
  const trial = await begin('tool', '127.0.0.1');
  const state = new URL(trial.url).searchParams.get('state');
  await fetch(`${trial.back}?code=stolen&state=${state}&iss=https%3A%2F%2Fother.example`);
  const { status, said } = await trial.end();
  assert.equal(status, 1);
  assert.match(said, /from https:\/\/other\.example, not from/);
});
