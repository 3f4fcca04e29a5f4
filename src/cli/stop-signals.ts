import process from 'node:process';

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** A closed terminal (SIGHUP) counts, because the function has a session of its own and would outlive httpfn. */
export const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Calls `onSignal` with the signal and how many have come, from now until the release is called. */
export function onStopSignals(
	signals: readonly StopSignal[],
	onSignal: (signal: NodeJS.Signals, count: number) => void,
): () => void {
	let count = 0;
	const listener = (signal: NodeJS.Signals): void => {
		count += 1;
		onSignal(signal, count);
	};
	for (const signal of signals) process.on(signal, listener);
	return () => {
		for (const signal of signals) process.off(signal, listener);
	};
}
