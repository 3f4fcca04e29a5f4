import { describeCause } from '../process/exit-cause.ts';
import type { InstanceObserver } from '../process/instance-observer.ts';
import type { ListenerBook } from './listener-book.ts';

/** Tells listeners of the processes of instances. */
export function instanceEvents(book: ListenerBook): InstanceObserver {
	return {
		started: (pid) => book.tell('start', { pid }),
		listening: (ready) => book.tell('listening', ready),
		exited: ({ pid, cause, wasReady, stderr, requestIds }) => {
			// Of what was not started there is no process to tell of.
			if (cause.kind === 'start-refused') return;
			const code = cause.kind === 'exited' ? cause.code : null;
			const reason = describeCause(cause);
			book.tell('exit', { pid, cause: cause.kind, reason, code, listened: wasReady, stderr, requestIds });
		},
	};
}
