/** The access log as whoever runs httpfn gets it. */
import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSource } from '../harness/source-process.ts';
import { echoFunction } from './echo-function.ts';
import { RunningCommand } from './running-command.ts';

const test = suite('--access-log');

test('G-159: run --access-log records its requests, the first with its cold start; a relative path is one from the folder it was typed in', async () => {
	await using folder = await echoFunction();
	const file = path.join(folder.path, 'access.log');
	const listen = ['--listen', '127.0.0.1:0', '--log-format', 'json'];
	const command = new RunningCommand([
		folder.path,
		...listen,
		'--access-log',
		path.relative(process.cwd(), file),
	]);
	const url = await command.url();
	for (const target of ['/first', '/second']) await (await fetch(`${url}${target}`)).text();
	command.signal('SIGTERM');
	assert.is((await command.exited).code, 0);
	const [first, second] = fs
		.readFileSync(file, 'utf8')
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line));
	assert.equal([first.target, first.status, second.target, second.status], ['/first', 201, '/second', 201]);
	assert.ok(first.coldStartMs > 0 && second.coldStartMs === 0, JSON.stringify([first, second]));
	await command[Symbol.asyncDispose]();
});

test('G-159: an access log in a folder that is not there ends the start with ERR_ACCESS_LOG', async () => {
	await using folder = await echoFunction();
	const file = path.join(folder.path, 'none', 'access.log');
	const listen = ['--listen', '127.0.0.1:0', '--log-format', 'json'];
	const { code, stderr } = await runSource('src/cli/main.ts', [
		'run',
		folder.path,
		...listen,
		'--access-log',
		file,
	]);
	assert.is(code, 1);
	assert.match(stderr, 'ERR_ACCESS_LOG');
});

test.run();
