/** Calls of the platform's gateway API. Any instance will do: a server of ours has one gateway. */
import { ConfigError, usageMistake } from '../../config/config-error.ts';
import type { ApiMethod, ControlClient } from './control-client.ts';

/** Entries of one page (documented: at most 500). */
const PAGE_MAX = 500;
/** Whose name does not matter. */
const GATEWAY = 'apigw/instances/httpfn';

export class GatewayClient {
	readonly #client: ControlClient;

	constructor(client: ControlClient) {
		this.#client = client;
	}

	call(method: ApiMethod, path: string, body?: unknown): Promise<unknown> {
		return this.#client.call(method, `${GATEWAY}/${path}`, body === undefined ? {} : { body });
	}

	/** Page by page, until one is not full, or begins with what was told: nothing can make this go on for ever. */
	async list<Entry extends { readonly id: string }>(
		path: string,
		query: Readonly<Record<string, string>>,
		read: (body: unknown) => readonly Entry[],
	): Promise<readonly Entry[]> {
		const all: Entry[] = [];
		for (;;) {
			const page = { ...query, limit: PAGE_MAX, offset: all.length };
			const entries = read(await this.#client.call('GET', `${GATEWAY}/${path}`, { query: page }));
			if (all.some(({ id }) => id === entries[0]?.id)) return all;
			all.push(...entries);
			if (entries.length < PAGE_MAX) return all;
		}
	}
}

/** Throws a ConfigError that names those there are. */
export function named<Entry extends { readonly name: string }>(
	kind: string,
	name: string,
	all: readonly Entry[],
): Entry {
	const found = all.find((entry) => entry.name === name);
	if (found !== undefined) return found;
	const known = all.map((entry) => entry.name).join(', ');
	const wanted = known === '' ? `there is no ${kind} yet` : `wanted one of ${known}`;
	throw new ConfigError([usageMistake('NAME', `found ${JSON.stringify(name)}, ${wanted}`)]);
}
