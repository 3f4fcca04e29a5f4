import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mistake } from '../../src/config/config-error.ts';
import { parseEnvFile } from '../../src/config/env-file.ts';

const test = suite('parseEnvFile');

function parse(text: string): [Record<string, string>, string[]] {
	const mistakes: Mistake[] = [];
	const entries = parseEnvFile('.env', text, mistakes);
	return [Object.fromEntries(entries), mistakes.map(({ source }) => source)];
}

test('U-7: an env file has K=V lines, comments, quotes and nothing that is expanded', () => {
	const lines = [
		'\uFEFF# a comment',
		'',
		'PLAIN=a b ',
		'  export SHELL_STYLE=x',
		'HASH=a#b # a comment',
		'EMPTY=',
		'NOTHING=#',
		"SINGLE='a # \\n $HOME'",
		'DOUBLE="a # \\n \\"b\\" \\\\ \\x $HOME" # a comment',
		'SPACED = v',
		'EQUALS=a=b',
		'中文=值',
	];
	const [entries, mistakes] = parse(lines.join('\r\n'));
	assert.equal(mistakes, ['.env:12']);
	assert.equal(entries, {
		PLAIN: 'a b',
		SHELL_STYLE: 'x',
		HASH: 'a#b',
		EMPTY: '',
		NOTHING: '',
		SINGLE: 'a # \\n $HOME',
		DOUBLE: 'a # \n "b" \\ \\x $HOME',
		SPACED: 'v',
		EQUALS: 'a=b',
	});
});

test('U-7: a line that is not K=V is an error with its number', () => {
	const [entries, mistakes] = parse("A=1\nB\n=2\nA=3\nC=\"open\nD='x' y\n1=2\nE=5");
	assert.equal(mistakes, ['.env:2', '.env:3', '.env:4', '.env:5', '.env:6', '.env:7']);
	assert.equal(entries, { A: '1', E: '5' });
});

test.run();
