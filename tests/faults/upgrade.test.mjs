// SPDX-License-Identifier: Apache-2.0
// This version and the one after it (tests/next) side by side over one PostgreSQL, up and down again under load, as
// docs/operations.md tells operators to do it: no request fails and nothing that was handed out is lost.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'node:test';
import assert from 'node:assert/strict';
import { build, freePort, people, startProgram, startWorld, stopChild } from '../kit/world.mjs';
import { FreshBrowser, call, code, extraConfig, isActive, logIn, partner, redeem, refresh, send } from './kit.mjs';
import { Ledger, checkAll, household, sleep, strangers, workAll } from './load.mjs';

const run = promisify(execFile);
const server = process.env.TONGXING_TEST_POSTGRES;
const psql = (sql) => run('psql', [server, '-qc', sql]);
const now = join(build, 'tongxing');
const next = join(build, 'tests/tongxing_next');
const kinds = ['refreshes', 'codes', 'revocations', 'logins', 'looks'];
const enough = 3; // of each kind in each state of the house
const patience = 120_000; // on a machine with much else to do

async function eventually(what, holds) {
  for (const end = Date.now() + patience; !(await holds());) {
    if (Date.now() > end) throw new Error(`never ${what}`);
    await sleep(20);
  }
}

/** What stands before the nodes: each request goes to the next of them, and never to a second one. */
class Front {
  nodes = [];
  failed = 0; // answers with 5xx, and requests without one
  passed = 0;

  async open(port) {
    this.server = http.createServer((request, answer) => this.pass(request, answer)).listen(port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  pass(request, answer) {
    const node = this.nodes[this.passed++ % this.nodes.length];
    const { method, url: path, headers } = request;
    const onward = http.request({ host: '127.0.0.1', port: node.port, method, path, headers, agent: false }, (from) => {
      if (from.statusCode >= 500) this.failed++;
      answer.writeHead(from.statusCode, from.rawHeaders);
      from.pipe(answer);
    });
    node.busy++;
    answer.on('close', () => node.busy--);
    onward.on('error', () => {
      this.failed++;
      answer.destroy();
    });
    request.pipe(onward);
  }
}

class Node {
  busy = 0; // requests that the front has given it

  constructor(world, front, name) {
    Object.assign(this, { world, front, name, configPath: join(world.dir, `${name}.conf`) });
  }

  get here() {
    return { issuer: `http://127.0.0.1:${this.port}` };
  }

  async configure(extra) {
    [this.port, this.adminPort] = [await freePort(), await freePort()];
    const text = (await readFile(this.world.configPath, 'utf8'))
      .replace(`\nlisten = 127.0.0.1:${this.world.port}`, `\nlisten = 127.0.0.1:${this.port}`)
      .replace(`127.0.0.1:${this.world.adminPort}`, `127.0.0.1:${this.adminPort}`);
    await writeFile(this.configPath, text + extra, { mode: 0o600 });
  }

  async start(program, layout) {
    await this.configure(layout === undefined ? '' : `\n[upgrade]\nsealed_layout = ${layout}\n`);
    this.child = await startProgram(program, ['serve', '--config', this.configPath], 'server.ready',
      join(this.world.dir, `${this.name}.log`));
    this.front.nodes.push(this);
  }

  async leave() {
    this.front.nodes = this.front.nodes.filter((node) => node !== this);
    await eventually('idle', () => this.busy === 0);
  }

  async stop() {
    await this.leave();
    await stopChild(this.child);
    assert.equal(this.child.exitCode, 0, this.child.said());
  }
}

/** A command of a program: { code, out, err }. */
const command = (program, node, ...words) =>
  run(program, [...words, '--config', node.configPath]).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error) => ({ code: error.code, out: error.stdout, err: error.stderr }),
  );

/** What is told to a program by `sealed_layout`: [the one before, the newest]. */
async function layouts(program) {
  const { stdout } = await run(program, ['docs', 'configuration']);
  return /`sealed_layout` \| (\d+) to (\d+) /.exec(stdout).slice(1).map(Number);
}

/** A session of its own with a grant that nobody ends. */
async function bystander(world) {
  const browser = new FreshBrowser();
  assert.ok(await logIn(world, browser, people[0]));
  const answer = await redeem(world, await code(world, browser));
  assert.equal(answer.status, 200);
  return answer.json;
}

