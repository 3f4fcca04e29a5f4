import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatisticsRecord } from '../../../src/catalog/records.ts';
import { OperationsBed } from '../../harness/operations-bed.ts';

const test = suite('statistics');

const MINUTE_MS = 60_000;

interface Point {
	readonly timestamp: number;
	readonly value: number;
}

function record(functionId: number, minuteMs: number, changes: Partial<StatisticsRecord>): StatisticsRecord {
	return {
		functionId,
		minuteMs,
		count: 4,
		failCount: 1,
		functionErrorCount: 1,
		systemErrorCount: 0,
		rejectCount: 0,
		durationMs: 100,
		durationMsMax: 70,
		durationMsMin: 5,
		concurrencyMax: 3,
		instancesMax: 2,
		...changes,
	};
}

async function withFunction(
	run: (bed: OperationsBed, id: number, thisMinuteMs: number) => Promise<void>,
): Promise<void> {
	const bed = await OperationsBed.open();
	try {
		const { id } = bed.makeFunction('hello');
		const thisMinuteMs = Math.floor(bed.nowMs / MINUTE_MS) * MINUTE_MS;
		await run(bed, id, thisMinuteMs);
	} finally {
		await bed.close();
	}
}

test('A-72: the requests of a function are told minute by minute, with -1 where there were none', () =>
	withFunction(async (bed, id, minuteMs) => {
		bed.catalog.extras.addStatistics([
			record(id, minuteMs, {}),
			record(id, minuteMs - 2 * MINUTE_MS, { count: 0, failCount: 1, rejectCount: 1, durationMs: 0 }),
		]);
		bed.catalog.extras.setReserved({
			functionId: id,
			qualifier: 'latest',
			count: 7,
			idleMode: false,
			tactics: null,
		});
		for (const path of ['statistics', 'slareports']) {
			const { body } = await bed.call('GET', `fgs/functions/hello/${path}/5`);
			const values = (name: string) => body[name].map(({ value }: Point) => value);
			assert.equal(values('count'), [-1, -1, 0, -1, 4]);
			assert.equal(values('duration'), [-1, -1, -1, -1, 25]);
			assert.equal(values('min_duration'), [-1, -1, -1, -1, 5]);
			assert.equal(values('max_duration').at(-1), 70);
			assert.equal(values('fail_count'), [-1, -1, 1, -1, 1]);
			assert.equal(values('reject_count'), [-1, -1, 1, -1, 0]);
			assert.equal(values('concurrency_num').at(-1), 3);
			assert.equal(values('reserved_instance_num'), [-1, -1, -1, -1, 7]);
			assert.is(body.count.at(-1).timestamp, minuteMs);
			if (path === 'slareports') assert.is(values('instance_num').at(-1), 2);
		}
	}));

test('A-73: long spans are told in steps of 30 minutes up to a day and of 180 beyond, sums and averages made over them', () =>
	withFunction(async (bed, id, minuteMs) => {
		const records = [0, 1, 2].map((ago) =>
			record(id, minuteMs - ago * MINUTE_MS, { count: 1, durationMs: 10 * ago }),
		);
		bed.catalog.extras.addStatistics(records);
		for (const [minutes, step] of [
			[1440, 30],
			[4320, 180],
		] as const) {
			const { body } = await bed.call('GET', `fgs/functions/hello/statistics/${minutes}`);
			const points: Point[] = body.count;
			assert.is(points.length, minutes / step);
			const [first, second] = points;
			assert.is((second?.timestamp ?? 0) - (first?.timestamp ?? 0), step * MINUTE_MS);
			assert.is(
				points.reduce((sum, { value }) => sum + Math.max(0, value), 0),
				3,
			);
		}
		for (const period of ['0', 'day', '50000', '1.5']) {
			const { code } = await bed.call('GET', `fgs/functions/hello/slareports/${period}`);
			assert.is(code, 'ERR_BODY_INVALID', period);
		}
	}));

test('A-74: a project is told its months and its last minutes, or the one that the filter names', () =>
	withFunction(async (bed, id, minuteMs) => {
		const { id: other } = bed.makeFunction('other', { memory_size: 512 });
		bed.catalog.extras.addStatistics([
			record(id, minuteMs, { durationMs: 1000 }),
			record(other, minuteMs, { durationMs: 1000 }),
		]);
		const month = new Date(minuteMs).toISOString().slice(0, 7);
		const { body } = await bed.call('GET', 'fgs/functions/statistics?period=3');
		assert.equal(body.count, [{ date: month, value: 8 }]);
		assert.equal(body.gbs, [{ date: month, value: 0.625 }]);
		assert.is(body.statistics.count.at(-1).value, 8);
		const monthly = await bed.call('GET', 'fgs/functions/statistics?filter=monthly_report');
		assert.equal(Object.keys(monthly.body), ['count', 'gbs', 'gpu_gbs']);
		const minutes = await bed.call('GET', 'fgs/functions/statistics?filter=monitor_data');
		assert.equal(Object.keys(minutes.body), ['statistics']);
	}));

test('A-75: functions are ranked by what they have most of, by default by failures of the last day', () =>
	withFunction(async (bed, id, minuteMs) => {
		const { id: other } = bed.makeFunction('other');
		bed.makeFunction('silent');
		bed.catalog.extras.addStatistics([
			record(id, minuteMs, { failCount: 1, count: 9 }),
			record(other, minuteMs, { failCount: 2, count: 3 }),
		]);
		const keys = async (query: string) =>
			(await bed.call('GET', `fgs/function/report${query}`)).body.values.map(
				({ key }: { key: string }) => key.split(':')[6],
			);
		assert.equal(await keys(''), ['other', 'hello']);
		assert.equal(await keys('?type=count&limit=1'), ['hello']);
		assert.equal(await keys(`?end_time=${minuteMs - MINUTE_MS}`), []);
		assert.is((await bed.call('GET', 'fgs/function/report?type=colour')).code, 'ERR_BODY_INVALID');
	}));

test('A-76: the instances of a function are told for the time that a client names, by default the last day', () =>
	withFunction(async (bed, id, minuteMs) => {
		bed.catalog.extras.addStatistics([record(id, minuteMs, {})]);
		const path = 'fgs/functions/hello/instancereports';
		const { body } = await bed.call('GET', path);
		assert.is(body.instance_num.at(-1).value, 2);
		const span = `?start_time=${minuteMs - 10 * MINUTE_MS}&end_time=${minuteMs - 5 * MINUTE_MS}`;
		const before = await bed.call('GET', `${path}${span}`);
		assert.is(before.body.instance_num.length, 5);
		assert.ok(before.body.instance_num.every(({ value }: Point) => value === -1));
		const { code } = await bed.call('GET', `${path}?start_time=2&end_time=1`);
		assert.is(code, 'ERR_BODY_INVALID');
	}));

test.run();
