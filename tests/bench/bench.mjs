// SPDX-License-Identifier: Apache-2.0
// Measures and prints; run.sh prepares. Options: --quick (one run of one second each), --seconds N
// (of each of three runs; 3), --out FILE (Markdown).
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chain, cpuUs, rssMib, wrk } from './load.mjs';
import { peer, tongxing } from './subjects.mjs';
import { whileTheyWait } from './waiting.mjs';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, seconds: { type: 'string', default: '3' }, out: { type: 'string' } } });
const runs = options.quick ? 1 : 3;
const seconds = options.quick ? 1 : Number(options.seconds);
const grantsWanted = options.quick ? 2_000 : 50_000;
const program = join(process.env.TONGXING_BUILD, 'tongxing');

const cases = [
  ['GET discovery', 'wrk', (s) => s.discovery()],
  ['GET JWKS', 'wrk', (s) => s.jwks()],
  ['client_credentials, ES256', 'wrk', (s) => s.clientEs256()],
  ['client_credentials, RS256', 'wrk', (s) => s.clientRs256()],
  ['introspection', 'wrk', (s) => s.introspection()],
  ['userinfo, openid', 'wrk', (s) => s.userinfo('openid')],
  ['userinfo, openid profile', 'wrk', (s) => s.userinfo('openid profile')],
  ['refresh', 'chain', (s) => s.refresh(8)],
  ['code login, live session', 'chain', (s) => s.code()],
  ['password login', 'chain', (s) => s.login()],
];

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const send = (subject, tool, plan, how) =>
  tool === 'wrk' ? wrk(subject.port, process.env.BENCH_DIR, plan, how) : chain(subject.port, plan, how);

/** Runs of one case: medians, but all failures. */
async function measure(subject, tool, make, how = {}) {
  const times = { seconds, ...how };
  const list = [];
  await send(subject, tool, await make(subject), { ...times, seconds: 1 });
  for (let i = 0; i < (how.runs ?? runs); i++) {
    const plan = await make(subject);
    const before = cpuUs(subject.pids());
    const result = await send(subject, tool, plan, times);
    list.push({ ...result, rate: result.done / result.seconds, cpu: (cpuUs(subject.pids()) - before) / result.done });
  }
  const sum = (name) => list.reduce((total, one) => total + one[name], 0);
  return {
    rate: median(list.map((r) => r.rate)), p50: median(list.map((r) => r.p50_us)), p99: median(list.map((r) => r.p99_us)),
    cpu: median(list.map((r) => r.cpu)), failed: sum('failed'), busy: sum('busy'), done: sum('done'), rss: rssMib(subject.pid()),
  };
}

async function measureAll(subject) {
  const results = new Map();
  for (const [name, tool, make] of cases) {
    results.set(name, await measure(subject, tool, make));
    say(`${subject.name.padEnd(14)} ${name.padEnd(26)} ${figures(results.get(name))}`);
  }
  return results;
}

// --- What only our own server is asked ------------------------------------------------------------------------------

