// SPDX-License-Identifier: Apache-2.0
// What the operator's commands say when something is wrong.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const build = process.env.TONGXING_BUILD ?? new URL('../../build/asan', import.meta.url).pathname;

test('a store that cannot be opened is told without its password', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tongxing-'));
  const config = join(dir, 'tongxing.conf');
  try {
    await writeFile(config, `[server]
issuer = http://localhost:1
[store]
url = postgresql://tongxing:planted-password@127.0.0.1:1/tongxing
`);
    for (const words of [['migrate'], ['key', 'list'], ['partner', 'apply', 'none.json']]) {
      const { status, stdout, stderr } = spawnSync(join(build, 'tongxing'), [...words, '--config', config], { encoding: 'utf8' });
      assert.equal(status, 1);
      assert.match(stderr, /the store cannot be opened/);
      assert.doesNotMatch(stdout + stderr, /planted-password/);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
