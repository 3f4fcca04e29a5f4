/** The namespace thread, from the text that the build put into the executable, or from its source. */
import { Worker } from 'node:worker_threads';

/** Put in by the build: the thread's program, bundled. */
declare const HTTPFN_PLACE_THREAD: string | undefined;

export function startPlaceThread(): Worker {
	// Node.js would watch descriptors that it did not open itself, and warn.
	const options = { trackUnmanagedFds: false };
	const worker =
		typeof HTTPFN_PLACE_THREAD === 'string'
			? new Worker(HTTPFN_PLACE_THREAD, { ...options, eval: true })
			: new Worker(new URL('./place-thread.ts', import.meta.url), options);
	// Whoever serves keeps the process alive; the thread alone does not.
	worker.unref();
	return worker;
}
