/** Edge functions from `waitUntil` to the cloud; with the built executable. */
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary, startFunction } from '../harness/binary.ts';
import { ControlClient } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { ownHost, strangerHost } from '../harness/hosts.ts';
import { until } from '../harness/until.ts';
import { zipOf } from '../harness/zip-of.ts';

const test = suite('life of edge functions');

const WORKS = `
process.on('SIGTERM', () => console.log('asked to end'));
const work = { short: 1500, endless: 2_000_000 };

export default {
	fetch(request, env, ctx) {
		const name = new URL(request.url).pathname.slice(1);
		ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, work[name])).then(() => console.log('work is done')));
		return new Response(name);
	},
};
`;
const TELLS = (text: string) => `export default () => new Response(process.pid + ' ${text}');\n`;

test('X-13: an instance with pending waitUntil is not frozen, and a stop waits for it before the function is asked to end', async () => {
	await using folder = await functionFolder({ 'index.js': WORKS });
	const freezes = async () => {
		await using running = await ownHost.run(folder.path, ['--idle', 'freeze']);
		assert.is((await exchange(running.url, { target: '/short' })).text, 'short');
		await running.output('work is done');
	};
	const stops = async () => {
		await using running = await ownHost.run(folder.path);
		assert.is((await exchange(running.url, { target: '/short' })).text, 'short');
		running.signal('SIGTERM');
		const first = await running.record(({ line }) => line === 'work is done' || line === 'asked to end');
		assert.is(first.line, 'work is done');
		assert.is((await running.exited).code, 0);
	};
	const givesUp = async () => {
		await using running = await ownHost.run(folder.path, ['--timeout', '3']);
		assert.is((await exchange(running.url, { target: '/endless' })).text, 'endless');
		await running.output('not waited for any more');
	};
	await Promise.all([freezes(), stops(), givesUp()]);
});

test('X-14: a reload takes changed sources for a changed function, and leaves an unchanged one its instances', async () => {
	await using folder = await functionFolder({ 'a/index.js': TELLS('one'), 'b/index.js': TELLS('one') });
	const route = (name: string) => ({
		code: `${folder.path}/${name}`,
		routes: [{ path: `/${name}`, match: 'prefix' }],
	});
	const config = { functions: { a: route('a'), b: route('b') } };
	await using served = await ownHost.serve(config);
	const ask = async (target: string) => (await exchange(served.running.url, { target })).text;
	const kept = await ask('/b');
	assert.match(await ask('/a'), /one$/);
	await writeFile(`${folder.path}/a/index.js`, TELLS('two'));
	await served.rewrite(config);
	await until('the changed sources run', async () => ((await ask('/a')).endsWith('two') ? true : null));
	assert.is(await ask('/b'), kept);
	await writeFile(`${folder.path}/a/index.js`, 'export default (;');
	const refused = await runBinary(['reload', '--config', served.configFile]);
	assert.is(refused.code, 1, refused.stderr);
	assert.match(await ask('/a'), /two$/);
});

test('X-15: httpfn bootstrap writes what runs on Node.js alone; httpfn runs the same folder itself', async () => {
	await using folder = await functionFolder({
		'index.ts': 'export default (r: Request) => new Response(process.argv0 + r.method);\n',
	});
	const done = await runBinary(['bootstrap', folder.path, '--json']);
	assert.is(done.code, 0, done.stderr);
	const files = ['.httpfn/index.mjs', '.httpfn/index.mjs.map', '.httpfn/host.mjs', 'bootstrap'];
	assert.equal((JSON.parse(done.stdout) as { files: string[] }).files, files);
	const bootstrap = await readFile(`${folder.path}/bootstrap`, 'utf8');
	const asked = async (): Promise<string> => {
		await using running = await ownHost.run(folder.path);
		return (await exchange(running.url)).text;
	};
	assert.not.match(await asked(), /^node/);
	const soon = new Date(Date.now() + 60_000);
	await utimes(`${folder.path}/index.ts`, soon, soon);
	await using stale = await ownHost.run(folder.path);
	await stale.record(
		({ level, message }) => level === 'warn' && String(message).includes('older than its entry'),
	);
	// Without its mark it is any bootstrap: bash starts the platform's Node.js, for which that of this host stands.
	await writeFile(`${folder.path}/bootstrap`, bootstrap.slice(bootstrap.indexOf('\n')));
	assert.match(await asked(), /node.*GET$/);
	const again = await runBinary(['bootstrap', folder.path]);
	assert.is(again.code, 1);
	assert.match(again.stderr, /ERR_EDGE_ENTRY/);
});

test('X-16: deploy sends an edge function so that it runs with no more than httpfn there, and leaves the folder as it is', async () => {
	await using folder = await functionFolder({
		'index.ts': 'export default () => new Response(import.meta.url);\n',
	});
	await using host = await DeployedHost.start();
	const { control } = host;
	const argv = ['deploy', folder.path, '--name', 'edge', '--endpoint', control, '--json', '--no-wait'];
	const done = await runBinary(argv);
	assert.is(done.code, 0, done.stderr);
	const { url } = JSON.parse(done.stdout) as { url: string };
	const trigger = host.trigger(url);
	const answer = await exchange(trigger.origin, { target: trigger.path, headers: { host: trigger.host } });
	assert.is(answer.text, 'file:///opt/function/code/index.ts');
	assert.equal(await readdir(folder.path), ['index.ts']);
	// What others send is not bundled here: a bundler reads whatever file of this host is imported.
	const client = new ControlClient(control);
	const file = (await zipOf({ 'index.ts': "import './../../../../etc/hostname';" })).toString('base64');
	const created = await client.create('raw', '', { func_code: { file } });
	assert.is(created.header('X-Httpfn-Error'), 'ERR_BOOTSTRAP_MISSING', JSON.stringify(created.body));
});

test('X-17: invoke takes an edge function too, and a user without rights runs one in a place of its own', async () => {
	await using folder = await functionFolder({
		'index.ts': 'export default () => new Response(import.meta.url);\n',
	});
	const envelope = async () => {
		const done = await runBinary(['invoke', folder.path, '--isolation', 'direct']);
		assert.is(done.code, 0, done.stderr);
		const { body } = JSON.parse(done.stdout) as { body: string };
		assert.is(Buffer.from(body, 'base64').toString(), `file://${folder.path}/index.ts`);
	};
	const stranger = async () => {
		await using running = await strangerHost().run(folder.path);
		assert.is((await exchange(running.url)).text, 'file:///opt/function/code/index.ts');
	};
	await Promise.all([envelope(), stranger()]);
});

test('X-18: what bundles were made of is gone when httpfn ends, and when it was killed the next one clears it', async () => {
	await using folder = await functionFolder({ 'index.ts': 'export default () => new Response();\n' });
	await using temporary = await functionFolder({});
	const start = () => startFunction(folder.path, [], { environment: { TMPDIR: temporary.path } });
	const killed = await start();
	assert.is((await readdir(temporary.path)).length, 1);
	await killed.stop('SIGKILL');
	const left = await readdir(temporary.path);
	await using running = await start();
	assert.is((await readdir(temporary.path)).filter((name) => left.includes(name)).length, 0);
	await running.stop();
	assert.equal(await readdir(temporary.path), []);
});

test.run();
