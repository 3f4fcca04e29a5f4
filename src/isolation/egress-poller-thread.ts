/**
 * The thread that waits for what leaves namespaces. It stays in the host's own: a socket belongs to the namespace it was made
 * in, wherever it is accepted. It blocks in the kernel, wakes for arrivals and commands only, and never returns to its
 * event loop before it is told to close.
 */
import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { KernelError } from '../engine/kernel-error.ts';
import type { Libc } from '../engine/libc.ts';
import { readSocketAddress, SOCKET_ADDRESS_BYTES_MAX } from '../engine/socket-address.ts';
import {
	COMMAND_BYTES,
	decodeCommand,
	type PollerMessage,
	type PollerStart,
	UNTAKEN_MAX,
} from './egress-poller-protocol.ts';
import type { EgressArrival, EgressSockets } from './egress-sockets.ts';
import { kernel } from './kernel.ts';

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLLIN = 1;
/** struct epoll_event is packed on x86-64 only. */
const EVENT = process.arch === 'x64' ? { bytes: 12, dataOffset: 4 } : { bytes: 16, dataOffset: 8 };
const EVENTS_MAX = 256;
const SOCK_NONBLOCK_CLOEXEC = 0o2004000;
const IPPROTO = { ip: 0, ipv6: 41 } as const;
const SO_ORIGINAL_DST = 80;
const ERRNO = { interrupted: 4, tryAgain: 11 } as const;
/** ENOMEM, ENFILE, EMFILE, ENOBUFS: what waits to be accepted would wake the thread again at once. */
const EXHAUSTION: readonly number[] = [12, 23, 24, 105];
const EXHAUSTED_REST_US = 10_000;
const CONGESTED_REST_MS = 50;
/** From one socket before the next one's turn. */
const ARRIVALS_PER_TURN = 64;
const QUERY_BYTES_MAX = 4_096;
const COMMANDS_PER_READ = 64;

type Role = 'tcp' | 'dnsTcp' | 'dnsUdp';

interface Source {
	readonly id: number;
	readonly role: Role;
	readonly redirected: boolean;
}

class EgressPollerThread {
	readonly #libc: Libc = kernel().libc;
	readonly #commandFd: number;
	readonly #untaken: Int32Array<SharedArrayBuffer>;
	readonly #epoll: number;
	readonly #places = new Map<number, EgressSockets>();
	/** By descriptor. */
	readonly #sources = new Map<number, Source>();
	readonly #query = Buffer.alloc(QUERY_BYTES_MAX);
	#closing = false;

	constructor({ commandFd, untaken }: PollerStart) {
		this.#commandFd = commandFd;
		this.#untaken = untaken;
		this.#epoll = this.#check(this.#libc.epoll_create1(EPOLL_CLOEXEC), 'epoll_create1');
		this.#watch(commandFd);
	}

