/** Policies of one kind, by the platform's gateway API: it calls the same things otherwise for each. */
import { isObject } from '../../contract/kind-of.ts';
import { readAnswer } from './answers.ts';
import type { ControlClient } from './control-client.ts';
import { GatewayClient, named } from './gateway-client.ts';

/** How the platform calls what these commands need of a kind. */
export interface PolicyWire {
	readonly noun: string;
	/** Path of all of them, and the key of the list in the answer. */
	readonly all: string;
	readonly id: string;
	readonly name: string;
	bind(id: string, apiIds: readonly string[]): { readonly path: string; readonly body: unknown };
	/** Path of the list of the APIs that it holds for. */
	bound(id: string): { readonly path: string; readonly query: Readonly<Record<string, string>> };
	unbind(id: string, api: BoundApi): Unbind;
}

export interface Unbind {
	readonly method: 'PUT' | 'DELETE';
	readonly path: string;
	readonly body?: unknown;
}

export interface PolicyEntry {
	readonly id: string;
	readonly name: string;
	/** All that the server says of it. */
	readonly fields: Readonly<Record<string, unknown>>;
}

/** An API that a policy holds for: all that the server says of it. */
export interface BoundApi {
	/** Of the API. */
	readonly id: string;
	readonly fields: Readonly<Record<string, unknown>>;
}

export class PolicyApi {
	readonly #gateway: GatewayClient;
	readonly #wire: PolicyWire;

	constructor(client: ControlClient, wire: PolicyWire) {
		this.#gateway = new GatewayClient(client);
		this.#wire = wire;
	}

	async create(body: unknown): Promise<PolicyEntry> {
		return this.#entry(await this.#gateway.call('POST', this.#wire.all, body));
	}

	list(): Promise<readonly PolicyEntry[]> {
		const { all } = this.#wire;
		return this.#gateway.list(all, {}, (body) => entriesOf(all, body).map((entry) => this.#entry(entry)));
	}

	/** Rejects with a ConfigError that names those there are. */
	async named(name: string): Promise<PolicyEntry> {
		return named(this.#wire.noun, name, await this.list());
	}

	async remove({ id }: PolicyEntry): Promise<void> {
		await this.#gateway.call('DELETE', `${this.#wire.all}/${id}`);
	}

	async bind({ id }: PolicyEntry, apiIds: readonly string[]): Promise<void> {
		const { path, body } = this.#wire.bind(id, apiIds);
		await this.#gateway.call('POST', path, body);
	}

	bound({ id }: PolicyEntry): Promise<readonly BoundApi[]> {
		const { path, query } = this.#wire.bound(id);
		const read = (body: unknown) =>
			entriesOf('apis', body).map((fields) => ({ id: String(fields.api_id ?? fields.id), fields }));
		return this.#gateway.list(path, query, read);
	}

	async unbind({ id }: PolicyEntry, api: BoundApi): Promise<void> {
		const { method, path, body } = this.#wire.unbind(id, api);
		await this.#gateway.call(method, path, body);
	}

	#entry(answer: unknown): PolicyEntry {
		const fields = readAnswer('policy', this.#wire.all, answer);
		return { id: String(fields[this.#wire.id]), name: String(fields[this.#wire.name]), fields };
	}
}

function entriesOf(key: string, body: unknown): readonly Readonly<Record<string, unknown>>[] {
	const entries = readAnswer('policy', key, body)[key];
	return Array.isArray(entries) ? entries.filter(isObject) : [];
}
