/** The log of a deployed function, followed from the command line. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBinary } from '../harness/binary.ts';
import { ControlClient } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';

const test = suite('following the log of a deployed function');

const REQUESTS = 5;
/** Far below the grace that a server gives to requests in flight. */
const AT_ONCE_MS = 3000;

async function ask(host: DeployedHost, invokeUrl: string, more: string): Promise<void> {
	const { origin, host: name, path } = host.trigger(invokeUrl);
	const answer = await exchange(origin, { target: `${path}${more}`, headers: { host: name } });
	assert.is(answer.status, 200, answer.text);
}

test('E-139: logs -f prints each line while requests come, with the id of its request, and ends at once when the server does', async () => {
	await using host = await DeployedHost.start();
	const client = new ControlClient(host.control);
	await client.create('followed', 'here');
	const url = await client.trigger('followed', '/followed');
	await ask(host, url, '/0');
	const argv = [
		'logs',
		'followed',
		'-f',
		'--endpoint',
		host.control,
		'--project-id',
		client.project,
		'--json',
	];
	await using follower = await startBinary(argv);
	await follower.line('asked for /followed/0');
	for (let index = 1; index <= REQUESTS; index += 1) {
		await ask(host, url, `/${index}`);
		const line = await follower.line(`asked for /followed/${index}`);
		const { version, stream, request_id: id, text } = JSON.parse(line);
		assert.equal([version, stream, text], ['latest', 'stdout', `asked for /followed/${index}`]);
		assert.match(id, /^[0-9a-f-]{36}$/);
	}
	const beganMs = performance.now();
	const [{ code }, server] = await Promise.all([follower.exited, host.running.stop()]);
	const tookMs = performance.now() - beganMs;
	assert.equal([code, server.code], [0, 0], follower.logText);
	assert.ok(tookMs < AT_ONCE_MS, `${tookMs} ms`);
});

test.run();
