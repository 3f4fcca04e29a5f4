import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { passDescriptor } from '../../src/engine/descriptor-passing.ts';
import { socketPair } from '../../src/engine/socket-pair.ts';
import type { WorkerMessage } from '../../src/workers/messages.ts';
import { OwnerLink } from '../../src/workers/owner-link.ts';

const test = suite('OwnerLink');

if ('Deno' in globalThis) {
	test('R-26: on Deno there are no such sockets', () => {
		assert.throws(() => socketPair('packets'));
	});
} else {
	test('R-26: a descriptor that did not arrive costs its own connection, and the next is there', async () => {
		const [near, far] = socketPair('packets');
		const said: WorkerMessage[] = [];
		const link = new OwnerLink((message) => said.push(message), far);
		const [lost, next] = [link.socket(1), link.socket(1)];
		const numbers = said.flatMap((message) => (message.kind === 'connect' ? [message.number] : []));
		const [first = 0, second = 0] = numbers;
		assert.ok(passDescriptor(near, { number: second, descriptor: near }));
		link.onMessage({ kind: 'connected', number: first });
		link.onMessage({ kind: 'connected', number: second });
		assert.instance(await lost.catch((error: unknown) => error), Error);
		assert.ok((await next) > far);
	});
}

test.run();
