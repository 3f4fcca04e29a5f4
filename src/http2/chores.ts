/** Frames that bring nothing (CVE-2019-9512 and its kin): counted, and earned by what is of use. */
import { monotonicMs } from '../base/clock.ts';
import { Allowance } from './allowance.ts';
import { connectionFault } from './http2-fault.ts';
import type { SendQueue } from './send-queue.ts';

/** A PING a round trip and a WINDOW_UPDATE for what was sent are far below it. */
const CHORES = { burst: 5000, perSecond: 500 };

export class Chores {
	readonly #allowance = new Allowance(CHORES.burst, CHORES.perSecond, monotonicMs());
	readonly #queue: Pick<SendQueue, 'framesSent'>;
	/** Frames that we sent and the client has been credited with. */
	#framesCredited = 0;

	constructor(queue: Pick<SendQueue, 'framesSent'>) {
		this.#queue = queue;
	}

	/** Throws ENHANCE_YOUR_CALM where it was one too many. */
	count(): void {
		if (this.#allowance.spend(this.#now)) return;
		throw connectionFault('ENHANCE_YOUR_CALM', 'too many frames came that bring nothing');
	}

	earn(): void {
		this.#allowance.earn(1);
	}

	/** A window may be widened for each frame that we sent, and the connection's with it. Asked only where it matters. */
	readonly #now = (): number => {
		const { framesSent } = this.#queue;
		this.#allowance.earn(2 * (framesSent - this.#framesCredited));
		this.#framesCredited = framesSent;
		return monotonicMs();
	};
}
