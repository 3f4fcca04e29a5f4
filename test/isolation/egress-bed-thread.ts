/** A thread in a network namespace of its own, with a way out of it: what a function would do there, by system calls. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { readSocketAddress, socketAddress } from '../../src/engine/socket-address.ts';
import { CLONE, Kernel, kernel as openKernel } from '../../src/isolation/kernel.ts';
import { prepareEgress } from '../../src/isolation/prepare-egress.ts';
import type { BedAnswer, BedHost, BedRequest } from './egress-bed.ts';

const STREAM = 1;
const DATAGRAM = 2;
const NETLINK = { family: 16, netfilter: 12 };
const POLLIN = 1;
const ANSWER_MS_MAX = 5_000;
const FLOOD_STEP_US = 20;

const kernel = openKernel();
const { libc } = kernel;

/** A kernel that lacks what `host` says. */
function lacking(host: BedHost): Kernel {
	const socket = (family: number, type: number, protocol: number): number => {
		const netfilter = family === NETLINK.family && protocol === NETLINK.netfilter;
		const missing = (netfilter && !host.nfTables) || (family === 10 && !host.ipv6);
		return missing ? libc.socket(-1, type, protocol) : libc.socket(family, type, protocol);
	};
	return new Kernel({ ...libc, socket });
}

function errorName(): string {
	const number = libc.lastErrorNumber();
	return Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `error ${number}`;
}

function destination(address: string, port: number): Buffer {
	if (!address.includes(':')) return socketAddress(address.split('.').map(Number), port);
	const [left = '', right = ''] = address.split('::');
	const groups = (text: string) =>
		text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
	const [first, last] = [groups(left), groups(right)];
	const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
	return socketAddress(
		all.flatMap((group) => [group >> 8, group & 0xff]),
		port,
	);
}

/** Sockets stay open: the thread ends with the test. */
function connected(to: Buffer, type: number): number | string {
	const socket = libc.socket(to.readUInt16LE(0), type, 0);
	return libc.connect(socket, to, to.length) === 0 ? socket : errorName();
}

function datagram(to: Buffer, text: string): { from: string; text: string } | string {
	const socket = connected(to, DATAGRAM);
	if (typeof socket === 'string') return socket;
	const bytes = Buffer.from(text);
	if (libc.sendto(socket, bytes, bytes.length, 0, null, 0) < 0) return errorName();
	const waited = Buffer.alloc(8);
	waited.writeInt32LE(socket, 0);
	waited.writeInt16LE(POLLIN, 4);
	if (libc.poll(waited, 1, ANSWER_MS_MAX) === 0) return 'silence';
	const [answer, from, length] = [Buffer.alloc(4096), Buffer.alloc(28), Buffer.from([28, 0, 0, 0])];
	const count = libc.recvfrom(socket, answer, answer.length, 0, from, length);
	if (count < 0) return errorName();
	return { from: readSocketAddress(from)?.address ?? '', text: answer.toString('latin1', 0, count) };
}

/** Slowly enough that the kernel loses nothing as long as somebody reads. */
function flood(to: Buffer, count: number, done: Int32Array): number {
	const socket = libc.socket(to.readUInt16LE(0), DATAGRAM, 0);
	for (let sent = 0; sent < count; sent += 1) {
		libc.sendto(socket, Buffer.from('q'), 1, 0, to, to.length);
		libc.usleep(FLOOD_STEP_US);
	}
	Atomics.store(done, 0, 1);
	Atomics.notify(done, 0);
	return count;
}

/** Both ends of a connection to the function's port. */
function exchangeWithFunction(): number {
	const address = destination('127.0.0.1', 8000);
	const listener = libc.socket(2, STREAM, 0);
	libc.bind(listener, address, address.length);
	libc.listen(listener, 8);
	connected(address, STREAM);
	libc.accept4(listener, null, null, 0);
	return Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'utf8'));
}

function handle(request: BedRequest): unknown {
	switch (request.call) {
		case 'prepare':
			return prepareEgress(lacking(request.host));
		case 'connect': {
			const outcome = connected(destination(request.address, request.port), STREAM);
			return typeof outcome === 'string' ? outcome : 'connected';
		}
		case 'datagram':
			return datagram(destination(request.address, request.port), request.text);
		case 'flood':
			return flood(destination(request.address, request.port), request.count, request.done);
		case 'exchangeWithFunction':
			return exchangeWithFunction();
		default:
			return request satisfies never;
	}
}

kernel.unshare(CLONE.newNetwork);
kernel.loopbackUp();
parentPort?.on('message', (request: BedRequest) => {
	try {
		parentPort?.postMessage({ value: handle(request) } satisfies BedAnswer);
	} catch (error) {
		const { code = String(error) } = error as { code?: string };
		parentPort?.postMessage({ code } satisfies BedAnswer);
	}
});
