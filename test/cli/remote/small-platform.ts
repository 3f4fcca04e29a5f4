/** The calls that a deployment makes, of a platform that holds one function in memory. Its gateway is the same server. */
import { createHash } from 'node:crypto';
import { type Asked, notFound, type StandInServer, standInServer, type Told } from './stand-in-server.ts';

type Fields = Record<string, unknown>;

export class SmallPlatform implements AsyncDisposable {
	readonly #server: StandInServer;
	readonly #state: State;

	constructor(server: StandInServer, state: State) {
		this.#server = server;
		this.#state = state;
	}

	get url(): string {
		return this.#server.url;
	}

	/** What changed something, without URN: `PUT code`, with its body. */
	get changes(): ReadonlyArray<readonly [call: string, body: unknown]> {
		return this.#server.asked
			.filter(({ method, url }) => method !== 'GET' && url.startsWith('/v2/'))
			.map(({ method, url, body }) => [`${method} ${shortPath(url)}`, body] as const);
	}

	get aliases(): Readonly<Record<string, string>> {
		return Object.fromEntries([...this.#state.aliases].map(([name, { version }]) => [name, `${version}`]));
	}

	/** Requests of the function's URLs. */
	get called(): readonly string[] {
		return this.#server.asked.filter(({ url }) => !url.startsWith('/v2/')).map(({ url }) => url);
	}

	forget(): void {
		this.#server.asked.splice(0);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.#server[Symbol.asyncDispose]();
	}
}

interface State {
	config: Fields | null;
	readonly versions: Fields[];
	readonly aliases: Map<string, Fields>;
	readonly triggers: Fields[];
	changed: boolean;
}

/** `answer` is what its function says to any request. */
export async function smallPlatform(answer: Told = { body: 'hello' }): Promise<SmallPlatform> {
	const state: State = { config: null, versions: [], aliases: new Map(), triggers: [], changed: false };
	const server = await standInServer((asked) =>
		asked.url.startsWith('/v2/') ? reply(state, asked) : answer,
	);
	return new SmallPlatform(server, state);
}

function reply(state: State, asked: Asked): Told {
	const { method, url, headers } = asked;
	const body = asked.body as Fields;
	const call = `${method} ${shortPath(url)}`;
	if (call === 'POST functions') {
		state.config = { ...body, func_urn: urnOf(body), version: 'latest', ...code(body) };
		state.changed = true;
		return { body: state.config };
	}
	const { config } = state;
	if (config === null) return notFound();
	switch (call) {
		case 'GET config':
			return { body: config };
		case 'PUT config':
		case 'PUT code':
			Object.assign(config, body, call === 'PUT code' ? code(body) : {});
			state.changed = true;
			return { body: config };
		case 'POST versions':
			return publish(state, config, body);
		case 'GET versions':
			return { body: { versions: [config, ...state.versions], next_marker: 0 } };
		case 'POST aliases':
			state.aliases.set(`${body.name}`, body);
			return { body };
		case 'GET triggers':
			return { body: state.triggers };
		case 'POST triggers': {
			const data = body.event_data as Fields;
			const trigger_id = `id-${state.triggers.length}`;
			const event_data = { ...data, invoke_url: `http://${headers.host}${data.path}` };
			state.triggers.push({ ...body, trigger_id, event_data });
			return { status: 201, body: state.triggers.at(-1) };
		}
		default:
			return alias(state, call, body);
	}
}

function alias({ aliases }: State, call: string, body: Fields): Told {
	const [, method = '', name = ''] = /^(\w+) aliases\/(.+)$/.exec(call) ?? [];
	const found = aliases.get(name);
	if (found === undefined) return notFound('FSS.1053');
	return { body: method === 'PUT' ? Object.assign(found, body) : found };
}

function publish(state: State, config: Fields, { version }: Fields): Told {
	if (!state.changed) return { status: 400, body: { error_code: 'FSS.1016', error_msg: 'no changes' } };
	state.changed = false;
	const name = version ?? `v${state.versions.length + 1}`;
	state.versions.push({ ...config, version: name, last_modified: '2026-01-02 03:04:05' });
	return { body: state.versions.at(-1) };
}

function code({ func_code: given }: Fields): Fields {
	const { file } = given as { file: string };
	return {
		digest: createHash('sha512').update(Buffer.from(file, 'base64')).digest('hex'),
		func_code: undefined,
	};
}

function urnOf({ package: packageName, func_name: name }: Fields): string {
	return `urn:fss:cn:default:function:${packageName}:${name}:latest`;
}

/** `/v2/default/fgs/functions/{urn}/code?x` → `code`, `/v2/default/fgs/triggers/{urn}` → `triggers`. */
function shortPath(url: string): string {
	const [path = ''] = url.replace('/v2/default/fgs/', '').split('?');
	const [kind = '', , ...rest] = path.split('/');
	return rest.length === 0 ? kind : rest.join('/');
}
