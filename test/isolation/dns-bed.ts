/** Messages of the domain name system, and a name server on loopback that answers as a test wants. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import type { DnsQuestion } from '../../src/isolation/dns-message.ts';
import { readQuery } from '../../src/isolation/dns-message.ts';

export const A = 1;
export const CNAME = 5;
export const AAAA = 28;
const QUERY_FLAGS = 0x0100;
const ANSWER_FLAGS = 0x8180;
export const TRUNCATED = 0x0200;

export interface RecordOf {
	readonly type: number;
	readonly data: Buffer;
	readonly ttl?: number;
	readonly class?: number;
}

export function nameBytes(name: string): Buffer {
	const labels = name === '' ? [] : name.split('.');
	return Buffer.concat([
		...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
		Buffer.from([0]),
	]);
}

export function words(...values: readonly number[]): Buffer {
	return Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
}

export function query(name: string, type = A, id = 0x1234): Buffer {
	return Buffer.concat([words(id, QUERY_FLAGS, 1, 0, 0, 0), nameBytes(name), words(type, 1)]);
}

/** To the bytes of a query without additional records. */
export function answerTo(asked: Buffer, records: readonly RecordOf[], flags = 0): Buffer {
	const counts = words(asked.readUInt16BE(0), ANSWER_FLAGS | flags, 1, records.length, 0, 0);
	const bodies = records.map(({ type, data, ttl = 300, class: of = 1 }) =>
		Buffer.concat([words(0xc00c, type, of, ttl >>> 16, ttl & 0xffff, data.length), data]),
	);
	return Buffer.concat([counts, asked.subarray(12), ...bodies]);
}

export const four = (text: string): RecordOf => ({ type: A, data: Buffer.from(text.split('.').map(Number)) });

export function asQuestion(bytes: Buffer): DnsQuestion {
	const question = readQuery(bytes);
	if (question === null) throw new Error('the query is malformed');
	return question;
}

/** Null: says nothing. */
type Reply = (asked: Buffer, transport: 'udp' | 'tcp') => Buffer | null;

export class FakeNameServer {
	readonly asked: { readonly bytes: Buffer; readonly transport: 'udp' | 'tcp' }[] = [];
	readonly #udp = dgram.createSocket('udp4');
	readonly #tcp: net.Server;
	readonly #waiting = new Set<() => void>();
	reply: Reply;
	port = 0;

	constructor(reply: Reply) {
		this.reply = reply;
		this.#udp.on('message', (bytes, { port, address }) => {
			const answer = this.#take(bytes, 'udp');
			if (answer !== null) this.#udp.send(answer, port, address);
		});
		this.#tcp = net.createServer((socket) => {
			socket.on('error', () => {});
			socket.on('data', (bytes: Buffer) => {
				const answer = this.#take(bytes.subarray(2), 'tcp');
				if (answer === null) return;
				// In two parts, as a stream may bring it.
				socket.write(Buffer.concat([words(answer.length), answer.subarray(0, 5)]), () => {
					socket.end(answer.subarray(5));
				});
			});
		});
	}

	get address(): { readonly address: string; readonly port: number } {
		return { address: '127.0.0.1', port: this.port };
	}

	async open(): Promise<void> {
		this.#tcp.listen(0, '127.0.0.1');
		await once(this.#tcp, 'listening');
		this.port = (this.#tcp.address() as net.AddressInfo).port;
		this.#udp.bind(this.port, '127.0.0.1');
		await once(this.#udp, 'listening');
	}

	/** Resolves when so many questions have come. */
	async hasBeenAsked(count: number): Promise<void> {
		while (this.asked.length < count) {
			await new Promise<void>((resolve) => this.#waiting.add(resolve));
		}
	}

	async close(): Promise<void> {
		this.#udp.close();
		this.#tcp.close();
		await once(this.#tcp, 'close');
	}

	#take(bytes: Buffer, transport: 'udp' | 'tcp'): Buffer | null {
		this.asked.push({ bytes, transport });
		for (const resolve of this.#waiting) resolve();
		this.#waiting.clear();
		return this.reply(bytes, transport);
	}
}
