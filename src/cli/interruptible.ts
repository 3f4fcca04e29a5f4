import { onStopSignals, STOP_SIGNALS } from './stop-signals.ts';

/** What the work resolves with; null where a signal has ended it, by what it was given. `onAgain` is told of every further signal. */
export async function interruptible<T>(
	work: (signal: AbortSignal) => Promise<T>,
	onAgain: () => void = () => {},
): Promise<T | null> {
	const abort = new AbortController();
	const release = onStopSignals(STOP_SIGNALS, (_signal, count) => {
		if (count > 1) onAgain();
		else abort.abort();
	});
	try {
		return await work(abort.signal);
	} catch (error) {
		if (abort.signal.aborted) return null;
		throw error;
	} finally {
		release();
	}
}
