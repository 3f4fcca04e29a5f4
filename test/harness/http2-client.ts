/** A client of node:http2: an implementation that is not ours. */
import http2 from 'node:http2';

export interface Http2Answer {
	readonly status: number;
	readonly headers: http2.IncomingHttpHeaders;
	readonly body: Buffer;
}

/** What it may hold of what it sends; by default it refuses streams beyond 10 MB. */
const SESSION_MB = 2000;

export class Http2Client implements AsyncDisposable {
	readonly session: http2.ClientHttp2Session;
	/** The code that the server says GOAWAY with. */
	readonly goodbye: Promise<number>;

	constructor(session: http2.ClientHttp2Session) {
		this.session = session;
		this.goodbye = new Promise((resolve) => session.once('goaway', resolve));
		// Told to whoever waits for an answer.
		session.on('error', () => {});
	}

	static connect(
		authority: string,
		options: http2.ClientSessionOptions | http2.SecureClientSessionOptions = {},
	): Promise<Http2Client> {
		return new Promise((resolve, reject) => {
			const session = http2.connect(authority, { maxSessionMemory: SESSION_MB, ...options });
			const client = new Http2Client(session);
			session.once('error', reject);
			session.once('remoteSettings', () => resolve(client));
		});
	}

	/** Opens a stream; the request ends where no body is to follow. */
	ask(headers: http2.OutgoingHttpHeaders, endStream = true): http2.ClientHttp2Stream {
		return this.session.request(headers, { endStream });
	}

	/** Resolves with the whole answer; rejects where its stream was reset. */
	async request(headers: http2.OutgoingHttpHeaders, body: Buffer | null = null): Promise<Http2Answer> {
		const stream = this.ask(headers, body === null);
		if (body !== null) stream.end(body);
		return await answerOf(stream);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		if (this.session.destroyed) return;
		await new Promise<void>((resolve) => {
			this.session.once('close', resolve);
			this.session.destroy();
		});
	}
}

/** Resolves with the whole answer; rejects where its stream was reset. */
export function answerOf(stream: http2.ClientHttp2Stream): Promise<Http2Answer> {
	return new Promise((resolve, reject) => {
		let headers: http2.IncomingHttpHeaders = {};
		const slices: Buffer[] = [];
		stream.on('response', (came) => {
			headers = came;
		});
		stream.on('data', (slice: Buffer) => slices.push(slice));
		stream.once('error', reject);
		stream.once('close', () => {
			const { rstCode } = stream;
			if (rstCode !== undefined && rstCode !== 0)
				reject(new Error(`the stream was reset with code ${rstCode}`));
			else resolve({ status: Number(headers[':status']), headers, body: Buffer.concat(slices) });
		});
	});
}
