// SPDX-License-Identifier: Apache-2.0
// What watches us: /metrics, the alert rules and the dashboard, judged by promtool, and against each other.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Browser, people, register, startWorld } from '../kit/world.mjs';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const rulesFile = 'docs/monitoring/alerts.rules.yml';
const testsFile = 'tests/monitoring/alerts.test.yml';
const rules = read(rulesFile);
const dashboard = JSON.parse(read('docs/monitoring/dashboard.json'));
const builtIn = new Set(['up']); // Prometheus makes it

let world;
let scrape;

function promtool(args, input) {
  const run = spawnSync('promtool', args, { cwd: root, input, encoding: 'utf8' });
  assert.equal(run.status, 0, `promtool ${args.join(' ')}:\n${run.stdout}${run.stderr}`);
}

const expressions = () => [
  ...[...rules.matchAll(/^ +expr: (\|\n(?: {10}.*\n)+|.*\n)/gm)].map((found) => found[1]),
  ...dashboard.panels.flatMap((panel) => panel.targets ?? []).map((target) => target.expr),
];

/** The series that an expression reads, and the labels it names in braces. */
function selectors(expression) {
  return [...expression.matchAll(/\b((?:tongxing|process)_\w+|up)(?:\{([^}]*)\})?/g)].map(([, name, inside]) => ({
    name,
    labels: [...(inside ?? '').matchAll(/(\w+)\s*(?:=|!|~)/g)].map((label) => label[1]),
  }));
}

before(async () => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; // its certificate is its own
  world = await startWorld({ tls: true });
  const browser = new Browser();
  await register(world, browser, await browser.go(`${world.issuer}/register`), people[0]);
  await browser.go(`${world.issuer}/oauth2/authorize?client_id=invented`);
  scrape = await (await fetch(`http://127.0.0.1:${world.adminPort}/metrics`)).text();
});
after(() => world?.stop());

test('promtool finds nothing wrong with /metrics', () => promtool(['check', 'metrics'], scrape));

test('promtool finds nothing wrong with the alert rules', () => promtool(['check', 'rules', rulesFile]));

test('each alert fires when it must and none when all is well', () => promtool(['test', 'rules', testsFile]));

test('each alert is tried, says what is wrong, what to do and where more stands', () => {
  const tried = read(testsFile);
  const headings = [...read('docs/operations.md').matchAll(/^##+ (.*)$/gm)].map((found) => found[1].toLowerCase());
  const alerts = rules.split(/^ {6}- alert: /m).slice(1);

  assert.ok(alerts.length > 20);
  for (const alert of alerts) {
    const name = alert.split('\n')[0];
    assert.ok(tried.includes(`alertname="${name}"`), `${name} is not tried`);
    assert.match(alert, /severity: (critical|warning) /, name);
    assert.match(alert, /^ {10}summary: "\S/m, name);
    assert.match(alert, /^ {10}description: "\S.{40,}/m, name);
    const [, section] = alert.match(/^ {10}section: (.+)$/m) ?? [];
    assert.ok(headings.some((heading) => heading.includes(section?.toLowerCase())), `${name}: no section ${section}`);
  }
});

test('rules and dashboard read no metric and no label that we do not have', () => {
  const table = new Map();
  for (const [, name, inside] of read('docs/metrics.md').matchAll(/^\| `(\w+)(?:\{([^}]*)\})?`/gm)) {
    const labels = (inside ?? '').split(',').map((label) => label.split('=')[0]);
    table.set(name, new Set([...(table.get(name) ?? []), ...labels]));
  }
  const found = expressions();
  assert.ok(found.length > 70);
  for (const { name, labels } of found.flatMap(selectors)) {
    const family = name.replace(/_(bucket|sum|count)$/, '');
    const known = table.get(table.has(name) ? name : family);
    assert.ok(known || builtIn.has(name), `${name} is no metric of ours`);
    for (const label of labels.filter((label) => !['job', 'instance', 'le'].includes(label)))
      assert.ok(known.has(label), `${name} has no label ${label}`);
  }
});

test('the table of metrics is what the program shows', () => {
  for (const [, name] of read('docs/metrics.md').matchAll(/^\| `(\w+)/gm))
    assert.ok(scrape.includes(`# TYPE ${name} `), `${name} is not shown`);
  for (const [, name] of scrape.matchAll(/^# TYPE (\w+)/gm))
    assert.ok(read('docs/metrics.md').includes(`| \`${name}`), `${name} is in no table`);
});

test('what somebody looks at first has values', () => {
  for (const line of [/^tongxing_build_info\{version="[\d.]+",commit="[\w+]+"\} 1$/m, /^process_cpu_seconds_total \d+\.\d{6}$/m,
    /^tongxing_logins_total\{way="sms",channel="web",outcome="ok"\} 1$/m,
    /^tongxing_registration_steps_total\{step="password"\} 1$/m, /^tongxing_connector_open\{connector="bank"\} 0$/m,
    /^tongxing_problems_total\{problem="client_unknown"\} 1$/m, /^tongxing_sessions_live \d+$/m,
    /^tongxing_http_requests_total\{route="\/register",method="POST",class="3xx"\} 1$/m,
    /^tongxing_http_requests_total\{route="none",method="any",class="4xx"\} 0$/m, /^tongxing_deliveries_waiting \d+$/m])
    assert.match(scrape, line);
  for (const certificate of ['tls', 'bank']) {
    const [, end] = scrape.match(new RegExp(`^tongxing_certificate_end_timestamp_seconds\\{certificate="${certificate}"\\} (\\d+)$`, 'm'));
    assert.ok(Number(end) > Date.now() / 1000, certificate);
  }
});

test('the dashboard has a place for every panel', () => {
  const panels = dashboard.panels;
  assert.equal(new Set(panels.map((panel) => panel.id)).size, panels.length);
  for (const { title, gridPos: { x, y, w, h } } of panels) {
    assert.ok(x >= 0 && x + w <= 24, title);
    const over = panels.filter((other) => other.title !== title && other.gridPos.x < x + w && x < other.gridPos.x + other.gridPos.w &&
      other.gridPos.y < y + h && y < other.gridPos.y + other.gridPos.h);
    assert.deepEqual(over.map((other) => other.title), [], title);
  }
});
