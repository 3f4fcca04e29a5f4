/** A client that speaks HTTP/2 frame by frame, as badly as the test wants. */
import { settingsText } from '../../src/http2/frame-text.ts';
import { CLIENT_PREFACE } from '../../src/http2/frame-types.ts';
import { HpackDecoder } from '../../src/http2/hpack-decoder.ts';
import { RawClient } from './raw-client.ts';
import { framesOf, type SentFrame } from './session-bed.ts';

export class RawHttp2Client implements AsyncDisposable {
	readonly socket: RawClient;
	readonly #decoder = new HpackDecoder(4096);

	constructor(socket: RawClient) {
		this.socket = socket;
	}

	/** One that has said hello, and been told the same. */
	static async connect(
		port: number,
		settings: Parameters<typeof settingsText>[0] = {},
	): Promise<RawHttp2Client> {
		const client = new RawHttp2Client(await RawClient.connect(port));
		await client.send(CLIENT_PREFACE + settingsText(settings));
		await client.frame('SETTINGS');
		return client;
	}

	send(text: string): Promise<void> {
		return this.socket.send(text);
	}

	/** The next frame of a type; others before it are left out. Rejects when the connection ends before. */
	async frame(type: SentFrame['type'], streamId: number | null = null): Promise<SentFrame> {
		for (;;) {
			const frame = await this.#next();
			if (frame.type === type && (streamId === null || frame.streamId === streamId)) return frame;
		}
	}

	/** Names and values, in turn, of the next answer's head. */
	async fields(): Promise<readonly string[]> {
		const { payload } = await this.frame('HEADERS');
		return this.#decoder.decode(payload, 1 << 20).pairs;
	}

	/** The status of the next answer. */
	async status(): Promise<number> {
		return Number((await this.fields())[1]);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.socket[Symbol.asyncDispose]();
	}

	async #next(): Promise<SentFrame> {
		const head = await this.socket.takeBytes(9);
		const payload = await this.socket.takeBytes(head.readUIntBE(0, 3));
		const [frame] = framesOf(Buffer.concat([head, payload]));
		if (frame === undefined) throw new Error('no frame was read');
		return frame;
	}
}
