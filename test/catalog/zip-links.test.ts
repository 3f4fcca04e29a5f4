import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeLinkBytes, judgeLinks, linkTarget } from '../../src/catalog/zip-links.ts';

const test = suite('links of a package');

function verdict(links: Readonly<Record<string, string>>): { code: string; message: string } {
	try {
		judgeLinks(new Map(Object.entries(links)));
	} catch (error) {
		return error as { code: string; message: string };
	}
	return { code: 'taken', message: '' };
}

test('K-56: links are judged together: what leaves the package by way of another link is refused by its name', () => {
	const wrong: readonly Readonly<Record<string, string>>[] = [
		{ bad: '..' },
		{ bad: '/etc/passwd' },
		{ 'a/b/bad': '../../../x' },
		{ 'x/y/root': '../..', bad: 'x/y/root/..' },
		{ 'x/y/root': '../..', bad: 'x/y/root/../etc/passwd' },
		{ top: 'x/y/root', 'x/y/root': '../..', bad: 'top/sub/../../z' },
	];
	for (const links of wrong) {
		const { code, message } = verdict(links);
		assert.is(code, 'ERR_CODE_INVALID', JSON.stringify(links));
		assert.match(message, 'bad');
	}
	const right: readonly Readonly<Record<string, string>>[] = [
		{ current: 'releases/1', 'releases/1/shared': '../../shared' },
		{ 'node_modules/.bin/tool': '../tool/cli.js' },
		{ a: 'b', b: 'c/d', 'c/d': '../e' },
		{ 'x/root': '..', f: 'x/root/g' },
		{ nowhere: 'missing' },
	];
	for (const links of right) assert.is(verdict(links).code, 'taken', JSON.stringify(links));
});

test('K-56: links that go in a circle, or through each other without end, are refused, and so is a long or empty target', () => {
	assert.is(verdict({ a: 'b', b: 'a' }).code, 'ERR_CODE_INVALID');
	assert.is(verdict({ a: 'a/x' }).code, 'ERR_CODE_INVALID');
	const chain = Array.from({ length: 30 }, (_, index): [string, string] => [`l${index}`, `l${index + 1}/.`]);
	assert.is(verdict(Object.fromEntries(chain)).code, 'taken');
	const detours = Array.from({ length: 20_000 }, (_, index): [string, string] => [
		`d${index}`,
		'./'.repeat(50),
	]);
	assert.is(verdict(Object.fromEntries(detours)).code, 'ERR_CODE_INVALID');
	for (const attempt of [
		() => linkTarget('l', Buffer.alloc(0)),
		() => linkTarget('l', Buffer.from('a\0b')),
		() => judgeLinkBytes('l', 1025),
	]) {
		assert.throws(attempt, (error: { code?: string }) => error.code === 'ERR_CODE_INVALID');
	}
	assert.is(linkTarget('l', Buffer.from('bin/run')), 'bin/run');
});

test.run();
