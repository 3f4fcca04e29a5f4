import { Buffer } from 'node:buffer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FolderEntry, judgeBootstrapBytes, judgeCodeFolder } from '../../src/contract/bootstrap-file.ts';

const test = suite('bootstrap file');

function files(...names: string[]): FolderEntry[] {
	return names.map((name) => ({ name, kind: 'file' }));
}

function bytesCode(text: string): string | undefined {
	return judgeBootstrapBytes(Buffer.from(text, 'latin1'))?.code;
}

test('C-19: a folder with a file named exactly bootstrap is accepted', () => {
	assert.is(judgeCodeFolder(files('bootstrap'), []), null);
	assert.is(judgeCodeFolder(files('bootstrap.sh', 'bootstrap', 'index.js'), ['demo']), null);
});

test('C-19: any other name is refused and the refusal shows the name that was found', () => {
	for (const name of [
		'bootstrap.sh',
		'Bootstrap',
		'BOOTSTRAP',
		'bootstrap.txt',
		'bootstrap ',
		'scf_bootstrap',
		'Bootstrap.sh.txt',
	]) {
		const error = judgeCodeFolder(files('index.js', name), ['demo']);
		assert.is(error?.code, 'ERR_BOOTSTRAP_NAME', name);
		assert.ok(error?.message.includes(JSON.stringify(name)));
	}
});

test('C-20: a bootstrap one folder down is refused and the refusal shows its path', () => {
	const error = judgeCodeFolder([{ name: 'demo', kind: 'directory' }], ['demo']);
	assert.is(error?.code, 'ERR_BOOTSTRAP_NESTED');
	assert.ok(error?.message.includes('"demo/bootstrap"'));
});

test('C-21: a bootstrap that is a directory, a device or a broken link is refused', () => {
	const directory = judgeCodeFolder([{ name: 'bootstrap', kind: 'directory' }], ['bootstrap']);
	assert.is(directory?.code, 'ERR_BOOTSTRAP_NOT_FILE');
	assert.ok(directory?.message.includes('directory'));
	assert.is(judgeCodeFolder([{ name: 'bootstrap', kind: 'other' }], [])?.code, 'ERR_BOOTSTRAP_NOT_FILE');
});

test('C-21: a folder without a bootstrap is refused with what it holds', () => {
	const error = judgeCodeFolder(
		[...files('c', 'b', 'a', 'bootstrap.css', 'f', 'g'), { name: 'd', kind: 'directory' }],
		[],
	);
	assert.is(error?.code, 'ERR_BOOTSTRAP_MISSING');
	assert.ok(error?.message.includes('"a", "b", "bootstrap.css", "c", "d/" and 2 more'));
	assert.ok(judgeCodeFolder([], [])?.message.includes('an empty folder'));
});

test('C-22: a bootstrap of no bytes or only white space is refused', () => {
	for (const text of ['', ' ', '\n', '\r\n\t \n'])
		assert.is(bytesCode(text), 'ERR_BOOTSTRAP_EMPTY', JSON.stringify(text));
});

test('C-22: what bash would not run as a script is refused: a compiled program, UTF-16, a NUL in the first line', () => {
	for (const text of ['\x7fELF\x02\x01\x01\0', '\xff\xfee\0x\0e\0c\0', 'PK\x03\x04\0\0', '#!/bin/bash\n\0']) {
		assert.is(bytesCode(text), 'ERR_BOOTSTRAP_BINARY', JSON.stringify(text));
	}
	assert.is(bytesCode('tail -n +2 "$0" | tar x\n\0\0\r\n'), undefined);
});

test('C-23: a carriage return at the end of a line is refused with the number of the line', () => {
	for (const [text, line] of [
		['node index.js\r\n', 1],
		['a\nb\nc\r\nd\n', 3],
		['a\nnode x\r', 2],
	] as const) {
		const error = judgeBootstrapBytes(Buffer.from(text));
		assert.is(error?.code, 'ERR_BOOTSTRAP_CRLF', JSON.stringify(text));
		assert.ok(error?.message.includes(`line ${line},`));
	}
	assert.is(bytesCode('printf "a\rb"\n'), undefined);
});

test('C-24: neither shebang nor final newline is needed, and comments and UTF-8 are text', () => {
	for (const text of [
		'node index.js',
		'#!/bin/bash\nexec node x\n',
		'# \xe4\xbd\xa0\nexport A=1 \\\n && php -S 0.0.0.0:8000',
	]) {
		assert.is(bytesCode(text), undefined, JSON.stringify(text));
	}
});

test.run();
