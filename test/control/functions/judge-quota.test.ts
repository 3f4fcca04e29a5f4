import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RuntimeError } from '../../../src/contract/errors.ts';
import { judgeQuota, QUOTAS } from '../../../src/control/functions/judge-quota.ts';
import { OperationsBed } from '../../harness/operations-bed.ts';

const test = suite('quotas of functions');

function codeOf(
	functions: number,
	codeBytes: number,
	adding: Parameters<typeof judgeQuota>[2],
): string | null {
	try {
		judgeQuota({ count: () => functions, codeBytes: () => codeBytes }, 'p1', adding);
		return null;
	} catch (error) {
		return (error as RuntimeError).code;
	}
}

test('A-19: a project has a most of functions and of code, and what adds nothing is let pass', () => {
	const { functionsMax, codeBytesMax } = QUOTAS;
	const one = { functions: 1, codeBytes: 100 };
	assert.is(codeOf(functionsMax - 1, 0, one), null);
	assert.is(codeOf(functionsMax, 0, one), 'ERR_FUNCTION_COUNT');
	assert.is(codeOf(0, codeBytesMax - 100, one), null);
	assert.is(codeOf(0, codeBytesMax - 99, one), 'ERR_CODE_TOTAL');
	assert.is(codeOf(functionsMax, codeBytesMax, { functions: 0, codeBytes: 0 }), null);
	assert.is(codeOf(functionsMax, codeBytesMax + 1, { functions: 0, codeBytes: -5 }), null);
});

test('A-19: code beyond the most is FSS.1042 wherever it would be added', async () => {
	const bed = await OperationsBed.open();
	try {
		await bed.create('one');
		const functions = bed.catalog.functions;
		const huge = bed.makeFunction('huge');
		functions.updateCode(huge.id, { ...huge.latest.code, bytes: QUOTAS.codeBytesMax - 1_000 });
		functions.updateConfig(huge.id, { ...huge.latest.config, timeout: 9 });
		const refused = [
			bed.call('POST', 'fgs/functions/huge/versions', {}),
			bed.create('two', { func_code: { file: Buffer.alloc(3_000, 'PK').toString('base64') } }),
			bed.call('PUT', 'fgs/functions/one/code', {
				func_code: { file: Buffer.alloc(3_000, 'PK').toString('base64') },
			}),
		];
		for (const call of refused) {
			const { status, body } = await call;
			assert.equal([status, body.error_code], [403, 'FSS.1042']);
		}
		assert.is((await bed.call('PUT', 'fgs/functions/huge/config', { timeout: 5 })).status, 200);
	} finally {
		await bed.close();
	}
});

test.run();
