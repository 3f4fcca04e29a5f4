import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed } from '../../harness/operations-bed.ts';

const test = suite('reserved instances');

const URN = 'urn:fss:cn:p1:function:default:hello';

async function withFunction(run: (bed: OperationsBed, id: number) => Promise<void>): Promise<void> {
	const bed = await OperationsBed.open();
	try {
		const { id } = bed.makeFunction('hello');
		bed.catalog.revisions.publish(id, { version: 'v1', description: '' });
		bed.catalog.aliases.create(id, {
			name: 'prod',
			version: 'v1',
			description: '',
			weights: null,
			strategy: null,
		});
		await run(bed, id);
	} finally {
		await bed.close();
	}
}

const TACTIC = { name: 'day', cron: 'cron(0 0 8 * * ?)', count: 3, start_time: 1_000, expired_time: 2_000 };

test('A-66: instances are reserved for a version or an alias, and told with their rules', () =>
	withFunction(async (bed) => {
		const tactics = { cron_configs: [TACTIC], metric_configs: [] };
		const set = await bed.call('PUT', `fgs/functions/${URN}:!prod/reservedinstances`, {
			count: 2,
			idle_mode: true,
			tactics_config: tactics,
		});
		assert.equal(set.body, { count: 2, idle_mode: true, tactics_config: tactics });
		await bed.call('PUT', `fgs/functions/${URN}/reservedinstances`, { count: 1 });
		const { body } = await bed.call('GET', `fgs/functions/reservedinstanceconfigs?function_urn=${URN}`);
		assert.is(body.count, 2);
		assert.equal(
			body.reserved_instances.find((entry: { qualifier_type: string }) => entry.qualifier_type === 'alias'),
			{
				function_urn: `${URN}:latest`,
				qualifier_type: 'alias',
				qualifier_name: 'prod',
				min_count: 2,
				idle_mode: true,
				tactics_config: tactics,
			},
		);
		const counts = await bed.call('GET', 'fgs/functions/reservedinstances');
		assert.equal(counts.body.reservedinstances, [
			{ func_urn: `${URN}:!prod`, count: 2 },
			{ func_urn: `${URN}:latest`, count: 1 },
		]);
		const one = await bed.call('GET', `fgs/functions/reservedinstances?urn=${URN}:!prod`);
		assert.equal(one.body.reservedinstances, [{ func_urn: `${URN}:!prod`, count: 2 }]);
	}));

test('A-67: the marker of these lists is a number of entries to pass over; beyond the last the page is empty', () =>
	withFunction(async (bed) => {
		await bed.call('PUT', `fgs/functions/${URN}/reservedinstances`, { count: 1 });
		await bed.call('PUT', `fgs/functions/${URN}:v1/reservedinstances`, { count: 1 });
		const page = async (query: string) =>
			(await bed.call('GET', `fgs/functions/reservedinstanceconfigs?${query}`)).body;
		const first = await page('limit=1&marker=0');
		assert.equal(first.page_info, { next_marker: 1, previous_marker: 0, current_count: 1 });
		assert.is(first.count, 2);
		assert.is((await page('limit=1&marker=1')).reserved_instances.length, 1);
		const beyond = await page('limit=100&marker=2');
		assert.equal(beyond.reserved_instances, []);
		assert.is(beyond.page_info.current_count, 0);
		for (const odd of ['limit=many', 'maxitems=many', 'marker=-1']) {
			const { code } = await bed.call('GET', `fgs/functions/reservedinstanceconfigs?${odd}`);
			assert.is(code, 'ERR_BODY_INVALID', odd);
		}
	}));

test('A-68: 0 instances without rules end the reservation; versions and aliases that are not there are refused', () =>
	withFunction(async (bed, id) => {
		await bed.call('PUT', `fgs/functions/${URN}:v1/reservedinstances`, { count: 1 });
		await bed.call('PUT', `fgs/functions/${URN}:v1/reservedinstances`, { count: 0, idle_mode: false });
		assert.equal(bed.catalog.extras.reservedOf(id), []);
		const nowhere = await bed.call('PUT', `fgs/functions/${URN}:v7/reservedinstances`, { count: 1 });
		assert.is(nowhere.code, 'ERR_VERSION_NOT_FOUND');
		const nobody = await bed.call('PUT', `fgs/functions/${URN}:!no/reservedinstances`, { count: 1 });
		assert.is(nobody.code, 'ERR_ALIAS_NOT_FOUND');
	}));

test('A-69: a count beyond 0 to 1,000, an unreadable cron, an end before the start or a name twice is refused', () =>
	withFunction(async (bed, id) => {
		const wrong = [
			{ count: -1 },
			{ count: 1001 },
			{ count: 1.5 },
			{ count: 1, tactics_config: { more: 'x'.repeat(70_000) } },
			{},
			...[
				[{ ...TACTIC, cron: 'cron(every day)' }],
				[{ ...TACTIC, expired_time: 1_000 }],
				[{ ...TACTIC, count: 5000 }],
				[TACTIC, TACTIC],
			].map((cron_configs) => ({ count: 1, tactics_config: { cron_configs } })),
		];
		for (const body of wrong) {
			const { code } = await bed.call('PUT', `fgs/functions/${URN}/reservedinstances`, body);
			assert.is(code, 'ERR_BODY_INVALID', JSON.stringify(body));
		}
		assert.equal(bed.catalog.extras.reservedOf(id), []);
	}));

test('A-69: of too many tactics no cron is looked at, and of some each that names no moment is told', () =>
	withFunction(async (bed) => {
		const never = (count: number) =>
			Array.from({ length: count }, (_, index) => ({ ...TACTIC, name: `t${index}`, cron: '0 0 0 31 2 ?' }));
		const told = async (count: number): Promise<string> => {
			const body = { count: 1, tactics_config: { cron_configs: never(count) } };
			return (await bed.call('PUT', `fgs/functions/${URN}/reservedinstances`, body)).body.error_msg;
		};
		const few = await told(3);
		for (const index of [0, 1, 2]) assert.match(few, `body.tactics_config.cron_configs.${index}.cron`);
		assert.not.match(await told(101), 'cron_configs.0.cron');
	}));

test.run();
