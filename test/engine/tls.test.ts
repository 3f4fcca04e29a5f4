import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';
import { listen } from '../../src/engine/sockets.ts';
import type { TlsSetup } from '../../src/engine/tls-acceptor.ts';
import { type CertificateName, TlsFolder } from '../harness/tls-folder.ts';

const test = suite('TLS on accepted sockets');

interface Bed extends AsyncDisposable {
	readonly port: number;
	/** Problems of handshakes, as they come. */
	refusal(): Promise<string>;
	connect(options?: tls.ConnectionOptions): Promise<tls.TLSSocket>;
}

async function bedWith(accept: (connection: Connection) => ConnectionHandler): Promise<Bed> {
	const folder = new TlsFolder();
	const contexts = new Map(
		(['a', 'b'] as const).map((name: CertificateName) => {
			const { cert, key } = folder.pair(name);
			const pair = { cert: readFileSync(cert), key: readFileSync(key) };
			return [`${name}.test`, tls.createSecureContext({ ...pair, minVersion: 'TLSv1.2' })];
		}),
	);
	const first = contexts.get('a.test') ?? tls.createSecureContext();
	const waiting: ((problem: string) => void)[] = [];
	const setup: TlsSetup = {
		byName: true,
		contextFor: (name) => contexts.get(name ?? '') ?? first,
		refused: (_address, problem) => waiting.shift()?.(problem),
	};
	const at = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
	const listener = await listen({ at, backlog: 16, tls: setup }, accept);
	assert.ok(listener.place.kind === 'tcp');
	const { port } = listener.place;
	const sockets: net.Socket[] = [];
	return {
		port,
		refusal: () => new Promise((resolve) => waiting.push(resolve)),
		connect: (options = {}) =>
			new Promise((resolve, reject) => {
				const given = {
					port,
					host: '127.0.0.1',
					servername: 'a.test',
					rejectUnauthorized: false,
					...options,
				};
				const socket = tls.connect(given, () => resolve(socket));
				socket.once('error', reject);
				sockets.push(socket);
			}),
		async [Symbol.asyncDispose]() {
			for (const socket of sockets) socket.destroy();
			await listener.close();
			folder[Symbol.dispose]();
		},
	};
}

function handler(events: Partial<ConnectionHandler>): ConnectionHandler {
	return { onData() {}, onDrain() {}, onEnd() {}, onClose() {}, ...events };
}

/** What comes until the end, and the error's code where it is no orderly one. */
function readAll(socket: net.Socket): Promise<{ text: string; error: string | null; ended: boolean }> {
	return new Promise((resolve) => {
		let [text, ended] = ['', false];
		let error: string | null = null;
		socket.on('data', (bytes: Buffer) => {
			text += bytes.toString('latin1');
		});
		socket.on('end', () => {
			ended = true;
		});
		socket.on('error', (failure: NodeJS.ErrnoException) => {
			error = failure.code ?? failure.message;
		});
		socket.on('close', () => resolve({ text, error, ended }));
	});
}

test('G-80: a client that asks for a name gets its certificate, any other the first, and the connection tells both', async () => {
	const sessions: unknown[] = [];
	const all = Promise.withResolvers<void>();
	await using bed = await bedWith((connection) => {
		if (sessions.push(connection.tls) === 3) all.resolve();
		return handler({});
	});
	for (const servername of ['a.test', 'b.test', 'other.test']) {
		const socket = await bed.connect({ servername, ALPNProtocols: ['http/1.1'] });
		const { subject } = socket.getPeerCertificate();
		assert.is(subject.CN, servername === 'b.test' ? 'b.test' : 'a.test');
		assert.is(socket.alpnProtocol, 'http/1.1');
	}
	await all.promise;
	assert.equal(
		sessions,
		['a.test', 'b.test', 'other.test'].map((serverName) => ({ protocol: 'http/1.1', serverName })),
	);
});

test('G-81: a client that has closed its half still gets its answer, with an orderly end', async () => {
	await using bed = await bedWith((connection) =>
		handler({
			onEnd() {
				connection.writeHead('caf\xe9:', Buffer.from('body'));
				connection.end();
			},
		}),
	);
	const socket = await bed.connect({ allowHalfOpen: true } as tls.ConnectionOptions);
	const answer = readAll(socket);
	socket.end('question');
	assert.equal(await answer, { text: 'caf\xe9:body', error: null, ended: true });
});

test('G-81: a reset never looks like the end of what was sent', async () => {
	await using bed = await bedWith((connection) =>
		handler({
			onData() {
				connection.write(Buffer.from('part'));
				connection.reset();
			},
		}),
	);
	// What goes over the wire: a TLS client does not tell on every engine what befell the socket below it.
	const seen = Promise.withResolvers<string>();
	const relay = net.createServer((client) => {
		const upstream = net.connect(bed.port, '127.0.0.1');
		upstream.on('error', (error: NodeJS.ErrnoException) => seen.resolve(String(error.code)));
		upstream.on('close', () => seen.resolve('an orderly end'));
		client.pipe(upstream).pipe(client);
		client.on('error', () => {});
	});
	await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
	const socket = await bed.connect({ port: (relay.address() as net.AddressInfo).port });
	socket.on('error', () => {});
	socket.write('question');
	assert.is(await seen.promise, 'ECONNRESET');
	relay.close();
});

test('G-81: a reader that waits makes write answer false, and onDrain follows when it reads on', async () => {
	const block = Buffer.alloc(1024 * 1024, 'x');
	const refused = Promise.withResolvers<number>();
	let written = 0;
	await using bed = await bedWith((connection) => {
		const pump = (): void => {
			while (written < 32) {
				written++;
				if (connection.write(block)) continue;
				refused.resolve(written);
				return;
			}
			connection.end();
		};
		return handler({ onData: pump, onDrain: pump });
	});
	const socket = await bed.connect();
	socket.pause();
	socket.write('go');
	assert.ok((await refused.promise) < 32);
	const answer = readAll(socket);
	socket.resume();
	assert.is((await answer).text.length, 32 * block.length);
});

test('G-82: what is no handshake, and one in TLS 1.1, is refused and told', async () => {
	await using bed = await bedWith(() => {
		throw new Error('nothing was agreed on');
	});
	const first = bed.refusal();
	const plain = net.connect(bed.port, '127.0.0.1');
	const answer = readAll(plain);
	plain.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
	assert.ok((await first).length > 0);
	assert.not.match((await answer).text, /HTTP/);
	// A ClientHello that offers TLS 1.1 at most.
	const second = bed.refusal();
	const old = net.connect(bed.port, '127.0.0.1');
	const ended = readAll(old);
	const random = '00'.repeat(32);
	const body = `0302${random}00000200350100`;
	const hello = `01${(body.length / 2).toString(16).padStart(6, '0')}${body}`;
	old.write(Buffer.from(`160301${(hello.length / 2).toString(16).padStart(4, '0')}${hello}`, 'hex'));
	assert.ok((await second).length > 0);
	// Never a record of the handshake (22, RFC 8446 section 5.1), at most an alert.
	assert.not.ok((await ended).text.startsWith('\x16'));
});

test.run();
