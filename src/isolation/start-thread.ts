/** The threads beside the main one, each from the text that the build put into the executable, or from its source. */
import type { Worker, WorkerOptions } from 'node:worker_threads';

/** Put in by the build: the programs of the threads, bundled. */
declare const HTTPFN_PLACE_THREAD: string | undefined;
declare const HTTPFN_EGRESS_THREAD: string | undefined;

/** The thread that makes and enters namespaces. */
export function startPlaceThread(): Worker {
	const text = typeof HTTPFN_PLACE_THREAD === 'string' ? HTTPFN_PLACE_THREAD : null;
	return start(text ?? new URL('./place-thread.ts', import.meta.url), text !== null, undefined);
}

/** The thread that waits for what leaves namespaces. */
export function startEgressThread(workerData: unknown): Worker {
	const text = typeof HTTPFN_EGRESS_THREAD === 'string' ? HTTPFN_EGRESS_THREAD : null;
	return start(text ?? new URL('./egress-poller-thread.ts', import.meta.url), text !== null, workerData);
}

function start(program: string | URL, isText: boolean, workerData: unknown): Worker {
	// Node.js would watch descriptors that it did not open itself, and warn.
	const options: WorkerOptions = { trackUnmanagedFds: false, eval: isText, workerData };
	// Loaded when there is a thread to start: where no namespaces are made, none is.
	const threads = process.getBuiltinModule('node:worker_threads');
	const worker = new threads.Worker(program, options);
	// Whoever serves keeps the process alive; the thread alone does not.
	worker.unref();
	return worker;
}
