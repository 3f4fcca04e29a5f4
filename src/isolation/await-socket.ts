import type { ConnectionHandler } from '../engine/connection.ts';
import { adopt } from '../engine/sockets.ts';
import type { Readiness } from '../process/readiness.ts';
import type { ReadinessLimits } from '../process/sandbox.ts';

const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

export interface SocketWait {
	/** Resolves with a socket that is connected to the function; null where none came. Rejects where the instance has ended. */
	wait(timeoutMs: number): Promise<number | null>;
	/** Ends the wait early. Twice is harmless. */
	stop(): void;
	/** The instance has ended. */
	isGone(): boolean;
}

export async function awaitSocket(
	{ timeoutMs, signal }: ReadinessLimits,
	{ wait, stop, isGone }: SocketWait,
): Promise<Readiness> {
	signal.addEventListener('abort', stop, { once: true });
	try {
		if (signal.aborted) return { kind: 'aborted' };
		const socket = await wait(timeoutMs);
		if (socket !== null) return { kind: 'ready', connection: adopt(socket, IGNORE, () => {}) };
		return { kind: signal.aborted || isGone() ? 'aborted' : 'timeout' };
	} catch {
		// It ended meanwhile.
		return { kind: 'aborted' };
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
