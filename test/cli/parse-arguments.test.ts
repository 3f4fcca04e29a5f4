import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HELP_OPTION, JSON_OPTION, settingOptions } from '../../src/cli/command-options.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import type { ParsedArguments } from '../../src/cli/parsed-arguments.ts';

const test = suite('parseArguments');
const COMMAND = {
	name: 'run',
	parameters: [{ name: 'DIR', required: false, sentence: '' }],
	options: [...settingOptions(), JSON_OPTION, HELP_OPTION],
};

const parse = (...argv: string[]): ParsedArguments => parseArguments(COMMAND, argv);
const sources = (...argv: string[]): string[] => parse(...argv).mistakes.map(({ source }) => source);

test('U-5: an option takes its value from the next word or after =', () => {
	const { settings, parameters, mistakes } = parse(
		'--memory',
		'256',
		'dir',
		'--timeout=5',
		'--env=A=b=c',
		'--env',
		'D=',
	);
	assert.equal(mistakes, []);
	assert.equal(parameters, ['dir']);
	assert.equal(
		[...settings],
		[
			['memory', ['256']],
			['timeout', ['5']],
			['env', ['A=b=c', 'D=']],
		],
	);
});

test('U-5: a switch is on, off as --no-NAME, or has its value after =', () => {
	const value = (...argv: string[]): string | undefined => parse(...argv).settings.get('stream')?.[0];
	assert.equal(
		[value('--stream'), value('--no-stream'), value('--stream=false')],
		['true', 'false', 'false'],
	);
	assert.equal(parse('--stream', 'dir').parameters, ['dir']);
});

test('U-5: an option that is given twice is an error, also as its own opposite', () => {
	assert.equal(sources('--memory', '128', '--memory=256'), ['--memory']);
	assert.equal(sources('--stream', '--no-stream'), ['--stream']);
	assert.equal(sources('--json', '--json'), ['--json']);
});

test('U-5: a missing value is an error, and the next option is not taken for it', () => {
	assert.equal(sources('--memory'), ['--memory']);
	assert.equal(sources('--memory', '--timeout', '5'), ['--memory']);
	assert.is(parse('--listen=').settings.get('listen')?.[0], '');
});

test('U-5: a value where none belongs is an error', () => {
	assert.equal(sources('--json=yes'), ['--json']);
	assert.equal(sources('--no-stream=true'), ['--no-stream']);
});

test('U-21: an unknown option is an error that names the nearest one, and its value is no second error', () => {
	const { mistakes } = parse('dir', '--memry', '256');
	assert.is(mistakes.length, 1);
	assert.match(mistakes[0]?.problem ?? '', 'nearest is --memory');
	assert.equal(sources('-x', '--no-memory'), ['-x', '--no-memory']);
});

test('U-21: a second folder is an error; after -- no word is an option', () => {
	assert.equal(sources('a', 'b'), ['b']);
	assert.equal(parse('--', '--memory').parameters, ['--memory']);
});

test('U-9: no credential has a flag', () => {
	assert.equal(sources('--secret-key=x', '--auth-token=y'), ['--secret-key', '--auth-token']);
});

test.run();
