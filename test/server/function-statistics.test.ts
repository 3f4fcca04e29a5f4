import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatisticsRecord } from '../../src/catalog/records.ts';
import { FunctionStatistics } from '../../src/server/function-statistics.ts';
import { RecentLines } from '../../src/telemetry/recent-lines.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const test = suite('FunctionStatistics');

const FINE = { durationMs: 5, status: 200, error: null };

function bed() {
	const added: StatisticsRecord[] = [];
	const extras = { addStatistics: (records: readonly StatisticsRecord[]) => void added.push(...records) };
	const log = new RecordingLog();
	const statistics = new FunctionStatistics({
		extras,
		lines: new RecentLines(),
		log,
		instanceCount: () => 1,
	});
	const total = () => added.reduce((sum, { count }) => sum + count, 0);
	return { statistics, added, total };
}

test('A-160: requests to several versions of a function are counted together, whenever counts are written', () => {
	const { statistics, added, total } = bed();
	const first = statistics.observer(1, 'latest');
	first.began('a');
	first.ended('a', FINE);
	statistics.flush();
	const second = statistics.observer(1, 'v1');
	second.began('b');
	first.began('c');
	assert.is(total(), 1);
	second.ended('b', FINE);
	first.ended('c', FINE);
	statistics.close();
	assert.is(total(), 3);
	assert.is(Math.max(...added.map(({ concurrencyMax }) => concurrencyMax)), 2);
});

test('A-160: a request that is under way while counts are written is counted when it ends', () => {
	const { statistics, total } = bed();
	const observer = statistics.observer(1, 'latest');
	observer.began('a');
	statistics.flush();
	observer.ended('a', FINE);
	statistics.close();
	assert.is(total(), 1);
});

test.run();
