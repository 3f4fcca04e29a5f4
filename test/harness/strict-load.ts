/** Clients that ask without a pause: some over connections that they keep, some over a new one each time. None asks twice. */
import http from 'node:http';

export interface StrictLoad {
	/** Resolves when so many more requests have been answered. */
	answered(count: number): Promise<void>;
	/** Ends the clients. What was answered, and what was not: the reason of each. */
	stop(): Promise<{ readonly answers: ReadonlyMap<string, number>; readonly failures: readonly string[] }>;
}

const CLIENTS = 4;

/** `answers` counts the bodies of those with status 200. */
export function strictLoad(url: string, headers: Readonly<Record<string, string>> = {}): StrictLoad {
	const answers = new Map<string, number>();
	const failures: string[] = [];
	let [done, stopping] = [0, false];
	let wanted: { readonly count: number; readonly resolve: () => void } | null = null;
	const client = async (keepAlive: boolean): Promise<void> => {
		const agent = new http.Agent({ keepAlive, maxSockets: 1 });
		while (!stopping) {
			const { body, failure } = await ask(url, { agent, headers });
			if (failure === null) answers.set(body, (answers.get(body) ?? 0) + 1);
			else failures.push(failure);
			done += 1;
			if (wanted !== null && done >= wanted.count) wanted.resolve();
		}
		agent.destroy();
	};
	const clients = Array.from({ length: CLIENTS }, (_, index) => client(index % 2 === 0));
	return {
		answered: (count) =>
			new Promise<void>((resolve) => {
				wanted = { count: done + count, resolve };
			}),
		stop: async () => {
			stopping = true;
			await Promise.all(clients);
			return { answers, failures };
		},
	};
}

function ask(url: string, options: http.RequestOptions): Promise<{ body: string; failure: string | null }> {
	return new Promise((resolve) => {
		const request = http.get(url, options, (response) => {
			let body = '';
			response.setEncoding('utf8').on('data', (part: string) => {
				body += part;
			});
			response.on('end', () => {
				resolve({ body, failure: response.statusCode === 200 ? null : `${response.statusCode} ${body}` });
			});
			response.on('error', (error) => resolve({ body, failure: error.message }));
		});
		const reused = () => (request.reusedSocket ? ' on a kept connection' : '');
		request.on('error', (error) => resolve({ body: '', failure: `${error.message}${reused()}` }));
	});
}
