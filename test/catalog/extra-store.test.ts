import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatisticsRecord } from '../../src/catalog/records.ts';
import { thrownCode } from '../contract/thrown-code.ts';
import { createFunction, withCatalog } from './catalog-bed.ts';

const test = suite('extra store');

const MINUTE_MS = 60_000;
const NOW_MS = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

test('K-20: tags are kept by key, the last value wins, and a project tells all different ones', () => {
	withCatalog((catalog) => {
		const { extras } = catalog;
		const one = createFunction(catalog, 'one').id;
		const two = createFunction(catalog, 'two').id;
		extras.addTags(one, [
			{ key: 'team', value: 'red' },
			{ key: 'env', value: 'prod' },
		]);
		extras.addTags(one, [{ key: 'team', value: 'blue' }]);
		extras.addTags(two, [{ key: 'env', value: 'prod' }]);
		assert.equal(extras.tags(one), [
			{ key: 'env', value: 'prod' },
			{ key: 'team', value: 'blue' },
		]);
		assert.equal(extras.tagsOfProject('p1'), extras.tags(one));
		assert.equal(extras.tagsOfProject('p2'), []);
		extras.removeTags(one, ['env', 'nothing']);
		assert.equal(extras.tags(one), [{ key: 'team', value: 'blue' }]);
		assert.is(
			thrownCode(() => extras.addTags(99, [])),
			'ERR_FUNCTION_NOT_FOUND',
		);
	});
});

test('K-21: reserved instances are kept by version or alias; neither count nor tactics ends them', () => {
	withCatalog((catalog) => {
		const { extras } = catalog;
		const { id: functionId } = createFunction(catalog, 'hello');
		const none = { functionId, qualifier: 'latest', count: 0, idleMode: false, tactics: null };
		const tactics = { cron_configs: [{ name: 'day', cron: '0 0 8 * * ?', count: 3 }] };
		extras.setReserved({ ...none, count: 2, idleMode: true });
		extras.setReserved({ ...none, tactics });
		assert.equal(extras.reservedOf(functionId), [{ ...none, tactics }]);
		const page = { from: 0, to: 10 };
		assert.equal(extras.reservedOfProject('p1', page), extras.allReserved());
		assert.equal(extras.reservedOfProject('p1', { from: 1, to: 10 }), []);
		assert.equal(extras.reservedOfProject('p2', page), []);
		extras.setReserved({ ...none, functionId: createFunction(catalog, 'other').id, count: 3 });
		assert.equal(extras.reservedTotal('p1'), { records: 2, instances: 3 });
		assert.equal(extras.reservedTotal('p2'), { records: 0, instances: 0 });
		assert.equal(extras.reservedOfProject('p1', { from: 1, to: 2 }), extras.allReserved().slice(1));
		extras.setReserved({ ...none, functionId: 2 });
		extras.setReserved(none);
		assert.equal(extras.allReserved(), []);
		const unknown = () => extras.setReserved({ ...none, qualifier: '!nobody', count: 1 });
		assert.is(thrownCode(unknown), 'ERR_ALIAS_NOT_FOUND');
	});
});

test('K-22: test events have a name that no other of the function has, and are changed by their id', () => {
	withCatalog((catalog) => {
		const { extras } = catalog;
		const { id } = createFunction(catalog, 'hello');
		const other = createFunction(catalog, 'other');
		const first = extras.createTestEvent(id, { name: 'first', content: 'e30=' });
		const second = extras.createTestEvent(id, { name: 'second', content: '' });
		assert.equal(extras.testEvents(id), [first, second]);
		assert.equal(extras.testEvent(id, first.id), first);
		assert.is(
			thrownCode(() => extras.testEvent(other.id, first.id)),
			'ERR_TEST_EVENT_NOT_FOUND',
		);
		const taken = { name: 'first', content: '' };
		assert.is(
			thrownCode(() => extras.createTestEvent(id, taken)),
			'ERR_TEST_EVENT_EXISTS',
		);
		assert.is(
			thrownCode(() => extras.updateTestEvent(id, second.id, taken)),
			'ERR_TEST_EVENT_EXISTS',
		);
		assert.is(
			thrownCode(() => extras.createTestEvent(99, taken)),
			'ERR_FUNCTION_NOT_FOUND',
		);
		const updated = extras.updateTestEvent(id, first.id, { content: 'W10=' });
		assert.equal([updated.name, updated.content], ['first', 'W10=']);
		assert.is(
			thrownCode(() => extras.removeTestEvent(other.id, first.id)),
			'ERR_TEST_EVENT_NOT_FOUND',
		);
		extras.removeTestEvent(id, first.id);
		assert.is(
			thrownCode(() => extras.updateTestEvent(id, first.id, {})),
			'ERR_TEST_EVENT_NOT_FOUND',
		);
		assert.equal(extras.testEvents(id), [second]);
	});
});

