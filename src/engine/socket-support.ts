/** How this process reads and writes sockets. */
import { once } from '../base/once.ts';
import { libc } from './libc.ts';
import { SocketBatch } from './socket-batch.ts';
import { polledTransport } from './sockets-polled.ts';

/** By the engine's own; by calls of our own; by one call for many, under load. */
export type SocketSupport = 'engine' | 'calls' | 'batches';

/** What it tries stays open: asked once, for a report. */
export const socketSupport: () => SocketSupport = once(() => {
	const calls = libc();
	if (calls === null || polledTransport() === null) return 'engine';
	return SocketBatch.open(calls) === null ? 'calls' : 'batches';
});
