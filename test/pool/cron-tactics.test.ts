import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CronTactic } from '../../src/contract/scaling-settings.ts';
import { checkCron, reservedAt, untilChange } from '../../src/pool/cron-tactics.ts';

const test = suite('cron tactics');
const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 0, 5);
const MORNING = tactic('morning', 'cron(0 0 8 * * ?)', 5);
const EVENING = tactic('evening', '0 0 18 * * ?', 2);
const RESERVED = { count: 1, tactics: [MORNING, EVENING] };

test('P-30: a tactic holds from each moment that it names until another tactic’s', () => {
	assert.is(reservedAt(RESERVED, MIDNIGHT + 8 * HOUR), 5);
	assert.is(reservedAt(RESERVED, MIDNIGHT + 17 * HOUR), 5);
	assert.is(reservedAt(RESERVED, MIDNIGHT + 18 * HOUR), 2);
	assert.is(reservedAt(RESERVED, MIDNIGHT + 32 * HOUR - 1), 2);
	assert.is(reservedAt(RESERVED, MIDNIGHT + 32 * HOUR), 5);
});

test('P-31: outside its own time a tactic is as if it were not there', () => {
	const ended = { ...MORNING, endMs: MIDNIGHT + 10 * HOUR };
	const future = { ...MORNING, startMs: MIDNIGHT + 100 * HOUR };
	assert.is(reservedAt({ count: 1, tactics: [ended] }, MIDNIGHT + 9 * HOUR), 5);
	assert.is(reservedAt({ count: 1, tactics: [ended] }, MIDNIGHT + 10 * HOUR), 1);
	assert.is(reservedAt({ count: 1, tactics: [future] }, MIDNIGHT + 9 * HOUR), 1);
});

test('P-32: of two that take effect at one moment the higher count holds', () => {
	const twice = { count: 0, tactics: [tactic('a', '0 0 8 * * ?', 3), tactic('b', '0 0 8 * * ?', 4)] };
	assert.is(reservedAt(twice, MIDNIGHT + 9 * HOUR), 4);
});

test('P-33: the time until the next change is known, and looked at again each minute at least', () => {
	assert.is(untilChange(RESERVED, MIDNIGHT + 8 * HOUR - 1000), 1000);
	assert.is(untilChange(RESERVED, MIDNIGHT + 9 * HOUR), 60_000);
	assert.is(untilChange({ count: 1, tactics: [] }, MIDNIGHT), null);
});

test('P-34: moments are in UTC unless the expression names a zone', () => {
	const shanghai = { count: 0, tactics: [tactic('a', 'CRON_TZ=Asia/Shanghai 0 0 8 * * ?', 3)] };
	assert.is(reservedAt(shanghai, MIDNIGHT + 1000), 3);
	assert.is(untilChange(shanghai, MIDNIGHT - 1000), 1000);
});

test('P-35: an expression that names no moment is told in words', () => {
	for (const good of ['cron(0 0 8 * * ?)', '0 0/5 * * * ?', 'CRON_TZ=Asia/Shanghai 0 0 8 * * MON']) {
		assert.is(checkCron(good), null, good);
	}
	for (const bad of ['', '* * * * *', '0 61 8 * * ?', 'CRON_TZ=No/Where 0 0 8 * * ?', 'every day']) {
		assert.is(typeof checkCron(bad), 'string', bad);
	}
});

function tactic(name: string, cron: string, count: number): CronTactic {
	return { name, cron, count, startMs: 0, endMs: 8.64e15 };
}

test.run();
