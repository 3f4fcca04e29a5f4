/** What the main thread and the thread that waits for egress say to each other. */
import type { EgressArrival, EgressSockets } from './egress-sockets.ts';

/**
 * The thread blocks in the kernel and reads no messages, so commands come through a pipe, as records of one size: few enough
 * bytes that the kernel never splits one.
 */
export const COMMAND_BYTES = 32;

export type PollerCommand =
	| { readonly kind: 'add'; readonly id: number; readonly sockets: EgressSockets }
	| { readonly kind: 'remove'; readonly id: number }
	| { readonly kind: 'close' };

export type PollerMessage =
	| { readonly kind: 'arrival'; readonly id: number; readonly arrival: EgressArrival }
	/** Its sockets are closed, and no arrival of it follows. */
	| { readonly kind: 'removed'; readonly id: number }
	| { readonly kind: 'closed' };

export interface PollerStart {
	/** The read end of the pipe of commands. */
	readonly commandFd: number;
	/** One number: arrivals that the main thread has not taken yet. */
	readonly untaken: Int32Array<SharedArrayBuffer>;
}

/** The thread rests while so many arrivals are not taken. */
export const UNTAKEN_MAX = 1_024;

const KINDS = ['add', 'remove', 'close'] as const;
const NONE = -1;

export function encodeCommand(command: PollerCommand): Buffer {
	const record = Buffer.alloc(COMMAND_BYTES);
	record.writeInt32LE(KINDS.indexOf(command.kind), 0);
	if (command.kind !== 'close') record.writeInt32LE(command.id, 4);
	if (command.kind === 'add') {
		const { tcp, tcp6, dnsUdp, dnsTcp, redirected } = command.sockets;
		const numbers = [tcp, tcp6 ?? NONE, dnsUdp, dnsTcp, redirected ? 1 : 0];
		for (const [index, number] of numbers.entries()) record.writeInt32LE(number, 8 + 4 * index);
	}
	return record;
}

export function decodeCommand(record: Buffer): PollerCommand {
	const kind = KINDS[record.readInt32LE(0)] ?? 'close';
	const id = record.readInt32LE(4);
	if (kind === 'close') return { kind };
	if (kind === 'remove') return { kind, id };
	const number = (index: number) => record.readInt32LE(8 + 4 * index);
	const tcp6 = number(1) === NONE ? null : number(1);
	const sockets = { tcp: number(0), tcp6, dnsUdp: number(2), dnsTcp: number(3), redirected: number(4) === 1 };
	return { kind, id, sockets };
}
