// SPDX-License-Identifier: Apache-2.0
// The card bureau's feed, pulled by a service that runs: what it tells is taken over, and how old that is, is told.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cardOffice, startWorld } from '../kit/world.mjs';

let world;
before(async () => {
  world = await startWorld({ cards: true });
});
after(() => world?.stop());

async function metric(name) {
  const text = await (await fetch(`http://127.0.0.1:${world.adminPort}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

/** Until it holds; it comes within two pulls. */
async function until(holds) {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('it did not come about');
}

const pulled = (count) => until(async () => await metric('tongxing_card_feed_changes_total') >= count);

test('what the bureau knows is taken over when the service begins', async () => {
  const { changes } = await cardOffice(world);
  await pulled(changes);
  await until(async () => await metric('tongxing_card_feed_age_seconds') < 5);
});

test('what changes there comes within two pulls, whatever the order it is told in', async () => {
  const { changes } = await cardOffice(world, { card_no: 'X00000019', state: 'lost', times: 3, feed: 'shuffled' });
  await pulled(changes);
  assert.equal(await metric('tongxing_card_feed_pulls_total{outcome="alarm"}'), 0);
});

test('an answer that nobody signed is no answer, and is told of', async () => {
  const { changes } = await cardOffice(world, { card_no: 'X00000019', state: 'normal', feed: 'forged' });
  await until(async () => await metric('tongxing_card_feed_pulls_total{outcome="alarm"}') > 0);
  assert.ok(await metric('tongxing_card_feed_changes_total') < changes);
  assert.match(world.serverLog(), /"event":"card.alarm","reason":"forged"/);
  await cardOffice(world, { feed: 'ok' });
  await pulled(changes);
});

test('a file is imported while the service runs, and its lines at fault stand in a file of their own', async () => {
  const file = join(world.dir, 'cards.csv');
  const line = (position, identity) => `${position},440100,A00000001,${identity},1,20200101,20300101,\n`;
  await writeFile(file, line(1, '11010519491231002X') + line(2, '110105194912310021'));
  assert.match(await world.command('card', 'import', file), /1 lines were taken over, 1 were rejected/);
  assert.equal(await readFile(`${file}.errors`, 'utf8'), '2 identity_number\n');
});
