/** Clients that ask without a pause, each time on a connection of its own. */
import { exchange } from './exchange.ts';

const CLIENTS = 4;

export interface SteadyLoad {
	/** Resolves with the status of every request, 0 for one that was not answered, when the last is. */
	stop(): Promise<number[]>;
}

export function startLoad(url: string, targets: readonly string[]): SteadyLoad {
	const statuses: number[] = [];
	let stopping = false;
	const client = async (): Promise<void> => {
		while (!stopping) {
			for (const target of targets) {
				const status = await exchange(url, { target }).then(
					(answer) => answer.status,
					() => 0,
				);
				statuses.push(status);
			}
		}
	};
	const clients = Array.from({ length: CLIENTS }, client);
	return {
		stop: async () => {
			stopping = true;
			await Promise.all(clients);
			return statuses;
		},
	};
}
