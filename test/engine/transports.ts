/** All ways to speak by sockets that this engine has, under the same tests. */
import * as assert from 'uvu/assert';
import { bun } from '../../src/engine/bun-api.ts';
import { adoptBun, connectBun, listenBun } from '../../src/engine/connection-bun.ts';
import { adoptNode, connectNode, listenNode } from '../../src/engine/connection-node.ts';
import { type Libc, requiredLibc } from '../../src/engine/libc.ts';
import { openPolled, polledTransport } from '../../src/engine/sockets-polled.ts';
import type { Transport } from '../../src/engine/transport.ts';

const IO_URING_ENTER = 426;

export interface NamedTransport extends Transport {
	readonly name: string;
}

export function transports(): NamedTransport[] {
	const plain = { name: 'node:net', listen: listenNode, connect: connectNode, adopt: adoptNode };
	if (bun === null) return [plain];
	const refusingAll = callsThatRefuse(() => true);
	const refusingWork = callsThatRefuse((call) => call === IO_URING_ENTER);
	return [
		plain,
		{ name: 'Bun', listen: listenBun, connect: connectBun, adopt: adoptBun },
		polled('descriptors of our own', polledTransport()),
		polled('descriptors of our own, always in batches', openPolled(requiredLibc(), 1)),
		polled('descriptors of our own, with a kernel that has no batches', openPolled(refusingAll, 1)),
		polled('descriptors of our own, with a kernel that refuses batches', openPolled(refusingWork, 1)),
	];
}

function polled(name: string, transport: Transport | null): NamedTransport {
	// On Linux, where these tests run, it can always be had.
	assert.ok(transport !== null);
	return { name, ...transport };
}

function callsThatRefuse(refuses: (call: number | bigint) => boolean): Libc {
	const calls = requiredLibc();
	const syscall: Libc['syscall'] = (call, ...given) => (refuses(call) ? -1 : calls.syscall(call, ...given));
	return Object.create(calls, { syscall: { value: syscall } });
}
