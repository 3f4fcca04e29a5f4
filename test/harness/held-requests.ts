/** Requests that the probe function holds until their client sends the last byte of their body. */

import type { RunningFunction } from './binary.ts';
import { RawClient } from './raw-client.ts';

export interface HeldRequest extends AsyncDisposable {
	readonly client: RawClient;
	/** Lets the function answer, and returns its answer. */
	release(): Promise<{ status: number; instance: string; error: string }>;
}

let next = 0;

/** Resolves when the function has said that it holds the request. `path` goes before `/hold`. */
export async function holdRequest(running: RunningFunction, path = ''): Promise<HeldRequest> {
	const { held, isHeld } = await sendHeld(running, path);
	await isHeld;
	return held;
}

/** Sends one without waiting for the function; `isHeld` resolves when it holds it. */
export async function sendHeld(
	running: RunningFunction,
	path = '',
): Promise<{ held: HeldRequest; isHeld: Promise<unknown> }> {
	next += 1;
	const mark = `request-${next}.`;
	const client = await RawClient.connect(running.port);
	client.ask(`POST ${path}/hold?n=${mark} HTTP/1.1`, 'Content-Length: 1');
	const held: HeldRequest = {
		client,
		release: async () => {
			await client.send('x');
			const answer = await client.answer();
			const told =
				answer.status === 200 ? (JSON.parse(answer.text) as { instance: string }) : { instance: '' };
			return { status: answer.status, instance: told.instance, error: answer.value('x-httpfn-error') ?? '' };
		},
		[Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
	};
	const isHeld = running.output(`a request is held: ${mark}`);
	isHeld.catch(() => {});
	return { held, isHeld };
}