test('K-23: statistics of one minute add up, of a function and of a project; those of functions that are gone are left out', () => {
	withCatalog((catalog) => {
		const { extras } = catalog;
		const one = createFunction(catalog, 'one').id;
		const two = createFunction(catalog, 'two').id;
		extras.addStatistics([minute(one, { durationMs: 30, durationMsMax: 20, durationMsMin: 10 })]);
		const idle = { count: 0, durationMs: 0, durationMsMax: 0, durationMsMin: 0, concurrencyMax: 9 };
		extras.addStatistics([
			minute(one, { durationMs: 12, durationMsMax: 8, durationMsMin: 4, failCount: 1 }),
			minute(one, idle),
			minute(two, { durationMs: 2, durationMsMax: 1, durationMsMin: 1 }),
			minute(99, {}),
		]);
		const [kept, ...rest] = extras.statistics(one, NOW_MS, NOW_MS + 1);
		assert.equal(rest, []);
		assert.equal(
			kept,
			minute(one, {
				count: 4,
				failCount: 1,
				durationMs: 42,
				durationMsMax: 20,
				durationMsMin: 4,
				concurrencyMax: 9,
			}),
		);
		const [together] = extras.statisticsOfProject('p1', NOW_MS, NOW_MS + 1);
		assert.equal(
			[together?.functionId, together?.count, together?.durationMs, together?.durationMsMin],
			[0, 6, 44, 1],
		);
		extras.addStatistics([minute(one, { minuteMs: NOW_MS - MINUTE_MS, count: 4, durationMs: 100 })]);
		const both = extras.statisticsTotal(one, NOW_MS - MINUTE_MS, NOW_MS + 1);
		assert.equal([both?.functionId, both?.count], [one, 4 + (kept?.count ?? 0)]);
		assert.is(extras.statisticsTotal(one, NOW_MS + 1, NOW_MS + MINUTE_MS), null);
		assert.equal(extras.statistics(one, NOW_MS + 1, NOW_MS + MINUTE_MS), []);
		assert.equal(extras.statistics(one, NOW_MS - 2 * MINUTE_MS, NOW_MS - MINUTE_MS), []);
	});
});

test('K-23: minutes are kept for 31 days, and what a month used outlives the functions', () => {
	withCatalog((catalog) => {
		const { extras } = catalog;
		const { id } = createFunction(catalog, 'hello');
		const oldMs = NOW_MS - 32 * 86_400_000;
		extras.addStatistics([
			minute(id, { minuteMs: oldMs, durationMs: 8000 }),
			minute(id, { durationMs: 8000 }),
		]);
		assert.is(extras.statistics(id, 0, NOW_MS + 1).length, 1);
		catalog.functions.remove(id);
		const months = extras.months('p1');
		assert.is(
			months.reduce((sum, { count }) => sum + count, 0),
			4,
		);
		assert.is(
			months.reduce((sum, { gbSeconds }) => sum + gbSeconds, 0),
			2,
		);
		assert.is(months[0]?.month, new Date(oldMs).toISOString().slice(0, 7));
	});
});

function minute(functionId: number, changes: Partial<StatisticsRecord>): StatisticsRecord {
	return {
		functionId,
		minuteMs: NOW_MS,
		count: 2,
		failCount: 0,
		functionErrorCount: 0,
		systemErrorCount: 0,
		rejectCount: 0,
		durationMs: 0,
		durationMsMax: 0,
		durationMsMin: 0,
		concurrencyMax: 1,
		instancesMax: 1,
		...changes,
	};
}

test.run();
