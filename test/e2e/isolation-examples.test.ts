/** The example functions that bring all they need, each in a namespace, as they are. */
import { spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exchange } from '../harness/exchange.ts';
import { copiedFolder } from '../harness/function-folder.ts';
import { type Host, ownHost, strangerHost } from '../harness/hosts.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const SELF_CONTAINED = ['node-http', 'python-http', 'python-flask', 'go', 'java', 'php'];
const BUILT = ['go', 'java'];
const CHINESE = '你好，世界：汉字原样返回。\n'.repeat(1_000);

const test = suite('examples in namespaces');

test('E-94: the examples in Node.js, Python, Go, Java and PHP run in namespaces as they are', async () => {
	await allRun(ownHost);
});

test('E-95: they do for a user without rights', async () => {
	await allRun(strangerHost());
});

async function allRun(host: Host): Promise<void> {
	for (const name of SELF_CONTAINED) {
		await using folder = await copiedFolder(join(EXAMPLES, name));
		await chmod(folder.path, 0o755);
		if (BUILT.includes(name)) build(folder.path);
		await using running = await host.run(folder.path, ['--memory', '512']);
		const described = await exchange(running.url, { target: '/a%20b?x=1' });
		assert.is(described.status, 200, `${name}: ${described.text}`);
		assert.is((described.json as { target: string }).target, '/a%20b?x=1', name);
		const echoed = await exchange(running.url, { method: 'POST', target: '/echo', body: CHINESE });
		assert.ok(echoed.text === CHINESE, `${name} returns the body as it was`);
	}
}

function build(folder: string): void {
	const done = spawnSync('bash', ['--norc', 'build'], { cwd: folder, encoding: 'utf8' });
	if (done.status !== 0) throw new Error(`the build of ${folder} failed:\n${done.stdout}${done.stderr}`);
}

test.run();
