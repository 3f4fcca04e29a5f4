/**
 * Has Bun's event loop call us when a descriptor that Bun does not know is ready: an epoll set of our own.
 *
 * Bun can not be given such a descriptor. But it waits by epoll too, and finds the socket that is ready by the 64 bits that are kept
 * with each descriptor; /proc/self/fdinfo tells them (proc(5)). So a socket is opened that holds one packet, its descriptor
 * is taken out of Bun's set, and ours is put in with the same bits: when ours is ready, Bun reads the socket,
 * gets the packet, and calls us. We put the next packet in.
 */
import fs from 'node:fs';
import { type BunSocket, bun } from './bun-api.ts';
import type { Libc } from './libc.ts';
import { socketPair } from './socket-pair.ts';

const MSG_NOSIGNAL = 0x4000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const PACKET = new Uint8Array(new ArrayBuffer(1));

export interface Wake {
	/** Whether the process is to go on for its sake. At first it is not. */
	hold(on: boolean): void;
}

/** Null where it can not be had: no Bun, no /proc, a Bun that does it otherwise. `descriptor` and what this opens stay open for good. Throws where the system gives no sockets. */
export function wakeOn(calls: Libc, descriptor: number, ready: () => void): Wake | null {
	if (bun === null) return null;
	const [end, other] = socketPair('packets');
	let socket: BunSocket | null = null;
	const nothing = (): void => {};
	const refill = (): void => void calls.send(other, PACKET, 1, MSG_NOSIGNAL);
	const data = (): void => {
		refill();
		ready();
	};
	const open = (opened: BunSocket): void => {
		socket = opened;
	};
	const callbacks = { open, data, drain: nothing, end: nothing, close: nothing, error: nothing };
	bun.connect({ fd: end, allowHalfOpen: true, socket: callbacks }).catch(nothing);
	const opened = socket as BunSocket | null;
	const place = opened === null ? null : placeOf(end);
	if (opened === null || place === null || !replace(calls, place, end, descriptor)) {
		opened?.close();
		calls.close(other);
		return null;
	}
	refill();
	opened.unref();
	return { hold: (on) => (on ? opened.ref() : opened.unref()) };
}

interface PlaceInSet {
	/** Bun's epoll descriptor. */
	readonly set: number;
	/** What Bun keeps with the socket's. */
	readonly bits: bigint;
}

/** Where Bun waits for a descriptor: of all sets of this process, the one that holds it. Bun's is among the first descriptors. */
function placeOf(descriptor: number): PlaceInSet | null {
	const line = new RegExp(`^tfd: *${descriptor} events: *[0-9a-f]+ data: *([0-9a-f]+)`, 'm');
	for (let set = 3; set < descriptor; set++) {
		const bits = line.exec(infoOf(set))?.[1];
		if (bits !== undefined) return { set, bits: BigInt(`0x${bits}`) };
	}
	return null;
}

/** Empty where there is no such descriptor, or no /proc. */
function infoOf(descriptor: number): string {
	try {
		return fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1');
	} catch {
		return '';
	}
}

function replace(calls: Libc, { set, bits }: PlaceInSet, end: number, descriptor: number): boolean {
	const event = Buffer.alloc(process.arch === 'x64' ? 12 : 16);
	event.writeUInt32LE(EPOLLIN, 0);
	event.writeBigUInt64LE(bits, event.length - 8);
	if (calls.epoll_ctl(set, EPOLL_CTL_ADD, descriptor, event) !== 0) return false;
	if (calls.epoll_ctl(set, EPOLL_CTL_DEL, end, event) === 0) return true;
	calls.epoll_ctl(set, EPOLL_CTL_DEL, descriptor, event);
	return false;
}
