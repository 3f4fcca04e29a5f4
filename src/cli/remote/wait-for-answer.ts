/** Asks a URL until the function behind it has answered: what a gateway says in its place is no answer. */
import type http from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../../base/clock.ts';
import { ERRORS, type ErrorCode, type ErrorRow, RuntimeError } from '../../contract/errors.ts';
import { isObject } from '../../contract/kind-of.ts';

export interface WaitOptions {
	/** Milliseconds. */
	readonly patienceMs: number;
	/** Told after each try that was no answer, with what it was instead. */
	readonly onTry: (found: string) => void;
}

type Try =
	| { readonly kind: 'answer'; readonly status: number }
	| { readonly kind: 'nothing yet'; readonly found: string }
	/** It will not get better by waiting. */
	| { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 1_000;
const BODY_BYTES_MAX = 16 * 1024;

/** The status of the answer. Rejects with the function's own error, or ERR_NO_ANSWER. */
export async function waitForAnswer(url: string, { patienceMs, onTry }: WaitOptions): Promise<number> {
	const endMs = monotonicMs() + patienceMs;
	let found = 'nothing';
	for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
		const leftMs = endMs - monotonicMs();
		if (leftMs <= 0) {
			const seconds = Math.round(patienceMs / 1000);
			throw new RuntimeError(
				'ERR_NO_ANSWER',
				`deployed, but ${url} gave no answer for ${seconds} s: ${found}`,
			);
		}
		const result = await tryOnce(url, leftMs);
		switch (result.kind) {
			case 'answer':
				return result.status;
			case 'failed':
				throw new RuntimeError(result.code, `deployed, but ${url} answers: ${result.message}`);
			case 'nothing yet':
				found = result.found;
				break;
			default:
				result satisfies never;
		}
		onTry(found);
		await delay(Math.min(pauseMs, Math.max(0, endMs - monotonicMs())));
	}
}

function tryOnce(url: string, timeoutMs: number): Promise<Try> {
	const { promise, resolve } = Promise.withResolvers<Try>();
	const { protocol, hostname, host, port, pathname, search } = new URL(url);
	const local = hostname.endsWith('.localhost');
	// Loaded here: node:http takes milliseconds, which every other command would pay.
	const module = protocol === 'https:' ? 'node:https' : 'node:http';
	const request = process.getBuiltinModule(module).request({
		// RFC 6761: all names below localhost are this machine, whether its resolver knows or not.
		hostname: local ? 'localhost' : hostname.replaceAll(/[[\]]/g, ''),
		// No authority gives a certificate for such a name, and nothing secret is sent.
		rejectUnauthorized: !local,
		port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
		path: `${pathname}${search}`,
		headers: { Host: host, Connection: 'close' },
		agent: false,
		signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
	});
	request.on('error', (error) => {
		resolve({ kind: 'nothing yet', found: (error as NodeJS.ErrnoException).code ?? error.message });
	});
	request.on('response', (response) => {
		void judge(response).then(resolve, (error: Error) =>
			resolve({ kind: 'nothing yet', found: error.message }),
		);
	});
	request.end();
	return promise;
}

async function judge(response: http.IncomingMessage): Promise<Try> {
	const status = response.statusCode ?? 0;
	// The function's body is not waited for: it may have no end.
	const body = status < 400 ? null : await errorBody(response);
	response.destroy();
	const { code, message } = gatewayError(response, body);
	if (code === '') return { kind: 'answer', status };
	const own = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : null;
	const row: ErrorRow | null = own === null ? null : ERRORS[own];
	if (own !== null && row?.fault === 'function') return { kind: 'failed', code: own, message };
	// Who may not call has been let through to the trigger.
	if (status === 401 || status === 403) return { kind: 'answer', status };
	return { kind: 'nothing yet', found: `${status} ${code}: ${message}` };
}

/** An empty code: the function's own answer. */
function gatewayError(
	{ headers }: http.IncomingMessage,
	body: string | null,
): { readonly code: string; readonly message: string } {
	const own = headers['x-httpfn-error'];
	if (body === null) return { code: '', message: '' };
	let parsed: unknown = null;
	try {
		parsed = JSON.parse(body);
	} catch {
		// The function's own page.
	}
	const fields = isObject(parsed) ? parsed : {};
	const wire = `${fields.error_code ?? ''}`;
	const message = `${fields.error_msg ?? 'no reason given'}`;
	if (typeof own === 'string') return { code: own, message };
	return { code: /^(APIG|APIC)\.\d+$/.test(wire) ? wire : '', message };
}

async function errorBody(response: http.IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of response) {
		chunks.push(chunk);
		bytes += chunk.byteLength;
		if (bytes > BODY_BYTES_MAX) break;
	}
	return Buffer.concat(chunks).toString('utf8');
}
