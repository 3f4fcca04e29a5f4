import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { interpreterLinks } from '../../src/isolation/interpreters.ts';
import { thrownCode } from '../contract/thrown-code.ts';

const test = suite('interpreters');
const folder = realpathSync(mkdtempSync('/var/tmp/httpfn-interpreters-'));
const bin = join(folder, 'bin');

test.before(() => {
	mkdirSync(bin);
	for (const name of ['node', 'npm', 'python3.9', 'python3']) program(name);
});
test.after(() => rmSync(folder, { recursive: true }));

test('I-1: each interpreter path that a bootstrap names leads to the program on PATH', () => {
	const links = interpreterLinks(
		'/opt/function/runtime/nodejs18.15/rtsp/nodejs/bin/node $RUNTIME_CODE_ROOT/src/index.js',
		{},
		bin,
	);
	assert.equal(links, [{ name: 'nodejs18.15/rtsp/nodejs/bin/node', target: join(bin, 'node') }]);
});

test('I-2: the version that the path names is preferred, where the host has it', () => {
	const target = (version: string) =>
		interpreterLinks(`/opt/function/runtime/python${version}/rtsp/python/bin/python3 x.py`, {}, bin)[0]
			?.target;
	assert.is(target('3.9'), join(bin, 'python3.9'));
	assert.is(target('3.6'), join(bin, 'python3'));
});

test('I-3: a folder of programs on PATH gets the interpreter and what comes with it', () => {
	const text = 'export PATH=/opt/function/runtime/nodejs16.17/rtsp/nodejs/bin:$PATH\nnode index.js\n';
	const names = interpreterLinks(text, {}, bin).map(({ name }) => name);
	assert.is(names.includes('nodejs16.17/rtsp/nodejs/bin/node'), true);
	assert.is(names.includes('nodejs16.17/rtsp/nodejs/bin/npm'), true);
});

test('I-7: a program is preferred to a script of its name, such as version managers put on PATH', () => {
	const shims = join(folder, 'shims');
	mkdirSync(shims);
	program('../shims/php', '#!/bin/sh\n');
	const target = () =>
		interpreterLinks('/opt/function/runtime/php8.3/rtsp/php/bin/php', {}, `${shims}:${bin}`)[0]?.target;
	assert.is.not(target(), join(bin, 'php'));
	program('php');
	assert.is(target(), join(bin, 'php'));
});

test('I-4: the setting interpreters wins, by the folder’s whole name before its letters', () => {
	const text = '/opt/function/runtime/java11/rtsp/jre/bin/java -jar x.jar';
	const whole = program('whole');
	const letters = program('letters');
	assert.is(interpreterLinks(text, { java: letters }, bin)[0]?.target, letters);
	assert.is(interpreterLinks(text, { java: letters, java11: whole }, bin)[0]?.target, whole);
});

test('I-5: a missing interpreter is ERR_INTERPRETER_MISSING', () => {
	const missing = (text: string, configured = {}) =>
		thrownCode(() => interpreterLinks(text, configured, '/nonexistent'));
	assert.is(missing('/opt/function/runtime/dotnet6.0/rtsp/dotnet/dotnet x.dll'), 'ERR_INTERPRETER_MISSING');
	assert.is(missing('/opt/function/runtime/cobol74/bin/cobol'), 'ERR_INTERPRETER_MISSING');
	const text = '/opt/function/runtime/nodejs18.15/rtsp/nodejs/bin/node x.js';
	assert.is(missing(text, { nodejs: '/nonexistent/node' }), 'ERR_INTERPRETER_MISSING');
});

test('I-6: comments and paths that climb are not taken for interpreters', () => {
	const text =
		'# /opt/function/runtime/cobol74/bin/cobol\n/opt/function/runtime/nodejs1/../../etc/x\nnode x.js';
	assert.equal(interpreterLinks(text, {}, bin), []);
});

function program(name: string, text = 'ELF'): string {
	const path = join(bin, name);
	writeFileSync(path, text);
	chmodSync(path, 0o755);
	return path;
}

test.run();
