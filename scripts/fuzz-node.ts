/** What Node's own parser makes of a connection's bytes: a server or client of node:http on a connection in memory. */
import { type ClientRequest, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Message, Reading, Side } from './fuzz-codec.ts';

/** Turns of the event loop after which a connection in memory has nothing more to say. */
const TURNS_MAX = 30;

/** Written down apart from the codec's own list, so that a name missing there is found. */
const FIELDS_OF_THE_HOP = [
	...['connection', 'keep-alive', 'te', 'trailer', 'upgrade', 'content-length', 'transfer-encoding'],
	...['proxy-authenticate', 'proxy-authentication-info', 'proxy-authorization', 'proxy-connection'],
];

interface Collected {
	readonly incoming: IncomingMessage;
	body: string;
	whole: boolean;
}

/** `fault` is the code of Node's error. */
export async function readWithNode(side: Side, bytes: Buffer): Promise<Omit<Reading, 'bytesRead'>> {
	const collected: Collected[] = [];
	const exchange = { fault: null as string | null, closed: false };
	const fail = (error: NodeJS.ErrnoException): void => {
		exchange.fault ??= error.code ?? error.message;
	};
	const connection = new MemoryConnection();
	connection.on('error', fail);
	connection.on('close', () => {
		exchange.closed = true;
	});
	const end = side === 'request' ? serve(connection, collected, fail) : ask(connection, collected, fail);
	connection.push(bytes);
	connection.push(null);
	for (let turn = 0; turn < TURNS_MAX && !(exchange.closed && turn > 3); turn++) await nextTurn();
	end();
	connection.destroy();
	const whole = collected.filter((item) => item.whole);
	return { messages: whole.map((item) => message(side, item)), fault: exchange.fault };
}

class MemoryConnection extends Duplex {
	override _read(): void {}

	override _write(_bytes: Buffer, _encoding: string, done: () => void): void {
		done();
	}

	/** What node:http calls on a socket. */
	setTimeout(): this {
		return this;
	}
}

function serve(connection: Duplex, collected: Collected[], fail: (error: Error) => void): () => void {
	const server: Server = createServer({
		insecureHTTPParser: false,
		requireHostHeader: false,
		maxHeaderSize: 1_000_000,
		requestTimeout: 0,
		headersTimeout: 0,
		connectionsCheckingInterval: 2 ** 30,
	});
	const take = (incoming: IncomingMessage): void => collect(incoming, collected, fail);
	server.on('request', take).on('checkContinue', take).on('checkExpectation', take);
	server.on('clientError', fail);
	server.emit('connection', connection);
	return () => server.close();
}

function ask(connection: Duplex, collected: Collected[], fail: (error: Error) => void): () => void {
	const asked: ClientRequest = request({
		createConnection: () => connection,
		insecureHTTPParser: false,
		maxHeaderSize: 1_000_000,
		host: 'h',
	});
	asked.on('response', (incoming) => collect(incoming, collected, fail));
	asked.on('upgrade', (incoming) => collected.push({ incoming, body: '', whole: true }));
	asked.on('error', fail);
	asked.end();
	return () => asked.destroy();
}

function collect(incoming: IncomingMessage, collected: Collected[], fail: (error: Error) => void): void {
	const item: Collected = { incoming, body: '', whole: false };
	collected.push(item);
	incoming.setEncoding('latin1');
	incoming.on('data', (text: string) => {
		item.body += text;
	});
	incoming.on('end', () => {
		item.whole = incoming.complete;
	});
	incoming.on('error', fail);
}

function message(side: Side, { incoming, body }: Collected): Message {
	const pairs: Array<readonly [string, string]> = [];
	const raw = incoming.rawHeaders;
	for (let i = 0; i < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? '']);
	const connection = pairs.filter(([name]) => name.toLowerCase() === 'connection').map(([, value]) => value);
	const gone = new Set([
		...FIELDS_OF_THE_HOP,
		...pairs.map(([name]) => name.toLowerCase()).filter(isFoldedHopField),
		...connection
			.join(',')
			.split(',')
			.map((name) => name.trim().toLowerCase()),
	]);
	gone.delete('host');
	const url = incoming.url ?? '';
	const absolute = side === 'request' && !url.startsWith('/');
	if (side === 'request') gone.add('expect');
	if (absolute) gone.add('host');
	const line =
		side === 'request'
			? `${incoming.method} ${absolute ? pathOf(url) : url}`
			: `${incoming.statusCode} ${incoming.statusMessage}`;
	return { line, fields: pairs.filter(([name]) => !gone.has(name.toLowerCase())), body };
}

/** A name that a server in the manner of CGI would take for one of the hop: `Content_Length`. */
function isFoldedHopField(lowerName: string): boolean {
	return FIELDS_OF_THE_HOP.includes(lowerName.replaceAll('_', '-'));
}

/** Path and query of an absolute-form target. */
function pathOf(url: string): string {
	const rest = url.replace(/^https?:\/\/[^/?]*/i, '');
	return rest.startsWith('/') ? rest : `/${rest}`;
}
