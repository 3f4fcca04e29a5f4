import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReservedInstances } from '../../src/contract/scaling-settings.ts';
import { ReservedKeeper } from '../../src/pool/reserved-keeper.ts';

const test = suite('reserved keeper');
const { now } = Date;
const setTimer = globalThis.setTimeout;

test.after.each(() => {
	Date.now = now;
	globalThis.setTimeout = setTimer;
});

/** Three from 8 o'clock on, in 2026. */
const RESERVED: ReservedInstances = {
	count: 0,
	tactics: [
		{
			name: 'day',
			cron: '0 0 8 * * ?',
			count: 3,
			startMs: Date.UTC(2026, 0, 1),
			endMs: Date.UTC(2027, 0, 1),
		},
	],
};

for (const year of [1970, 2099]) {
	test(`V-34: rules that a clock of ${year} takes for none hold within a minute of its being set`, () => {
		const timers: { readonly run: () => void; readonly ms: number }[] = [];
		globalThis.setTimeout = ((run: () => void, ms: number) => {
			timers.push({ run, ms });
			return { unref() {} };
		}) as unknown as typeof setTimeout;
		Date.now = () => Date.UTC(year, 5, 1, 12);
		let started = 0;
		const keeper = new ReservedKeeper(RESERVED, 0, {
			living: () => started,
			room: () => 10,
			waitMs: () => 0,
			start: () => {
				started += 1;
				return Promise.resolve();
			},
		});
		keeper.keep();
		assert.is(started, 0);
		Date.now = () => Date.UTC(2026, 5, 1, 12);
		const [timer] = timers;
		assert.ok(timer !== undefined && timer.ms <= 60_000);
		timer?.run();
		assert.is(started, 3);
		keeper.close();
	});
}

test.run();
