/** `httpfn run --watch` and `--inspect`, with the built executable. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { strictLoad } from '../harness/strict-load.ts';
import { until } from '../harness/until.ts';

const test = suite('run --watch');

const app = (greeting: string) => `
const http = require('node:http');
http.createServer((request, response) => setTimeout(() => response.end('${greeting}'), 5)).listen(8000, '127.0.0.1');
`;
const BOOTSTRAP = 'exec node $RUNTIME_CODE_ROOT/app.cjs';

for (const isolation of ['direct', 'namespace']) {
	test(`W-1: a change of the folder exchanges the function under load, and no request is dropped, under ${isolation}`, async () => {
		await using folder = await functionFolder({ bootstrap: BOOTSTRAP, 'app.cjs': app('one') });
		await using running = await startFunction(folder.path, [
			...['--watch', '--isolation', isolation, '--concurrent-num', '100', '--timeout', '30'],
		]);
		const load = strictLoad(running.url);
		for (const greeting of ['one', 'two', 'three']) {
			await writeFile(path.join(folder.path, 'app.cjs'), app(greeting));
			await until(`the function answers ${greeting}`, async () =>
				(await exchange(running.url, {})).text === greeting ? true : null,
			);
			await load.answered(50);
		}
		const { answers, failures } = await load.stop();
		assert.equal(failures, []);
		assert.equal([...answers.keys()], ['one', 'two', 'three']);
	});
}

test('W-2: what can not be built is what requests are told, a browser by a page, from the start on until it is mended', async () => {
	await using folder = await functionFolder({
		'index.ts': 'export default { fetch: () => new Response(oops }',
	});
	await using running = await startFunction(folder.path, ['--watch']);
	const refused = await exchange(running.url, {});
	assert.equal([refused.status, refused.header('X-Httpfn-Error')], [500, 'ERR_EDGE_BUILD']);
	assert.match((refused.json as { error_msg: string }).error_msg, 'index.ts:1:');
	const page = await exchange(running.url, { headers: { accept: 'text/html,*/*;q=0.8' } });
	assert.equal([page.status, page.header('Content-Type')], [500, 'text/html; charset=utf-8']);
	assert.match(page.text, 'index.ts:1:');
	await writeFile(
		path.join(folder.path, 'index.ts'),
		"export default { fetch: () => new Response('mended') }",
	);
	await until('the mended function answers', async () =>
		(await exchange(running.url, {})).text === 'mended' ? true : null,
	);
});

test('W-3: settings in the folder are read again; what is wrong with them is told, and the host’s own stay as they are', async () => {
	const code = 'export default (request, env) => new Response(env.GREETING)';
	const config = (settings: object) => JSON.stringify(settings);
	await using folder = await functionFolder({
		'index.js': code,
		'httpfn.json': config({ env: { GREETING: 'one' } }),
	});
	await using running = await startFunction(folder.path, ['--watch']);
	const becomes = async (settings: object, wanted: string) => {
		await writeFile(path.join(folder.path, 'httpfn.json'), config(settings));
		await until(`the answer is ${wanted}`, async () => {
			const answer = await exchange(running.url, {});
			return [answer.text, answer.header('X-Httpfn-Error')].includes(wanted) ? true : null;
		});
	};
	await becomes({ env: { GREETING: 'two' } }, 'two');
	await becomes({ memory: 1 }, 'ERR_CONFIG_INVALID');
	await becomes({ connectionsMax: 5 }, 'ERR_RELOAD_FAILED');
	await becomes({ env: { GREETING: 'three' } }, 'three');
});

test.run();
