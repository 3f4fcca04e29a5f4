/** Edge functions, with the built executable. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';

const test = suite('edge functions');

const HELLO = `
interface Env { readonly GREETING: string; readonly RUNTIME_FUNC_NAME: string }
enum Kind { Plain = 3 }

export default {
	async fetch(request: Request, env: Env): Promise<Response> {
		const { method, url, headers } = request;
		const id = headers.get('x-cff-request-id');
		const body = await request.text();
		return Response.json({ method, url, id, body, greeting: env.GREETING, name: env.RUNTIME_FUNC_NAME, kind: Kind.Plain });
	},
};
`;

for (const isolation of ['direct', 'namespace']) {
	test(`X-3: a folder with a fetch handler in TypeScript and no bootstrap runs, under ${isolation}`, async () => {
		await using folder = await functionFolder({ 'index.ts': HELLO });
		await using running = await startFunction(folder.path, [
			...['--isolation', isolation, '--name', 'hello', '--env', 'GREETING=hi'],
		]);
		const answer = await exchange(running.url, { method: 'POST', target: '/a%20b?x=1', body: '你好' });
		assert.is(answer.status, 200, answer.text);
		const { url, id, ...rest } = answer.json as Record<string, string>;
		assert.is(url, `${running.url}/a%20b?x=1`);
		assert.is(id, answer.header('X-Cff-Request-Id'));
		assert.equal(rest, { method: 'POST', body: '你好', greeting: 'hi', name: 'hello', kind: 3 });
	});
}

test.run();
