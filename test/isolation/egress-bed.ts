/** A network namespace with a way out of it, and a client inside. */
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { EgressSockets } from '../../src/isolation/egress-sockets.ts';

export interface BedHost {
	readonly nfTables: boolean;
	readonly ipv6: boolean;
}

interface To {
	readonly address: string;
	readonly port: number;
}

export type BedRequest =
	| { readonly call: 'prepare'; readonly host: BedHost }
	| ({ readonly call: 'connect' } & To)
	| ({ readonly call: 'datagram'; readonly text: string } & To)
	| ({ readonly call: 'flood'; readonly count: number; readonly done: Int32Array } & To)
	| { readonly call: 'exchangeWithFunction' };

export type BedAnswer = { readonly value: unknown } | { readonly code: string };

const WHOLE: BedHost = { nfTables: true, ipv6: true };

export class EgressBed implements AsyncDisposable {
	readonly #thread = new Worker(new URL('./egress-bed-thread.ts', import.meta.url), {
		trackUnmanagedFds: false,
	});

	readonly #sockets: EgressSockets[] = [];

	/** Ready to be used; the sockets are closed with it unless they are taken. */
	static async open(host: BedHost = WHOLE): Promise<EgressBed> {
		const bed = new EgressBed();
		bed.#sockets.push(await bed.prepare(host));
		return bed;
	}

	get sockets(): EgressSockets {
		const [sockets] = this.#sockets;
		if (sockets === undefined) throw new Error('the sockets were taken');
		return sockets;
	}

	/** For a poller, which closes them. */
	takeSockets(): EgressSockets {
		const { sockets } = this;
		this.#sockets.length = 0;
		return sockets;
	}

	/** Throws `{ code }`: the name of the system's error. One call at a time. */
	prepare(host: BedHost = WHOLE): Promise<EgressSockets> {
		return this.#call({ call: 'prepare', host }) as Promise<EgressSockets>;
	}

	/** `connected`, or the name of the error. */
	connect(address: string, port: number): Promise<string> {
		return this.#call({ call: 'connect', address, port }) as Promise<string>;
	}

	/** What came back and from where, or the name of the error, or `silence`. */
	datagram(address: string, port: number, text: string): Promise<{ from: string; text: string } | string> {
		return this.#call({ call: 'datagram', address, port, text }) as Promise<{ from: string; text: string }>;
	}

	/** Sends datagrams while this thread does nothing at all. */
	floodWhileBlocked(address: string, port: number, count: number): Promise<unknown> {
		const done = new Int32Array(new SharedArrayBuffer(4));
		const answered = this.#call({ call: 'flood', address, port, count, done });
		Atomics.wait(done, 0, 0);
		return answered;
	}

	/** Connects to the function's port and answers how many connections the kernel keeps track of. */
	exchangeWithFunction(): Promise<number> {
		return this.#call({ call: 'exchangeWithFunction' }) as Promise<number>;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#thread.terminate();
		for (const { tcp, tcp6, dnsUdp, dnsTcp } of this.#sockets) {
			for (const fd of [tcp, tcp6, dnsUdp, dnsTcp]) if (fd !== null) closeSync(fd);
		}
	}

	async #call(request: BedRequest): Promise<unknown> {
		const answered = once(this.#thread, 'message');
		this.#thread.postMessage(request);
		const [answer] = (await answered) as [BedAnswer];
		if ('value' in answer) return answer.value;
		throw Object.assign(new Error(answer.code), { code: answer.code });
	}
}
