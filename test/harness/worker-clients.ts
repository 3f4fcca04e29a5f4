/** The gateway processes of an httpfn, and connections of which it is known which of them has which. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type net from 'node:net';
import type { RunningFunction } from './binary.ts';
import { Http2Client } from './http2-client.ts';
import { commandOf, descendantsOf, type KnownProcess } from './process-tree.ts';
import { type RawAnswer, RawClient } from './raw-client.ts';

/** So many connections that each of a few workers gets one, but for one time in a million. */
const TRIES_MAX = 60;

export interface Asked {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Bytes of the body, sent by the test itself. */
	readonly bodyBytes?: number;
}

export function workersOf(running: RunningFunction): KnownProcess[] {
	return descendantsOf(running.pid).filter(({ pid }) => commandOf(pid).endsWith(' worker'));
}

/** A connection that stays open to one worker. */
export class WorkerClient implements AsyncDisposable {
	readonly pid: number;
	readonly raw: RawClient;

	constructor(pid: number, raw: RawClient) {
		this.pid = pid;
		this.raw = raw;
	}

	/** `url`: as a trigger tells it. */
	send(url: string, { method = 'GET', headers = {}, bodyBytes = 0 }: Asked = {}): void {
		const { host, pathname, search } = new URL(url);
		const length = bodyBytes === 0 ? {} : { 'Content-Length': String(bodyBytes) };
		const fields = Object.entries({ Host: host, ...headers, ...length });
		const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
		void this.raw.send(`${method} ${pathname}${search} HTTP/1.1\r\n${lines}\r\n`);
	}

	ask(url: string, asked: Asked = {}): Promise<RawAnswer> {
		this.send(url, asked);
		return this.raw.answer();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.raw[Symbol.asyncDispose]();
	}
}

/** One connection to each worker. `url`: of the gateway. */
export async function clientOfEach(running: RunningFunction, url: string): Promise<WorkerClient[]> {
	const found = await eachOf(running, async () => {
		const raw = await RawClient.connect(Number(new URL(url).port));
		// It is accepted when it is answered: nobody has this name.
		raw.ask('GET / HTTP/1.1');
		await raw.answer();
		return [raw, raw.socket];
	});
	return [...found].map(([pid, raw]) => new WorkerClient(pid, raw));
}

/** The same over HTTP/2. */
export async function http2ClientOfEach(running: RunningFunction, url: string): Promise<Http2Client[]> {
	const found = await eachOf(running, async () => {
		const client = await Http2Client.connect(url);
		return [client, client.session.socket];
	});
	return [...found.values()];
}

/** One of each worker, by its process; `connect` resolves when it has been accepted. */
async function eachOf<Client extends AsyncDisposable>(
	running: RunningFunction,
	connect: () => Promise<readonly [Client, Ports]>,
): Promise<Map<number, Client>> {
	const workers = workersOf(running);
	const found = new Map<number, Client>();
	for (let count = 0; found.size < workers.length; count++) {
		if (count === TRIES_MAX) throw new Error(`only ${found.size} of ${workers.length} workers were reached`);
		const [client, ports] = await connect();
		const inode = inodeOf(ports);
		const pid = workers.find((worker) => has(worker.pid, inode))?.pid;
		if (pid === undefined || found.has(pid)) await client[Symbol.asyncDispose]();
		else found.set(pid, client);
	}
	return found;
}

type Ports = Pick<net.Socket, 'localPort' | 'remotePort'>;

/** Of the other end of a connection of this host. */
function inodeOf({ localPort, remotePort }: Ports): string {
	const rows = readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1);
	const isMeant = (row: string[]) => portOf(row[1]) === remotePort && portOf(row[2]) === localPort;
	return rows.map((row) => row.trim().split(/\s+/)).find(isMeant)?.[9] ?? '';
}

function portOf(address = ''): number {
	return Number.parseInt(address.split(':')[1] ?? '', 16);
}

function has(pid: number, inode: string): boolean {
	const folder = `/proc/${pid}/fd`;
	return readdirSync(folder).some((descriptor) => {
		try {
			return readlinkSync(`${folder}/${descriptor}`) === `socket:[${inode}]`;
		} catch {
			return false;
		}
	});
}
