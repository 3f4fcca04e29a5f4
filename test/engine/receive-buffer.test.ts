/** What a server reads at once of what waits in the kernel. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limitReceiveBuffer } from '../../src/engine/receive-buffer.ts';
import { listeningDescriptors } from '../../src/process/listening-descriptors.ts';

const test = suite('limitReceiveBuffer');

const LIMIT_BYTES = 128 * 1024;
const BODY_BYTES = 8 * 1024 * 1024;

test('E-141: no piece of a long body is larger than what the kernel may keep of a connection', async () => {
	const sizes: number[] = [];
	const server = createServer(async (incoming, outgoing) => {
		for await (const piece of incoming) {
			sizes.push((piece as Buffer).length);
			// Others send meanwhile.
			await turn();
		}
		outgoing.end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { address: host, port } = server.address() as AddressInfo;
	const [descriptor = null] = await listeningDescriptors([{ kind: 'tcp', host, port }]);
	assert.type(descriptor, 'number');
	limitReceiveBuffer(Number(descriptor), LIMIT_BYTES);
	const call = request({ host, port, method: 'POST', agent: false });
	call.end(Buffer.alloc(BODY_BYTES));
	const [answer] = await once(call, 'response');
	answer.resume();
	await once(answer, 'end');
	server.close();
	assert.is(
		sizes.reduce((sum, bytes) => sum + bytes, 0),
		BODY_BYTES,
	);
	assert.ok(Math.max(...sizes) <= 2 * LIMIT_BYTES, `${Math.max(...sizes)} bytes`);
});

test.run();
