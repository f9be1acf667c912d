// SPDX-License-Identifier: Apache-2.0
// The demo as tests/ci/demo.sh runs it, on ports and in a folder of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, freePort } from './world.mjs';

const script = new URL('../ci/demo.sh', import.meta.url).pathname;

/** Ask again until the answer is yes; 60 s at most, on a machine with much else to do. */
export async function eventually(what, ask) {
  for (let i = 0; i < 600; i++) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`never came true: ${typeof what === 'function' ? what() : what}`);
}

/** A folder and ports for demos: `demo.run(…)` starts one, `demo.port` has the ports by name. */
export async function demoHouse() {
  const dir = await mkdtemp(join(tmpdir(), 'tongxing-demo-'));
  const port = {};
  for (const name of ['FIRST', 'SERVER', 'ADMIN', 'SMS', 'BANK', 'CARD', 'WEBHALL', 'HOSPITAL', 'KIOSK', 'TELEPHONE', 'APP', 'WECHAT', 'WECHATHALL', 'STAFF', 'DESK', 'WINDOW']) port[name] = await freePort();
  const ports = Object.fromEntries(Object.entries(port).map(([name, value]) => [`DEMO_${name}_PORT`, value]));
  const data = join(dir, 'data');
  const running = new Set();

  function run(args = [], env = {}) {
    const child = spawn(script, args, {
      env: { ...process.env, ...ports, DEMO_BUILD: build, DEMO_DATA: data, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (child.text += chunk));
    child.exit = once(child, 'close').then(([code]) => code);
    running.add(child);
    child.exit.then(() => running.delete(child));
    return child;
  }

  async function start(args, env) {
    const child = run(args, env);
    await eventually(() => `ready, or an end:\n${child.text}`, () => /^ready/m.test(child.text) || child.exitCode !== null);
    assert.match(child.text, /^ready/m, child.text);
    return child;
  }

  async function stop(child) {
    child.kill('SIGTERM');
    assert.equal(await child.exit, 0, child.text);
  }

  async function leave() {
    for (const child of [...running]) await stop(child);
    await rm(dir, { recursive: true, force: true });
  }

  return { data, port, run, start, stop, leave };
}
