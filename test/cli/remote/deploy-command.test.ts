import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { functionFolder } from '../../harness/function-folder.ts';
import { smallPlatform } from './small-platform.ts';
import { userHome } from './user-home.ts';

const test = suite('httpfn deploy');

test('U-91: deploy makes the function, waits until its URL answers, and prints that alone; steps are told on stderr', async () => {
	await using home = await userHome();
	await using platform = await smallPlatform();
	await using folder = await functionFolder({ bootstrap: 'true\n', 'lib/a.txt': 'a' });
	const argv = [
		'deploy',
		folder.path,
		'--name',
		'hello',
		'--trigger-path',
		'/hello',
		'--endpoint',
		platform.url,
	];
	const { code, stdout, stderr } = await home.httpfn([...argv, '--env', 'A=1', '--memory', '256']);
	assert.equal([code, stdout], [0, `${platform.url}/hello\n`]);
	assert.ok(stderr.split('\n').length >= 4, stderr);
	assert.equal(platform.called, ['/hello']);
	const [[call, body]] = platform.changes as [[string, Record<string, unknown>]];
	assert.equal(
		[call, body.func_name, body.memory_size, body.user_data],
		['POST functions', 'hello', 256, '{"A":"1"}'],
	);
});

test('U-92: the same folder again sends nothing; what httpfn.json says is sent, and what the API does not have is named', async () => {
	await using home = await userHome();
	await using platform = await smallPlatform();
	await using folder = await functionFolder({
		bootstrap: 'true\n',
		'httpfn.json': '{"name":"hello","timeout":9,"concurrentNum":5,"idleTimeout":30}',
	});
	const argv = ['deploy', folder.path, '--endpoint', platform.url, '--json'];
	const first = await home.httpfn(argv);
	assert.is(first.code, 0);
	assert.match(first.stderr, /not deployed.*: idleTimeout\n/);
	const [[, made], [, more]] = platform.changes as [[string, Record<string, unknown>], [string, unknown]];
	assert.equal([made.timeout, made.func_name, 'idle_timeout' in made], [9, 'hello', false]);
	assert.equal(more, { strategy_config: { concurrency: 400, concurrent_num: 5 } });
	platform.forget();
	const again = await home.httpfn(argv);
	const { created, uploaded, url, status } = JSON.parse(again.stdout);
	assert.equal([created, uploaded, url, status], [false, false, `${platform.url}/`, 200]);
	assert.equal(platform.changes, []);
});

test('U-90: a folder that could not run, or a wrong line, is refused before anything is sent', async () => {
	await using home = await userHome();
	await using platform = await smallPlatform();
	await using wrong = await functionFolder({ 'bootstrap.sh': 'true\n' });
	await using right = await functionFolder({ bootstrap: 'true\n' });
	const lines = [
		[wrong.path],
		[right.path, '--memory', '100'],
		[right.path, '--version', '-1-'],
		[right.path, '--trigger-path', 'hello'],
		[right.path, '--no-trigger', '--trigger-path', '/hello'],
		[],
	];
	const results = await Promise.all(
		lines.map((argv) => home.httpfn(['deploy', ...argv, '--endpoint', platform.url])),
	);
	assert.equal(
		results.map(({ code, stdout, stderr }) => [code, stdout, /ERR_\w+/.exec(stderr)?.[0]]),
		[
			[1, '', 'ERR_BOOTSTRAP_NAME'],
			[2, '', 'ERR_CONFIG_INVALID'],
			[2, '', 'ERR_CONFIG_INVALID'],
			[2, '', 'ERR_CONFIG_INVALID'],
			[2, '', 'ERR_USAGE'],
			[2, '', 'ERR_USAGE'],
		],
	);
	assert.equal(platform.changes, []);
});

test('U-94: a function that fails to start is an error with its code, and no URL', async () => {
	await using home = await userHome();
	const failing = {
		status: 500,
		headers: { 'x-httpfn-error': 'ERR_FUNCTION_INIT_EXITED' },
		body: { error_code: 'FSS.0500', error_msg: 'it ended with 3' },
	};
	await using platform = await smallPlatform(failing);
	await using folder = await functionFolder({ bootstrap: 'exit 3\n' });
	const argv = ['deploy', folder.path, '--name', 'hello', '--endpoint', platform.url];
	const { code, stdout, stderr } = await home.httpfn(argv);
	assert.equal([code, stdout], [1, '']);
	assert.match(stderr, /ERR_FUNCTION_INIT_EXITED: deployed, but .*: it ended with 3/);
	assert.is((await home.httpfn([...argv, '--no-wait'])).stdout, `${platform.url}/\n`);
});

test.run();
