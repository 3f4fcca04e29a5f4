/** The platform's calls for one function, by the names that its manual gives them. */
import type { AliasAnswer, FunctionAnswer, TriggerAnswer } from './answers.ts';
import { readAnswer } from './answers.ts';
import type { ApiCall, ApiMethod, ControlClient } from './control-client.ts';
import type { FunctionReference } from './function-reference.ts';
import { ServerError } from './server-error.ts';

/** Functions or versions of one page (documented: at most 400). */
const PAGE_MAX = 400;

export class FunctionApi {
	/** Without a version. */
	readonly urn: string;
	readonly #client: ControlClient;

	constructor(client: ControlClient, { package: packageName, name }: FunctionReference) {
		const { region, projectId } = client.server;
		this.urn = `urn:fss:${region}:${projectId}:function:${packageName}:${name}`;
		this.#client = client;
	}

	/** Null: there is no such function, or no such version. */
	async config(qualifier: string | null = null): Promise<FunctionAnswer | null> {
		const asked = 'showFunctionConfig';
		const body = await orNull(this.#call('GET', this.#path(qualifier, 'config')));
		return body === null ? null : readAnswer('function', asked, body);
	}

	async create(body: unknown): Promise<FunctionAnswer> {
		return readAnswer('function', 'createFunction', await this.#call('POST', 'fgs/functions', { body }));
	}

	async updateCode(body: unknown): Promise<void> {
		await this.#call('PUT', this.#path(null, 'code'), { body });
	}

	async updateConfig(body: unknown): Promise<void> {
		await this.#call('PUT', this.#path(null, 'config'), { body });
	}

	/** One version, or with null all of it. */
	async remove(qualifier: string | null): Promise<void> {
		await this.#call('DELETE', this.#path(qualifier, ''));
	}

	async publish(body: unknown): Promise<FunctionAnswer> {
		const asked = 'createFunctionVersion';
		return readAnswer('function', asked, await this.#call('POST', this.#path(null, 'versions'), { body }));
	}

	async versions(): Promise<readonly FunctionAnswer[]> {
		return pages(async (marker) => {
			const query = { marker, maxitems: PAGE_MAX };
			const body = await this.#call('GET', this.#path(null, 'versions'), { query });
			const { versions, next_marker } = readAnswer('versions', 'listFunctionVersions', body);
			return { items: versions, next: next_marker };
		});
	}

	async aliases(): Promise<readonly AliasAnswer[]> {
		return readAnswer('aliases', 'listVersionAliases', await this.#call('GET', this.#path(null, 'aliases')));
	}

	/** Null: there is no such alias. */
	async alias(name: string): Promise<AliasAnswer | null> {
		const body = await orNull(this.#call('GET', this.#path(null, `aliases/${encodeURIComponent(name)}`)));
		return body === null ? null : readAnswer('alias', 'showVersionAlias', body);
	}

	async createAlias(body: unknown): Promise<AliasAnswer> {
		const asked = 'createVersionAlias';
		return readAnswer('alias', asked, await this.#call('POST', this.#path(null, 'aliases'), { body }));
	}

	async updateAlias(name: string, body: unknown): Promise<AliasAnswer> {
		const path = this.#path(null, `aliases/${encodeURIComponent(name)}`);
		return readAnswer('alias', 'updateVersionAlias', await this.#call('PUT', path, { body }));
	}

	async removeAlias(name: string): Promise<void> {
		await this.#call('DELETE', this.#path(null, `aliases/${encodeURIComponent(name)}`));
	}

	async triggers(qualifier: string | null): Promise<readonly TriggerAnswer[]> {
		const asked = 'listFunctionTriggers';
		return readAnswer('triggers', asked, await this.#call('GET', this.#triggerPath(qualifier)));
	}

	async createTrigger(qualifier: string | null, body: unknown): Promise<TriggerAnswer> {
		const asked = 'createFunctionTrigger';
		return readAnswer('trigger', asked, await this.#call('POST', this.#triggerPath(qualifier), { body }));
	}

	async removeTrigger({ trigger_type_code, trigger_id }: TriggerAnswer): Promise<void> {
		const path = `${encodeURIComponent(trigger_type_code)}/${encodeURIComponent(trigger_id)}`;
		await this.#call('DELETE', `${this.#triggerPath(null)}/${path}`);
	}

	/** `text` is an APIG event. The answer's body is the envelope. */
	async invoke(
		qualifier: string | null,
		text: Uint8Array<ArrayBuffer>,
		call: Pick<ApiCall, 'headers' | 'signal'>,
	): Promise<Response> {
		const { projectId } = this.#client.server;
		const path = this.#path(qualifier, 'invocations');
		return this.#client.send('POST', `/v2/${encodeURIComponent(projectId)}/${path}`, { ...call, text });
	}

	/** Lines of the function's log as JSON, one a line: a call that only httpfn has. */
	async logs(query: Readonly<Record<string, string | number>>, signal: AbortSignal): Promise<Response> {
		const path = `/httpfn/v1/functions/${segment(this.urn)}/logs`;
		return this.#client.send('GET', path, { query, signal });
	}

	#call(method: ApiMethod, path: string, call: ApiCall = {}): Promise<unknown> {
		return this.#client.call(method, path, call);
	}

	#path(qualifier: string | null, rest: string): string {
		const urn = qualifier === null ? this.urn : `${this.urn}:${qualifier}`;
		return `fgs/functions/${segment(urn)}${rest === '' ? '' : `/${rest}`}`;
	}

	#triggerPath(qualifier: string | null): string {
		return `fgs/triggers/${segment(qualifier === null ? this.urn : `${this.urn}:${qualifier}`)}`;
	}
}

/** Every function of the project, or of one package. */
export async function listFunctions(
	client: ControlClient,
	packageName: string | null,
): Promise<readonly FunctionAnswer[]> {
	return pages(async (marker) => {
		const filter = packageName === null ? {} : { package_name: packageName };
		const query = { marker, maxitems: PAGE_MAX, ...filter };
		const body = await client.call('GET', 'fgs/functions', { query });
		const { functions, next_marker } = readAnswer('functions', 'listFunctions', body);
		return { items: functions, next: next_marker };
	});
}

interface Page<Item> {
	readonly items: readonly Item[];
	readonly next: number | string | null | undefined;
}

/** A marker of 0, or the one that was asked with, is the last page's: nothing can make this go on for ever. */
async function pages<Item>(read: (marker: string) => Promise<Page<Item>>): Promise<readonly Item[]> {
	const all: Item[] = [];
	let marker = '0';
	for (;;) {
		const { items, next } = await read(marker);
		all.push(...items);
		const following = `${next ?? 0}`;
		if (items.length === 0 || following === '0' || following === '' || following === marker) return all;
		marker = following;
	}
}

async function orNull(answer: Promise<unknown>): Promise<unknown> {
	try {
		return await answer;
	} catch (error) {
		if (error instanceof ServerError && error.notFound) return null;
		throw error;
	}
}

/** The platform's own clients leave `:` and `!` in a path as they are. */
function segment(urn: string): string {
	return encodeURIComponent(urn).replaceAll('%3A', ':').replaceAll('%21', '!');
}