/** Load for as long as `steps(more)` takes; more() waits until each kind of work was done in the house as it is now. */
async function underLoad(world, house, ledger, steps) {
  const stopped = { yes: false };
  const newcomers = [];
  const { access_token: token } = await bystander(world);
  const look = async () => {
    ledger.expect(await isActive(world, token), 'a live access token is not active');
    ledger.acknowledge('looks');
  };
  const drive = async (turn) => {
    while (!stopped.yes) await turn();
  };
  const work = Promise.all([workAll(world, house, newcomers, ledger, drive), drive(look)]);
  const broken = work.then(() => new Promise(() => {})); // only ever rejects
  broken.catch(() => {}); // told by whoever waits
  const more = async () => {
    const counts = { ...ledger.counts };
    const tokens = house.families.map((family) => family.live);
    const stranger = strangers.shift();
    if (stranger) newcomers.push(stranger);
    const grown = () =>
      kinds.every((kind) => (ledger.counts[kind] ?? 0) >= (counts[kind] ?? 0) + enough) &&
      (!stranger || (ledger.counts.registrations ?? 0) > (counts.registrations ?? 0)) &&
      house.families.every((family, i) => family.live !== tokens[i]);
    await Promise.race([eventually('all kinds of work', grown), broken]);
  };
  try {
    await steps(more);
  } finally {
    stopped.yes = true;
    await work;
  }
}

/** A revocation is known at every node; then all that was acknowledged must hold. */
async function lookBack(world, front, house, ledger) {
  for (const node of front.nodes)
    for (const token of ledger.revoked) await eventually('revoked', async () => !(await isActive(node.here, token)));
  await checkAll(world, house.families, ledger);
  assert.deepEqual(ledger.violations, []);
  assert.equal(front.failed, 0);
}

async function up({ a, b, c, d }, world, [before], more) {
  await more();
  assert.equal((await command(next, c, 'migrate')).code, 0);
  await more();
  await c.start(next, before);
  await more();
  await a.stop();
  await a.start(now);
  assert.match(a.child.said(), /"store.schema".*only adds to what it knows \(9001_next.sql, of version next\)/);
  const told = await command(now, a, 'migrate');
  assert.deepEqual([told.code, told.out.includes('the schema is newer than this program')], [0, true]);
  await more();
  await d.start(next, before);
  await a.stop();
  await b.leave();
  for (const node of [c, d]) {
    await node.stop();
    await node.start(next);
  }
  await more();
  await onlyTheNewerReads(world, b);
  await b.stop();
}

/** What the newer version seals once it is told to, the older one refuses. */
async function onlyTheNewerReads(world, old) {
  const { refresh_token: token } = await bystander(world);
  assert.equal((await refresh(old.here, token)).status, 400);
  assert.equal((await refresh(world, token)).status, 200);
}

async function down({ a, b, c, d }, [before], more) {
  for (const node of [c, d]) {
    await node.stop();
    await node.start(next, before);
  }
  await more();
  await a.start(now);
  await more();
  await b.start(now);
  await c.stop();
  await d.stop();
  await more();
}

/** What more than adds is not served on, and each way to find out says what to do. */
async function unfit(schema, { a, b }) {
  const sentence = 'the schema is newer than this program (9001_next.sql): run version next or newer';
  await psql(`UPDATE ${schema}.schema_mark SET additive = 0 WHERE version = 9001`);
  await b.stop();
  for (const words of [['migrate'], ['migrate', '--plan'], ['key', 'list']]) {
    const { code, err } = await command(now, b, ...words);
    assert.deepEqual([code, err.includes(sentence)], [1, true], err);
  }
  const { code, err } = await command(now, b, 'serve');
  assert.deepEqual([code, err.includes(sentence)], [1, true], err);
  await eventually('not ready', async () => (await send(`${a.here.issuer}/readyz`)).status === 503);
  assert.equal(a.child.said().split(sentence).length, 2, 'told once');
}

async function upAndDown(schema) {
  const storeUrl = `${server}?options=-csearch_path%3D${schema}`;
  const world = await startWorld({ partners: [partner], extraConfig: `${extraConfig}workers = 4\n`, storeUrl });
  const front = new Front();
  const nodes = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, new Node(world, front, name)]));
  const told = await layouts(next);
  assert.equal((await layouts(now))[1], told[0]);
  try {
    await world.stopServer();
    await front.open(world.port);
    for (const node of [nodes.a, nodes.b]) await node.start(now);
    await nodes.c.configure('');
    const ledger = new Ledger();
    const house = await household(world);
    await underLoad(world, house, ledger, (more) => up(nodes, world, told, more));
    await lookBack(world, front, house, ledger);
    await underLoad(world, house, ledger, (more) => down(nodes, told, more));
    await lookBack(world, front, house, ledger);
    const figures = Object.entries(ledger.counts).map(([what, count]) => `${count} ${what}`).join(', ');
    console.log(`${front.passed} requests, ${front.failed} failed; acknowledged: ${figures}`);
    await unfit(schema, nodes);
  } finally {
    for (const node of Object.values(nodes)) await stopChild(node.child);
    front.server?.close();
    await world.stop();
  }
}

test('an upgrade node by node, and back again, costs no request and no token', { skip: !server }, async () => {
  const schema = `upgrade_${randomBytes(6).toString('hex')}`;
  await psql(`CREATE SCHEMA ${schema}`);
  try {
    await upAndDown(schema);
  } finally {
    await psql(`DROP SCHEMA ${schema} CASCADE`);
  }
});
