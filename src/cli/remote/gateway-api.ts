/** Apps, authorizers and domain names by the platform's gateway API. */
import {
	type AppAnswer,
	type AppCodeAnswer,
	type AppGrantAnswer,
	type AuthorizerAnswer,
	type BoundDomainAnswer,
	type DomainAnswer,
	readAnswer,
} from './answers.ts';
import type { ControlClient } from './control-client.ts';
import { GatewayClient, named } from './gateway-client.ts';

export class GatewayApi {
	readonly #gateway: GatewayClient;

	constructor(client: ControlClient) {
		this.#gateway = new GatewayClient(client);
	}

	async createApp(body: unknown): Promise<AppAnswer> {
		return readAnswer('app', 'createAnAppV2', await this.#gateway.call('POST', 'apps', body));
	}

	async apps(): Promise<readonly AppAnswer[]> {
		return this.#gateway.list('apps', {}, (body) => readAnswer('apps', 'listAppsV2', body).apps);
	}

	/** With its secret. Rejects with a ConfigError that names the apps there are. */
	async app(name: string): Promise<AppAnswer> {
		const { id } = named('app', name, await this.apps());
		return readAnswer('app', 'showDetailsOfAppV2', await this.#gateway.call('GET', `apps/${id}`));
	}

	async removeApp({ id }: AppAnswer): Promise<void> {
		await this.#gateway.call('DELETE', `apps/${id}`);
	}

	async resetSecret({ id }: AppAnswer): Promise<AppAnswer> {
		return readAnswer(
			'app',
			'resettingAppSecretV2',
			await this.#gateway.call('PUT', `apps/secret/${id}`, {}),
		);
	}

	async addCode({ id }: AppAnswer): Promise<AppCodeAnswer> {
		return readAnswer(
			'appCode',
			'createAppCodeAutoV2',
			await this.#gateway.call('PUT', `apps/${id}/app-codes`),
		);
	}

	async codes({ id }: AppAnswer): Promise<readonly AppCodeAnswer[]> {
		const read = (body: unknown) => readAnswer('appCodes', 'listAppCodesV2', body).app_codes;
		return this.#gateway.list(`apps/${id}/app-codes`, {}, read);
	}

	async removeCode({ id, app_id }: Pick<AppCodeAnswer, 'id' | 'app_id'>): Promise<void> {
		await this.#gateway.call('DELETE', `apps/${app_id}/app-codes/${id}`);
	}

	async grant({ id }: AppAnswer, apiIds: readonly string[]): Promise<readonly AppGrantAnswer[]> {
		const body = await this.#gateway.call('POST', 'app-auths', { app_ids: [id], api_ids: apiIds });
		return readAnswer('appGrants', 'createAuthorizingAppsV2', body).auths;
	}

	async grants({ id }: AppAnswer): Promise<readonly AppGrantAnswer[]> {
		const read = (body: unknown) => readAnswer('appGrants', 'listApisBindedToAppV2', body).auths;
		return this.#gateway.list('app-auths/binded-apis', { app_id: id }, read);
	}

	async revoke({ id }: AppGrantAnswer): Promise<void> {
		await this.#gateway.call('DELETE', `app-auths/${id}`);
	}

	async createAuthorizer(body: unknown): Promise<AuthorizerAnswer> {
		const asked = 'createCustomAuthorizerV2';
		return readAnswer('authorizer', asked, await this.#gateway.call('POST', 'authorizers', body));
	}

	async authorizers(): Promise<readonly AuthorizerAnswer[]> {
		const asked = 'listCustomAuthorizersV2';
		return this.#gateway.list(
			'authorizers',
			{},
			(body) => readAnswer('authorizers', asked, body).authorizer_list,
		);
	}

	/** Rejects with a ConfigError that names those there are. */
	async authorizer(name: string): Promise<AuthorizerAnswer> {
		return named('authorizer', name, await this.authorizers());
	}

	async removeAuthorizer({ id }: AuthorizerAnswer): Promise<void> {
		await this.#gateway.call('DELETE', `authorizers/${id}`);
	}

	async domains(groupId: string): Promise<readonly DomainAnswer[]> {
		const group = await this.#gateway.call('GET', `api-groups/${groupId}`);
		return readAnswer('group', 'showDetailsOfApiGroupV2', group).url_domains ?? [];
	}

	async addDomain(groupId: string, name: string): Promise<BoundDomainAnswer> {
		const body = await this.#gateway.call('POST', `api-groups/${groupId}/domains`, { url_domain: name });
		return readAnswer('boundDomain', 'associateDomainV2', body);
	}

	async removeDomain(groupId: string, id: string): Promise<void> {
		await this.#gateway.call('DELETE', `api-groups/${groupId}/domains/${id}`);
	}
}
