// SPDX-License-Identifier: Apache-2.0
// What the operator's commands say when something is wrong.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { people, startWorld } from '../kit/world.mjs';
import { FreshBrowser, code, extraConfig, isActive, logIn, partner, redeem, refresh, registerAt } from './kit.mjs';

const build = process.env.TONGXING_BUILD ?? new URL('../../build/asan', import.meta.url).pathname;

test('a store that cannot be opened is told without its password', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tongxing-'));
  const config = join(dir, 'tongxing.conf');
  try {
    await writeFile(config, `[server]
issuer = http://localhost:1
[store]
url = postgresql://tongxing:planted-password@127.0.0.1:1/tongxing
`, { mode: 0o600 });
    for (const words of [['migrate'], ['key', 'list'], ['partner', 'apply', config]]) {
      const { status, stdout, stderr } = spawnSync(join(build, 'tongxing'), [...words, '--config', config], { encoding: 'utf8' });
      assert.equal(status, 1);
      assert.match(stderr, /the store cannot be opened/);
      assert.doesNotMatch(stdout + stderr, /planted-password/);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test('O2, O8: what a command does not take is refused with 2, and nothing is done', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tongxing-'));
  const config = join(dir, 'tongxing.conf');
  const tongxing = (...words) => spawnSync(join(build, 'tongxing'), words, { encoding: 'utf8', cwd: dir });
  const keys = () => tongxing('key', 'list', '--config', config).stdout;
  try {
    await writeFile(config, `[server]
issuer = http://localhost:1
[store]
url = sqlite:${dir}/store.db
[keys]
encryption_key_file = ${dir}/kek
`, { mode: 0o600 });
    const wrong = (line, sentence) => {
      const { status, stdout, stderr } = tongxing(...line.split(' '), '--config', config);
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' }, line);
      assert.match(stderr, sentence, line);
    };
    wrong('migrate extra words', /^tongxing: migrate has no use for "extra"\.$/m);
    assert.deepEqual(await readdir(dir), ['tongxing.conf']);
    for (const words of [['migrate'], ['key', 'init']])
      assert.equal(tongxing(...words, '--config', config).status, 0);
    const before = keys();
    wrong('key rotate --json', /^tongxing: key rotate takes no --json\.$/m);
    wrong('key init --plan', /^tongxing: key init takes no --plan\.$/m);
    wrong('key rotate ES256 RS256', /has no use for "RS256"/);
    wrong('key lsit', /there are: key list, key init, key rotate, key retire\./);
    wrong('key', /there are: key list, key init, key rotate, key retire\./);
    wrong('partner apply', /needs a word more: FILE\./);
    wrong('serve extra words', /serve has no use for "extra"/);
    wrong('praise', /there is no command "praise"/);
    wrong('migrate --config other', /--config stands twice/);
    assert.equal(keys(), before);
    assert.match(before, /^k_/m);
    for (const words of [['help'], ['--help'], ['--version'], ['serve', '--help'], ['help', 'key']])
      assert.deepEqual({ status: tongxing(...words).status, stderr: tongxing(...words).stderr }, { status: 0, stderr: '' });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

/** The id of the only person there is; she is known by nothing else in the store's file. */
async function onlyPerson(dir) {
  const files = (await readdir(dir)).filter((name) => name.startsWith('store.db'));
  const bytes = await Promise.all(files.map((name) => readFile(join(dir, name), 'latin1')));
  const ids = new Set(bytes.join('').match(/(?<![\w-])p_[\w-]{22}/g));
  assert.equal(ids.size, 1);
  return [...ids][0];
}

/** On SQLite a command runs while the service does not. */
async function between(world, ...words) {
  await world.stopServer();
  const said = await world.command(...words);
  await world.startServer();
  return said;
}

test('z6: a person is disabled and let in again, a partner removed and put back, by command', async (t) => {
  const world = await startWorld({ partners: [partner], extraConfig });
  if (!world.storeUrl.startsWith('sqlite:')) return world.stop();
  t.after(() => world.stop());
  const hers = new FreshBrowser();
  await registerAt(world, hers, people[0]);
  await world.stopServer();
  const id = await onlyPerson(world.dir);
  await world.startServer();
  const tokens = async () => (await redeem(world, await code(world, hers))).json;
  const first = await tokens();
  assert.equal(await isActive(world, first.access_token), true);

  await t.test('disabled', async () => {
    await between(world, 'person', 'disable', id);
    assert.equal(await isActive(world, first.access_token), false);
    assert.equal((await refresh(world, first.refresh_token)).status, 400);
    assert.equal(await logIn(world, new FreshBrowser(), people[0]), false);
  });
  await t.test('let in again', async () => {
    await between(world, 'person', 'enable', id);
    assert.equal(await isActive(world, first.access_token), false);
    assert.equal((await refresh(world, first.refresh_token)).status, 400);
    assert.equal(await logIn(world, hers, people[0]), true);
  });
  await t.test('a partner removed, and put back', async () => {
    const second = await tokens();
    const file = join(world.dir, 'partners.json');
    await writeFile(join(world.dir, 'none.json'), '{"partners":[]}');
    assert.match(await between(world, 'partner', 'apply', join(world.dir, 'none.json'), '--remove', '1'),
      /- hall\n {2}1 grants of removed partners ended\./);
    await between(world, 'partner', 'apply', file);
    await new Promise((resolve) => setTimeout(resolve, 1000)); // it counts from the second after its removal
    assert.equal(await isActive(world, second.access_token), false);
    assert.equal((await refresh(world, second.refresh_token)).status, 400);
    assert.equal(await isActive(world, (await tokens()).access_token), true);
  });
  await t.test('what is not there is said', async () => {
    await assert.rejects(between(world, 'person', 'disable', 'p_nobody'), /there is no person p_nobody/);
    await assert.rejects(world.command('person', 'praise', id), /there are: person find, person show, /);
  });
});
