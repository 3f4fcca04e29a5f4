import process from 'node:process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `onSignal` with the signal and how many have come, from now until the release is called. A closed terminal
 * (SIGHUP) counts, because the function has a session of its own and would outlive httpfn.
 */
export function onStopSignals(onSignal: (signal: NodeJS.Signals, count: number) => void): () => void {
	let count = 0;
	const listener = (signal: NodeJS.Signals): void => {
		count += 1;
		onSignal(signal, count);
	};
	for (const signal of SIGNALS) process.on(signal, listener);
	return () => {
		for (const signal of SIGNALS) process.off(signal, listener);
	};
}
