/** The calls of the platform's gateway API that commands make. Any instance will do: a server of ours has one gateway. */
import { ConfigError, usageMistake } from '../../config/config-error.ts';
import {
	type AppAnswer,
	type AppCodeAnswer,
	type AppGrantAnswer,
	type AuthorizerAnswer,
	readAnswer,
} from './answers.ts';
import type { ApiMethod, ControlClient } from './control-client.ts';

/** Entries of one page (documented: at most 500). */
const PAGE_MAX = 500;
/** Whose name does not matter. */
const GATEWAY = 'apigw/instances/httpfn';

export class GatewayApi {
	readonly #client: ControlClient;

	constructor(client: ControlClient) {
		this.#client = client;
	}

	async createApp(body: unknown): Promise<AppAnswer> {
		return readAnswer('app', 'createAnAppV2', await this.#call('POST', 'apps', body));
	}

	async apps(): Promise<readonly AppAnswer[]> {
		return this.#list('apps', {}, (body) => readAnswer('apps', 'listAppsV2', body).apps);
	}

	/** With its secret. Rejects with a ConfigError that names the apps there are. */
	async app(name: string): Promise<AppAnswer> {
		const { id } = named('app', name, await this.apps());
		return readAnswer('app', 'showDetailsOfAppV2', await this.#call('GET', `apps/${id}`));
	}

	async removeApp({ id }: AppAnswer): Promise<void> {
		await this.#call('DELETE', `apps/${id}`);
	}

	async resetSecret({ id }: AppAnswer): Promise<AppAnswer> {
		return readAnswer('app', 'resettingAppSecretV2', await this.#call('PUT', `apps/secret/${id}`, {}));
	}

	async addCode({ id }: AppAnswer): Promise<AppCodeAnswer> {
		return readAnswer('appCode', 'createAppCodeAutoV2', await this.#call('PUT', `apps/${id}/app-codes`));
	}

	async codes({ id }: AppAnswer): Promise<readonly AppCodeAnswer[]> {
		const read = (body: unknown) => readAnswer('appCodes', 'listAppCodesV2', body).app_codes;
		return this.#list(`apps/${id}/app-codes`, {}, read);
	}

	async removeCode({ id, app_id }: Pick<AppCodeAnswer, 'id' | 'app_id'>): Promise<void> {
		await this.#call('DELETE', `apps/${app_id}/app-codes/${id}`);
	}

	async grant({ id }: AppAnswer, apiIds: readonly string[]): Promise<readonly AppGrantAnswer[]> {
		const body = await this.#call('POST', 'app-auths', { app_ids: [id], api_ids: apiIds });
		return readAnswer('appGrants', 'createAuthorizingAppsV2', body).auths;
	}

	async grants({ id }: AppAnswer): Promise<readonly AppGrantAnswer[]> {
		const read = (body: unknown) => readAnswer('appGrants', 'listApisBindedToAppV2', body).auths;
		return this.#list('app-auths/binded-apis', { app_id: id }, read);
	}

	async revoke({ id }: AppGrantAnswer): Promise<void> {
		await this.#call('DELETE', `app-auths/${id}`);
	}

	async createAuthorizer(body: unknown): Promise<AuthorizerAnswer> {
		const asked = 'createCustomAuthorizerV2';
		return readAnswer('authorizer', asked, await this.#call('POST', 'authorizers', body));
	}

	async authorizers(): Promise<readonly AuthorizerAnswer[]> {
		const asked = 'listCustomAuthorizersV2';
		return this.#list('authorizers', {}, (body) => readAnswer('authorizers', asked, body).authorizer_list);
	}

	/** Rejects with a ConfigError that names those there are. */
	async authorizer(name: string): Promise<AuthorizerAnswer> {
		return named('authorizer', name, await this.authorizers());
	}

	async removeAuthorizer({ id }: AuthorizerAnswer): Promise<void> {
		await this.#call('DELETE', `authorizers/${id}`);
	}

	#call(method: ApiMethod, path: string, body?: unknown): Promise<unknown> {
		return this.#client.call(method, `${GATEWAY}/${path}`, body === undefined ? {} : { body });
	}

	/** Page by page, until one is not full, or begins with what was told: nothing can make this go on for ever. */
	async #list<Entry extends { readonly id: string }>(
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

function named<Entry extends { readonly name: string }>(
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
