import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ask, Gate, ServeCommandBed } from './serve-bed.ts';

const test = suite('httpfn serve and reload');

test('U-70: serve prints its URL, answers what its routes name, and a signal ends it with 0', async () => {
	await using bed = await ServeCommandBed.open();
	bed.write(['routes: [{ path: /a }]', 'env: { GREETING: hello }']);
	await using running = bed.serve();
	const url = await running.url();
	assert.equal([(await ask(`${url}/a/b`)).greeting, (await ask(`${url}/ab`)).status], ['hello', 404]);
	const record = await running.record(({ message }) => message === 'listening');
	assert.equal([record.url, record.isolation, record.functions], [url, 'direct', ['one']]);
	running.signal('SIGTERM');
	assert.equal(await running.exited, { code: 0, signal: null });
	assert.equal(fs.readdirSync(path.join(bed.folder.path, 'run/httpfn')), []);
});

test('U-71: serve --check says what the file says, for people and programs, and starts nothing', async () => {
	await using bed = await ServeCommandBed.open();
	bed.write(['routes: [{ path: /a, method: GET }]', 'memory: 256']);
	const [text, json] = await Promise.all([
		bed.httpfn(['serve', '--config', bed.config, '--check']),
		bed.httpfn(['serve', '--config', bed.config, '--check', '--json']),
	]);
	assert.equal([text.code, text.stderr, json.code], [0, '', 0]);
	assert.match(text.stdout, /^OK: .*\n {2}one .*256 MB.*\n {2}GET any host \/a and below -> one\n$/);
	const { ok, functions, routes } = JSON.parse(json.stdout);
	assert.equal([ok, functions[0].memoryMb, routes[0].plan], [true, 256, 'one']);
});

test('U-71: serve --check ends with 2 and every mistake where the file has some', async () => {
	await using bed = await ServeCommandBed.open();
	bed.write(['memory: 5', 'timeout: 1']);
	const { code, stderr } = await bed.httpfn(['serve', '--config', bed.config, '--check', '--json']);
	const { code: error, mistakes } = JSON.parse(stderr);
	assert.equal([code, error, mistakes.length, mistakes[0].position.line], [2, 'ERR_CONFIG_INVALID', 2, 7]);
});

test('U-72: an unchanged function keeps its instance, a changed one gets another, and code that was touched counts as changed', async () => {
	await using bed = await ServeCommandBed.open();
	bed.write();
	await using running = bed.serve();
	const url = await running.url();
	const first = await ask(url);
	bed.write(['routes: [{ path: /a }]']);
	assert.equal(await bed.reload().then(({ code, said }) => [code, said.generation]), [0, 2]);
	assert.equal([(await ask(`${url}/a`)).pid, (await ask(url)).status], [first.pid, 404]);
	bed.write(['env: { GREETING: new }']);
	assert.is((await bed.reload()).said.generation, 3);
	const second = await ask(url);
	assert.equal([second.greeting, second.pid === first.pid], ['new', false]);
	fs.utimesSync(path.join(bed.folder.path, 'one/bootstrap'), 1, 1);
	await bed.reload();
	assert.is.not((await ask(url)).pid, second.pid);
});

test('U-72: a request in flight is answered by the instance that has it, those that come later by the next', async () => {
	await using bed = await ServeCommandBed.open();
	await using gate = await Gate.open();
	bed.write([`env: { GATE: "${gate.port}", GREETING: old }`]);
	await using running = bed.serve();
	const url = await running.url();
	const held = ask(`${url}/hold`);
	await gate.held();
	bed.write([`env: { GATE: "${gate.port}", GREETING: new }`]);
	assert.is((await bed.reload()).code, 0);
	const later = ask(url);
	gate.release();
	assert.equal([(await held).greeting, (await later).greeting], ['old', 'new']);
});

test('U-73: a file with a mistake is refused with 2 before the running httpfn hears of it, and by SIGHUP it changes nothing', async () => {
	await using bed = await ServeCommandBed.open();
	bed.write();
	await using running = bed.serve();
	const url = await running.url();
	const { pid } = await ask(url);
	bed.write(['memory: 5']);
	const { code, said } = await bed.reload();
	assert.equal([code, said.code], [2, 'ERR_CONFIG_INVALID']);
	running.signal('SIGHUP');
	const record = await running.record(({ level }) => level === 'error');
	assert.equal([record.code, record.generation, (await ask(url)).pid], ['ERR_CONFIG_INVALID', 1, pid]);
});

test('U-74: reload without a running serve of that file is ERR_NOT_RUNNING', async () => {
	await using bed = await ServeCommandBed.open();
	bed.write();
	const { code, said } = await bed.reload();
	assert.equal([code, said.code], [1, 'ERR_NOT_RUNNING']);
});

test('U-76: a reload that would change listen, isolation or the log is refused, and says so', async () => {
	await using bed = await ServeCommandBed.open();
	bed.write();
	await using running = bed.serve();
	const url = await running.url();
	const { pid } = await ask(url);
	bed.write([], ['logLevel: warn']);
	const { code, said } = await bed.reload();
	assert.equal([code, said.code, (await ask(url)).pid], [1, 'ERR_RELOAD_FAILED', pid]);
});

test('U-78: SIGHUP reloads', async () => {
	await using bed = await ServeCommandBed.open();
	bed.write(['env: { GREETING: old }']);
	await using running = bed.serve();
	const url = await running.url();
	assert.is((await ask(url)).greeting, 'old');
	bed.write(['env: { GREETING: new }']);
	running.signal('SIGHUP');
	const record = await running.record(({ message }) => message === 'reloaded');
	assert.equal([record.generation, record.started, record.retired], [2, ['one'], ['one']]);
	assert.is((await ask(url)).greeting, 'new');
});

test('U-79: direct isolation has room for one function: more are refused, at the start and by a reload', async () => {
	await using bed = await ServeCommandBed.open();
	const two = ['routes: [{ path: / }, { path: /2, version: v2 }]', 'versions: { v2: { memory: 256 } }'];
	bed.write(two);
	for (const more of [[], ['--check']]) {
		const { code, stdout, stderr } = await bed.httpfn(['serve', '--config', bed.config, ...more]);
		assert.equal([code, stdout], [1, '']);
		assert.match(stderr, 'ERR_ISOLATION_UNAVAILABLE');
	}
	bed.write();
	await using running = bed.serve();
	const url = await running.url();
	bed.write(two);
	assert.equal(await bed.reload().then((result) => [result.code, result.said.code]), [
		1,
		'ERR_RELOAD_FAILED',
	]);
	assert.is((await ask(url)).status, 200);
});

test.run();