/** From exec to the first answer, ms, on the store that is there; and memory then. */
async function startOnce(world) {
  const began = performance.now();
  const child = spawn('taskset', ['-c', '0', program, 'serve', '--config', world.configPath], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  while (!text.includes('server.ready')) await new Promise((resolve) => setTimeout(resolve, 0.1));
  const took = performance.now() - began;
  const answer = await fetch(`http://127.0.0.1:${world.port}/readyz`);
  if (!answer.ok) throw new Error(`not ready: ${answer.status}`);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const rss = rssMib(child.pid);
  child.kill();
  await once(child, 'close');
  return { took, rss };
}

async function starts(subject) {
  const list = [];
  await subject.world.stopServer();
  for (let i = 0; i < (options.quick ? 3 : 7); i++) list.push(await startOnce(subject.world));
  await subject.world.startServer();
  return { took: median(list.map((one) => one.took)), rss: median(list.map((one) => one.rss)) };
}

/** The same question while few and while many grants stand. */
async function growth(subject, small) {
  await chain(subject.port, await subject.code(), { connections: 8, seconds: 120, limit: grantsWanted });
  const again = (make) => measure(subject, 'wrk', make, { runs: 1 });
  return [
    ['introspection', small.introspection, await again((s) => s.introspection())],
    ['userinfo, openid', small.userinfo, await again((s) => s.userinfo('openid'))],
    ['userinfo, openid profile', small.profile, await again((s) => s.userinfo('openid profile'))],
  ];
}

/** Other endpoints alone and during a storm of password logins; 4 connections, so that the queue is not all there is. */
async function storm(subject) {
  const asked = [
    ['GET discovery', 'wrk', (s) => s.discovery()], ['introspection', 'wrk', (s) => s.introspection()],
    ['userinfo, openid profile', 'wrk', (s) => s.userinfo('openid profile')], ['client_credentials, ES256', 'wrk', (s) => s.clientEs256()],
    ['refresh', 'chain', (s) => s.refresh(4)],
  ];
  const rows = [];
  for (const [name, tool, make] of asked) {
    const alone = await measure(subject, tool, make, { connections: 4, runs: 1 });
    const logins = chain(subject.port, await subject.login(), { connections: 8, seconds: seconds + 2 });
    rows.push([name, alone, await measure(subject, tool, make, { connections: 4, runs: 1 })]);
    await logins;
  }
  return rows;
}

/** Others while 300 wait for a hash, 64 at a bank that hangs and 64 for a message that is late. */
async function waiting(subject) {
  const asked = [
    ['introspection', 'wrk', (s) => s.introspection()], ['userinfo, openid profile', 'wrk', (s) => s.userinfo('openid profile')],
    ['client_credentials, ES256', 'wrk', (s) => s.clientEs256()], ['refresh', 'chain', (s) => s.refresh(4)],
  ];
  const how = { connections: 4, runs: 1, seconds: 1 };
  const rows = [];
  for (const [round, [name, tool, make]] of asked.entries()) {
    const alone = await measure(subject, tool, make, how);
    const plans = [await make(subject), await make(subject)]; // made now: no login is to wait among them
    const { result, statuses } = await whileTheyWait(subject.world, round, () => measure(subject, tool, async () => plans.shift(), how));
    rows.push([name, alone, result, statuses]);
  }
  return rows;
}

async function failures(subject) {
  const login = await measure(subject, 'chain', (s) => s.login(), { connections: 12, runs: 1 });
  const code = await measure(subject, 'chain', (s) => s.code(), { connections: 32, runs: 1 });
  return [['code login, live session, 32 at once', code], ['password login, 12 at once', login]];
}

// --- Words ----------------------------------------------------------------------------------------------------------

const lines = [];
const say = (line) => console.log(line);
const write = (...more) => lines.push(...more);
const whole = (n) => (n >= 10 ? Math.round(n).toLocaleString('en') : n.toFixed(1));
const ms = (us) => (us >= 10_000 ? (us / 1000).toFixed(0) : us >= 1000 ? (us / 1000).toFixed(1) : (us / 1000).toFixed(2));
const figures = (r) =>
  `${whole(r.rate)}/s · ${ms(r.p50)} / ${ms(r.p99)} ms · ${whole(r.cpu)} us · ${Math.round(r.rss)} MiB` +
  (r.failed + r.busy > 0 ? ` · ${r.failed} failed, ${r.busy} refused (503)` : '');
const row = (...cells) => `| ${cells.join(' | ')} |`;
const table = (heads, rows) => write(row(...heads), row(...heads.map(() => '---')), ...rows.map((cells) => row(...cells)), '');

function writeMain(subjects, results, other) {
  write('## One core', '', 'A cell: requests (refreshes, logins) a second · p50 / p99 · CPU each, PostgreSQL included · memory of',
    `the server after it. A ratio to ${other}: of rates / of CPU each; above 1 ours is the better.`, '');
  const ratios = (mine, theirs) => `${(mine.rate / theirs.rate).toFixed(1)} / ${(theirs.cpu / mine.cpu).toFixed(1)}`;
  const ours = subjects.filter((name) => name !== other);
  table(['', ...subjects, ...ours.map((name) => `${name} : ${other}`)], cases.map(([name]) => [
    name, ...subjects.map((s) => figures(results.get(s).get(name))),
    ...ours.map((s) => ratios(results.get(s).get(name), results.get(other).get(name))),
  ]));
}

function writePairs(title, heads, rows, ratio) {
  write(title, '');
  table(['', ...heads, 'ratio'], rows.map(([name, a, b]) => [name, figures(a), figures(b), ratio(a, b).toFixed(2)]));
}

function writeOwn(name, own) {
  write(`## ${name} alone`, '', `Ready ${own.start.took.toFixed(0)} ms after exec on an existing store (median); ${own.start.rss.toFixed(1)} MiB when idle.`, '');
  writePairs(`With ${grantsWanted.toLocaleString('en')} grants more in the store (ratio of CPU each):`, ['before', 'after'], own.growth, (a, b) => b.cpu / a.cpu);
  writePairs('During a storm of password logins (ratio of p99):', ['alone', 'in the storm'], own.storm, (a, b) => b.p99 / a.p99);
  writePairs('While 300 wait for a hash, 64 at a bank that hangs, 64 for a message that is late (ratio of p99):', ['alone', 'meanwhile'],
    own.waiting, (a, b) => b.p99 / a.p99);
  write(`Those who waited were answered: ${own.waiting.map(([name, , , statuses]) => `${name}: ${JSON.stringify(statuses)}`).join('; ')}.`, '');
  write('Many at once:', '');
  table(['', '', 'tried', 'failed', 'refused (503)'], own.failures.map(([what, r]) =>
    [what, figures(r), r.done + r.failed + r.busy, r.failed, r.busy]));
}

/** The validation kit beside libjwt and OpenSSL, which check the signature alone; seconds of its own thread. */
function writeKit() {
  const text = execFileSync('taskset', ['-c', '0', join(process.env.TONGXING_BUILD, 'tests', 'bench_relying_party'), String(seconds)], { encoding: 'utf8' });
  const { bytes, uncached, cached, openssl, libjwt } = JSON.parse(text);
  say(`validation kit ${text.trim()}`);
  write('## Validation kit', '', `ES256 access tokens of ${bytes} bytes, a second of one core:`, '');
  table(['', 'a second', ': OpenSSL', ': libjwt'], [['kit, from its cache', cached], ['kit, each for the first time', uncached],
    ['OpenSSL, key at hand, signature only', openssl], ['libjwt, key in PEM, signature only', libjwt]].map(([name, rate]) =>
    [name, whole(rate), (rate / openssl).toFixed(1), (rate / libjwt).toFixed(1)]));
}

/** Card codes beside one signature and one commit, of one thread that nothing else waits for. */
function writeCodes() {
  const stores = [['SQLite', { TONGXING_TEST_STORE: 'sqlite' }]];
  if (process.env.BENCH_POSTGRES)
    stores.push(['PostgreSQL', { TONGXING_TEST_STORE: 'postgres', TONGXING_TEST_POSTGRES: process.env.BENCH_POSTGRES }]);
  const file = join(process.env.TONGXING_BUILD, 'tests', 'bench_card_codes');
  const told = stores.map(([name, store]) => {
    const text = execFileSync('taskset', ['-c', '0', file, String(seconds)], { encoding: 'utf8', env: { ...process.env, ...store } });
    say(`card codes, ${name} ${text.trim()}`);
    return [name, JSON.parse(text)];
  });
  const rated = ({ rate, cpu }) => `${whole(rate)} (${whole(cpu)} us of CPU)`;
  write('## Card codes', '', 'A second of one core, without HTTP; CPU is our process\'s own:', '');
  table(['', ...told.map(([name]) => name)], [
    ...['ES256', 'SGD_SM3_SM2'].flatMap((alg) => [['one signature', 'sign'], ['one code issued', 'show'], ['one code opened: form, signature, time', 'open'],
      ['one code verified and spent', 'scan']].map(([what, member]) =>
      [`${alg} (${told[0][1][alg].bytes} bytes): ${what}`, ...told.map(([, figure]) => rated(figure[alg][member]))])),
    ['one commit of one row', ...told.map(([, figure]) => rated(figure.commit))],
  ]);
}

// --- All of it ------------------------------------------------------------------------------------------------------

async function own(subject, results) {
  const pick = (name) => results.get(name);
  const start = await starts(subject);
  const small = { introspection: pick('introspection'), userinfo: pick('userinfo, openid'), profile: pick('userinfo, openid profile') };
  return { start, storm: await storm(subject), waiting: await waiting(subject), failures: await failures(subject), growth: await growth(subject, small) };
}

const version = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n')[0];
const peerVersion = JSON.parse(readFileSync(new URL('node_modules/oidc-provider/package.json', import.meta.url))).version;
const machine = `${cpus()[0].model}, ${cpus().length} cores, Linux ${release()}; ${version(program, 'version')}, ` +
  `oidc-provider ${peerVersion} on node ${process.version}, ${version('psql', '--version')}.`;
const loadBefore = loadavg()[0];
const results = new Map();
const details = new Map();
const makers = [() => tongxing('SQLite')];
if (process.env.BENCH_POSTGRES)
  makers.push(() => tongxing('PostgreSQL', { url: process.env.BENCH_POSTGRES, pid: Number(process.env.BENCH_POSTGRES_PID) }));
makers.push(peer);

let subject;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (subject?.stop() ?? Promise.resolve()).finally(() => process.exit(1)));
for (const make of makers) {
  subject = await make();
  try {
    results.set(subject.name, await measureAll(subject));
    if (subject.world) details.set(subject.name, await own(subject, results.get(subject.name)));
  } finally {
    await subject.stop();
  }
}
write(machine, `Medians of ${runs} runs of ${seconds} s. Load average before the run ${loadBefore.toFixed(1)}, after it`,
  `${loadavg()[0].toFixed(1)}: what is above 1 was others' work.`, '');
const names = [...results.keys()];
writeMain(names, results, names.at(-1));
for (const [name, detail] of details) writeOwn(name, detail);
writeKit();
writeCodes();
console.log(`\n${lines.join('\n')}`);
if (options.out) writeFileSync(options.out, `${lines.join('\n')}\n`);
