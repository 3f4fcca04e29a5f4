import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withBed } from '../../harness/operations-bed.ts';

const test = suite('quotas');

test('A-77: quotas tell what is used of functions and code, and what there may be', () =>
	withBed(async (bed) => {
		bed.makeFunction('one');
		bed.makeFunction('two');
		const { body } = await bed.call('GET', 'fgs/quotas');
		const byType = new Map(
			body.quotas.resources.map((resource: { type: string }) => [resource.type, resource]),
		);
		assert.equal(byType.get('fgs_func_num'), { type: 'fgs_func_num', quota: 100_000, used: 2 });
		assert.equal(byType.get('fgs_func_code_size'), {
			type: 'fgs_func_code_size',
			quota: 1024 * 1024,
			used: 6,
			unit: 'MB',
		});
		assert.equal(byType.get('fgs_workflow_num'), { type: 'fgs_workflow_num', quota: 0, used: 0 });
	}));

test('A-78: what the Terraform provider asks about a server is answered: its features, runtimes and trigger types', () =>
	withBed(async (bed) => {
		assert.equal((await bed.call('GET', 'fgs/triggertypes')).body, ['APIG', 'DEDICATEDGATEWAY', 'APIC']);
		const runtimes = await bed.call('GET', 'fgs/runtimetypes');
		assert.equal(
			runtimes.body.map(({ type }: { type: string }) => type),
			['http', 'Custom'],
		);
		const { body } = await bed.call('GET', 'fgs/feature');
		assert.is(body.http_function, true);
		assert.is(body.async_invoke, false);
	}));

test.run();
