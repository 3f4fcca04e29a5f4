/** One reading of every way to write a path. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canonicalPath } from '../../src/gateway/canonical-path.ts';

const test = suite('canonical-path');

test('H-138: a path that nobody reads differently stays as it is', () => {
	for (const path of ['/', '/a', '/a/b/', '/a.b/c..d', '/...', '/a=b&c', '/é'])
		assert.is(canonicalPath(path), path);
});

test('H-138: dot segments are resolved, however they are written', () => {
	for (const [path, canonical] of [
		['/a/../b', '/b'],
		['/a/./b', '/a/b'],
		['/a/..', '/'],
		['/a/b/..', '/a/'],
		['/a/.', '/a/'],
		['/../../a', '/a'],
		['/a/%2e%2E/b', '/b'],
		['/a/.%2e/b', '/b'],
		['/a%2f..%2Fb', '/b'],
		['/a\\..\\b', '/b'],
		['/a%5c%2e%2e%5Cb', '/b'],
		['/a/..;x=1/b', '/b'],
		['/a/..%3b/b', '/b'],
	] as const) {
		assert.is(canonicalPath(path), canonical, path);
	}
});

test('H-138: slashes are merged, parameters left out, escapes decoded once', () => {
	for (const [path, canonical] of [
		['//a///b', '/a/b'],
		['//', '/'],
		['/a//', '/a/'],
		['/a;v=1/b;c', '/a/b'],
		['/%61dmin', '/admin'],
		['/%2561dmin', '/%61dmin'],
		['/%252e%252e/a', '/%2e%2e/a'],
		['/%c3%a9', '/%c3%a9'],
		['/a%', '/a%'],
		['/%zz', '/%zz'],
	] as const) {
		assert.is(canonicalPath(path), canonical, path);
	}
});

test('H-138: a path as long as a target may be costs one pass', () => {
	assert.is(canonicalPath('/..'.repeat(10_922)), '/');
	assert.is(canonicalPath('/'.repeat(32_768)), '/');
	assert.is(canonicalPath(`/${'%2e'.repeat(10_922)}`), `/${'.'.repeat(10_922)}`);
});

test.run();
