/** A Unix socket that takes datagrams, as a service manager has one for sd_notify(3). */
import { setTimeout as delay } from 'node:timers/promises';
import { libc } from '../../src/engine/libc.ts';
import { until } from './until.ts';

const AF_UNIX = 1;
const DATAGRAMS_WITHOUT_WAITING = 2 | 0o4000;
const LOOK_MS = 5;

export class NotifySocket implements AsyncDisposable {
	/** Fields of each datagram, in the order in which they came. */
	readonly messages: Readonly<Record<string, string>>[] = [];
	readonly #fd: number;
	#reading: Promise<void>;
	#open = true;

	/** At a path, or `@` and a name without a file. */
	constructor(place: string) {
		const calls = libc();
		if (calls === null) throw new Error('this engine does not call the C library');
		const name = Buffer.from(place.startsWith('@') ? `\0${place.slice(1)}` : `${place}\0`);
		const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), name]);
		this.#fd = calls.socket(AF_UNIX, DATAGRAMS_WITHOUT_WAITING, 0);
		if (calls.bind(this.#fd, address, address.length) !== 0) throw new Error(`could not bind ${place}`);
		this.#reading = this.#read();
	}

	/** The first message from number `from` on that `matches`. */
	message(
		matches: (message: Readonly<Record<string, string>>) => boolean,
		from = 0,
	): Promise<Readonly<Record<string, string>>> {
		return until('the service manager is told', () => this.messages.slice(from).find(matches) ?? null);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#open = false;
		await this.#reading;
		libc()?.close(this.#fd);
	}

	async #read(): Promise<void> {
		const bytes = Buffer.alloc(4096);
		while (this.#open) {
			const length = libc()?.recvfrom(this.#fd, bytes, bytes.length, 0, null, null) ?? -1;
			if (length < 0) await delay(LOOK_MS);
			else this.messages.push(fieldsOf(bytes.toString('utf8', 0, length)));
		}
	}
}

function fieldsOf(text: string): Record<string, string> {
	return Object.fromEntries(text.split('\n').map((line) => line.split(/=(.*)/s, 2) as [string, string]));
}
