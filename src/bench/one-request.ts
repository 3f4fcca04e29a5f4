/** Requests that are looked at one by one. */
import { Buffer } from 'node:buffer';
import { monotonicMs } from '../base/clock.ts';
import { LoadConnection } from './load-connection.ts';
import { faultOf, type LoadRequest, targetOf } from './load-request.ts';
import { NotServed } from './not-served.ts';

export interface OneAnswer {
	readonly sentMs: number;
	readonly firstByteMs: number;
	readonly body: string;
}

const ANSWER_MS_MAX = 60_000;

/** Resolves when it is open. Rejects with a NotServed where nobody accepts. */
export function openConnection(url: URL): Promise<LoadConnection> {
	return new Promise((resolve, reject) => {
		const connection: LoadConnection = new LoadConnection(
			targetOf(url),
			() => resolve(connection),
			() => reject(new NotServed(`no connection to ${url.host}`)),
		);
	});
}

/** Asks and closes the connection. Rejects with an Error at an answer that is not right. */
export function askOnce(connection: LoadConnection, request: LoadRequest): Promise<OneAnswer> {
	return new Promise((resolve, reject) => {
		const pieces: Buffer[] = [];
		let firstByteMs = 0;
		const timer = setTimeout(() => {
			connection.close();
			reject(new Error(`no answer within ${ANSWER_MS_MAX} ms`));
		}, ANSWER_MS_MAX);
		const sentMs = monotonicMs();
		connection.ask(
			request.bytes,
			(answered) => {
				clearTimeout(timer);
				connection.close();
				const fault = faultOf(answered, request);
				if (fault !== null) reject(new Error(fault));
				else resolve({ sentMs, firstByteMs, body: Buffer.concat(pieces).toString('utf8') });
			},
			{
				onFirstByte: () => {
					firstByteMs = monotonicMs();
				},
				onBody: (slice) => void pieces.push(slice),
			},
		);
	});
}
