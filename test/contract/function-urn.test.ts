import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { functionUrn, parseFunctionUrn } from '../../src/contract/function-urn.ts';

const test = suite('function URNs');
const DEFAULTS = { region: 'cn', project: 'p1' };

test('A-1: a URN is read with and without its version or alias, and in its short forms', () => {
	const whole = { region: 'r', project: 'p', package: 'app', name: 'f', qualifier: 'latest' };
	const short = { ...DEFAULTS, package: 'default', name: 'f', qualifier: 'latest' };
	const cases: readonly (readonly [string, object])[] = [
		['urn:fss:r:p:function:app:f', whole],
		['urn:fss:r:p:function:app:f:latest', whole],
		['urn:fss:r:p:function:app:f:!prod', { ...whole, qualifier: '!prod' }],
		['f', short],
		['f:v1', { ...short, qualifier: 'v1' }],
		['app:f:v1', { ...short, package: 'app', qualifier: 'v1' }],
		['p:app:f:!prod', { ...short, project: 'p', package: 'app', qualifier: '!prod' }],
	];
	for (const [text, wanted] of cases) assert.equal(parseFunctionUrn(text, DEFAULTS), wanted, text);
	const parts = { region: 'r', projectId: 'p', package: 'app', name: 'f', version: 'v1' };
	assert.is(parseFunctionUrn(functionUrn(parts), DEFAULTS)?.qualifier, 'v1');
});

test('A-1: what is no URN is not taken for one', () => {
	const wrong = [
		'',
		':',
		'f:',
		'urn:fss:r:p:function:app:',
		'urn:fsss:r:p:function:app:f',
		'urn:fss:r:p:workflow:app:f',
	];
	for (const text of [...wrong, 'a:b:c:d:e', 'a:b:c:d:e:f', 'urn:fss:r:p:function:app:f:v1:x']) {
		assert.is(parseFunctionUrn(text, DEFAULTS), null, text);
	}
});

test.run();