	run(): void {
		const events = Buffer.alloc(EVENT.bytes * EVENTS_MAX);
		while (!this.#closing) {
			const congested = this.#rest();
			const count = this.#wait(events, congested ? 0 : -1);
			let commanded = false;
			for (let index = 0; index < count; index += 1) {
				const fd = events.readInt32LE(index * EVENT.bytes + EVENT.dataOffset);
				if (fd === this.#commandFd) commanded = true;
				else if (!congested) this.#serve(fd);
			}
			// Last, so that no event above is of a descriptor that a command has closed.
			if (commanded) this.#obey();
		}
		for (const id of [...this.#places.keys()]) this.#remove(id);
		this.#libc.close(this.#epoll);
		post({ kind: 'closed' });
	}

	/** True: the main thread is behind, and still was after some time. */
	#rest(): boolean {
		const count = Atomics.load(this.#untaken, 0);
		if (count < UNTAKEN_MAX) return false;
		Atomics.wait(this.#untaken, 0, count, CONGESTED_REST_MS);
		return Atomics.load(this.#untaken, 0) >= UNTAKEN_MAX;
	}

	#wait(events: Buffer, timeoutMs: number): number {
		const count = this.#libc.epoll_wait(this.#epoll, events, EVENTS_MAX, timeoutMs);
		if (count >= 0) return count;
		const number = this.#libc.lastErrorNumber();
		if (number !== ERRNO.interrupted) throw new KernelError('epoll_wait', number);
		return 0;
	}

	#serve(fd: number): void {
		const source = this.#sources.get(fd);
		if (source === undefined) return;
		for (let turn = 0; turn < ARRIVALS_PER_TURN; turn += 1) {
			const arrival = source.role === 'dnsUdp' ? this.#receive(fd) : this.#accept(fd, source);
			if (arrival === null) return;
			Atomics.add(this.#untaken, 0, 1);
			post({ kind: 'arrival', id: source.id, arrival });
		}
	}

	#accept(listener: number, source: Source): EgressArrival | null {
		const fd = this.#libc.accept4(listener, null, null, SOCK_NONBLOCK_CLOEXEC);
		if (fd < 0) {
			if (EXHAUSTION.includes(this.#libc.lastErrorNumber())) this.#libc.usleep(EXHAUSTED_REST_US);
			// Any other failure is of the one connection; the next wake-up finds those behind it.
			return null;
		}
		if (source.role === 'dnsTcp') return { kind: 'dns-connection', fd };
		return { kind: 'connection', fd, destination: source.redirected ? this.#destination(fd) : null };
	}

	/** Null for a connection that nothing redirected: its own destination is loopback, which no rule redirects. */
	#destination(fd: number): { address: string; port: number } | null {
		for (const level of [IPPROTO.ip, IPPROTO.ipv6]) {
			const address = Buffer.alloc(SOCKET_ADDRESS_BYTES_MAX);
			const length = Buffer.alloc(4);
			length.writeUInt32LE(address.length);
			if (this.#libc.getsockopt(fd, level, SO_ORIGINAL_DST, address, length) !== 0) continue;
			const destination = readSocketAddress(address);
			if (destination === null) continue;
			const own = destination.address.startsWith('127.') || destination.address === '::1';
			return own ? null : destination;
		}
		return null;
	}

	#receive(fd: number): EgressArrival | null {
		const client = Buffer.alloc(SOCKET_ADDRESS_BYTES_MAX);
		const length = Buffer.alloc(4);
		length.writeUInt32LE(client.length);
		const count = this.#libc.recvfrom(fd, this.#query, this.#query.length, 0, client, length);
		if (count < 0) return null;
		const bytes = Buffer.from(this.#query.subarray(0, count));
		return { kind: 'dns-query', fd, client: client.subarray(0, length.readUInt32LE()), bytes };
	}

	#obey(): void {
		const records = Buffer.alloc(COMMAND_BYTES * COMMANDS_PER_READ);
		const count = readSync(this.#commandFd, records);
		// The other end is closed: nobody is left to tell.
		if (count === 0) this.#closing = true;
		for (let offset = 0; offset < count; offset += COMMAND_BYTES) {
			const command = decodeCommand(records.subarray(offset, offset + COMMAND_BYTES));
			switch (command.kind) {
				case 'add':
					this.#add(command.id, command.sockets);
					break;
				case 'remove':
					this.#remove(command.id);
					break;
				case 'close':
					this.#closing = true;
					break;
				default:
					command satisfies never;
			}
		}
	}

	#add(id: number, sockets: EgressSockets): void {
		const { redirected } = sockets;
		this.#places.set(id, sockets);
		for (const [fd, role] of descriptors(sockets)) {
			this.#sources.set(fd, { id, role, redirected });
			this.#watch(fd);
		}
	}

	#remove(id: number): void {
		const sockets = this.#places.get(id);
		this.#places.delete(id);
		for (const [fd] of sockets === undefined ? [] : descriptors(sockets)) {
			this.#sources.delete(fd);
			// The kernel forgets a closed descriptor by itself.
			this.#libc.close(fd);
		}
		post({ kind: 'removed', id });
	}

	#watch(fd: number): void {
		const event = Buffer.alloc(EVENT.bytes);
		event.writeUInt32LE(EPOLLIN, 0);
		event.writeInt32LE(fd, EVENT.dataOffset);
		this.#check(this.#libc.epoll_ctl(this.#epoll, EPOLL_CTL_ADD, fd, event), 'epoll_ctl');
	}

	#check(outcome: number, call: string): number {
		if (outcome < 0) throw new KernelError(call, this.#libc.lastErrorNumber());
		return outcome;
	}
}

function descriptors({ tcp, tcp6, dnsTcp, dnsUdp }: EgressSockets): [number, Role][] {
	const sources: [number, Role][] = [
		[tcp, 'tcp'],
		[dnsTcp, 'dnsTcp'],
		[dnsUdp, 'dnsUdp'],
	];
	return tcp6 === null ? sources : [...sources, [tcp6, 'tcp']];
}

function post(message: PollerMessage): void {
	parentPort?.postMessage(message);
}

new EgressPollerThread(workerData as PollerStart).run();
