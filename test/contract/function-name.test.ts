import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkFunctionName, checkUrnPart, checkVersion } from '../../src/contract/function-name.ts';
import { functionUrn } from '../../src/contract/function-urn.ts';
import { SETTINGS } from './settings-fixture.ts';

const test = suite('function name');

test('C-14: a function name has 1 to 60 letters, digits, hyphens and underscores, a letter first, no sign last', () => {
	for (const name of ['a', 'Z9', 'a-b', 'a_b', 'a--b', `a${'b'.repeat(59)}`]) {
		assert.equal(checkFunctionName(name), [], name);
	}
	for (const name of ['', '1a', '-a', 'a-', 'a_', 'a.b', 'a b', 'ä', 'a\n', `a${'b'.repeat(60)}`]) {
		assert.is(checkFunctionName(name).length, 1, JSON.stringify(name));
	}
});

test('C-15: a version has 1 to 42 letters, digits, hyphens, underscores and dots, a letter or digit at both ends', () => {
	for (const version of ['latest', '1', '1.0.0', 'v1_2-3', 'a'.repeat(42)]) {
		assert.equal(checkVersion(version), [], version);
	}
	for (const version of ['', '.1', '1.', '-1', 'a b', '!prod', 'a'.repeat(43)]) {
		assert.is(checkVersion(version).length, 1, JSON.stringify(version));
	}
});

test('C-15: a URN names region, project, package, function and version', () => {
	assert.is(
		functionUrn(SETTINGS),
		'urn:fss:cn-north-4:0910fc31530026f82fd0c018a303517e:function:default:hello-http:latest',
	);
	assert.equal(checkUrnPart('region', 'cn-north-4'), []);
	for (const part of ['', 'a:b', 'a b', 'a\n', 'é', 'a'.repeat(65)]) {
		assert.is(checkUrnPart('region', part).length, 1, JSON.stringify(part));
	}
});

test.run();
