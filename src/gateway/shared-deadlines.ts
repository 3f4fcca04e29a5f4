/**
 * One queue of deadlines for each duration, whoever sets them: so a function or an instance that does nothing costs no queue,
 * and however many work there is one timer for each duration.
 */
import { DeadlineQueue } from '../base/deadline.ts';

const QUEUES = new Map<number, DeadlineQueue>();

/** There are as many queues as there are different timeouts; none is ever dropped. */
export function sharedDeadlines(durationMs: number): DeadlineQueue {
	let queue = QUEUES.get(durationMs);
	if (queue === undefined) {
		queue = new DeadlineQueue(durationMs);
		QUEUES.set(durationMs, queue);
	}
	return queue;
}
