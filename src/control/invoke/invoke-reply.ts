/** The answer to an invocation, in either of the platform's forms (documented: X-CFF-Request-Version v0 and v1). */
import { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../base/clock.ts';
import type { ErrorRow, RuntimeError } from '../../contract/errors.ts';
import { giveBack } from '../../engine/give-back.ts';
import type { LogLine } from '../../telemetry/recent-lines.ts';
import type { Reply } from '../reply.ts';

export interface InvokeReplyOptions {
	readonly reply: Reply;
	readonly requestId: string;
	/** `envelope`: the body is the envelope (v0). `json`: it stands as a text in `{request_id,result,log,status}` (v1). */
	readonly form: 'envelope' | 'json';
	readonly memoryMb: number;
	/** X-Cff-Log-Type: tail. */
	readonly tail: boolean;
	/** The newest lines of the function's log. */
	readonly lines: () => readonly LogLine[];
}

/** Bytes of an envelope that are waited for before the head leaves. */
const WAITED_BYTES_MAX = 64 * 1024;
/** The last bytes of a request's log (documented: 2 KB). */
const TAIL_BYTES_MAX = 2048;
/** What a function wrote just before its answer travels another way and may come just after it. */
const AFTERWORD_MS = 30;

export class InvokeReply {
	readonly #options: InvokeReplyOptions;
	readonly #beganMs = monotonicMs();
	#waiting: Uint8Array[] = [];
	#waitingBytes = 0;

	constructor(options: InvokeReplyOptions) {
		this.#options = options;
	}

	/** Bytes of the envelope, which are given back. Resolves when there is room for more; rejects where the caller is gone. */
	async write(bytes: Uint8Array): Promise<void> {
		if (this.#options.reply.begun) {
			await this.#options.reply.write(this.#formed(bytes));
			return;
		}
		this.#waiting.push(bytes);
		this.#waitingBytes += bytes.byteLength;
		if (this.#waitingBytes <= WAITED_BYTES_MAX) return;
		this.#head(null);
		const waited = this.#takeWaiting();
		await this.#options.reply.write(Buffer.concat([this.#begin(), this.#formed(waited)]));
	}

	async end(): Promise<void> {
		await this.#finish(null);
	}

	/** A failure of the function itself is a result, told with its cause (documented: headers X-Func-Err-Code, X-Is-Func-Err). */
	canTell(error: RuntimeError): boolean {
		return error.row.fault === 'function' && !this.#options.reply.begun;
	}

	async fail(error: RuntimeError): Promise<void> {
		const result = JSON.stringify({ errorCode: `${engineCode(error)}`, message: error.message });
		this.#waiting = [Buffer.from(result, 'utf8')];
		await this.#finish(error);
	}

	async #finish(error: RuntimeError | null): Promise<void> {
		const { reply, tail } = this.#options;
		if (tail) await delay(AFTERWORD_MS);
		if (reply.begun) {
			reply.end(this.#close());
			return;
		}
		this.#head(error);
		reply.end(Buffer.concat([this.#begin(), this.#formed(this.#takeWaiting()), this.#close()]));
	}

	#head(error: RuntimeError | null): void {
		const { reply, requestId, form, memoryMb, tail } = this.#options;
		const durationMs = monotonicMs() - this.#beganMs;
		const billingMs = Math.ceil(durationMs);
		const summary = {
			duration: `${durationMs.toFixed(3)}ms`,
			billingDuration: `${billingMs}ms`,
			memorySize: memoryMb,
		};
		reply.head(200, {
			'Content-Type': 'application/json',
			'X-Request-Id': requestId,
			'X-Cff-Request-Id': requestId,
			'X-Cff-Invoke-Summary': JSON.stringify(summary),
			'X-CFF-Billing-Duration': `${billingMs}`,
			'X-Cff-Response-Version': form === 'json' ? 'v1' : 'v0',
			'X-Func-Err-Code': error === null ? '0' : `${engineCode(error)}`,
			'X-Is-Func-Err': error === null ? 'false' : 'true',
			...(error === null ? {} : { 'X-Httpfn-Error': error.code }),
			...(tail ? { 'X-Cff-Function-Log': this.#log() } : {}),
		});
	}

	#begin(): Buffer {
		const { form, requestId } = this.#options;
		if (form === 'envelope') return EMPTY;
		return Buffer.from(`{"request_id":"${requestId}","status":200,"result":"`, 'utf8');
	}

	#close(): Buffer {
		const { form, tail } = this.#options;
		if (form === 'envelope') return EMPTY;
		return Buffer.from(`","log":"${tail ? this.#log() : ''}"}`, 'utf8');
	}

	#takeWaiting(): Buffer {
		const waited = Buffer.concat(this.#waiting);
		for (const bytes of this.#waiting) giveBack(bytes);
		this.#waiting = [];
		this.#waitingBytes = 0;
		return waited;
	}

	/** An envelope is ASCII but for header values: only these signs need an escape within a JSON text. */
	#formed(bytes: Uint8Array): Buffer {
		const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		if (this.#options.form === 'envelope') return buffer;
		if (!buffer.includes(QUOTE) && !buffer.includes(BACKSLASH)) return buffer;
		return Buffer.from(buffer.toString('latin1').replaceAll(/["\\]/g, '\\$&'), 'latin1');
	}

	/** The end of what the request wrote, Base64. */
	#log(): string {
		const { lines, requestId } = this.#options;
		const own = lines().filter((line) => line.requestId === requestId);
		const text = own
			.map(({ timeMs, text }) => `${new Date(timeMs).toISOString().slice(0, 19)}Z ${text}\n`)
			.join('');
		return Buffer.from(text, 'utf8').subarray(-TAIL_BYTES_MAX).toString('base64');
	}
}

function engineCode({ row }: RuntimeError): number {
	const { engine = 4002 }: ErrorRow = row;
	return engine;
}

const EMPTY = Buffer.alloc(0);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
