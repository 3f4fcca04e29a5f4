/** From a package and a configuration to a function that can be called: as few calls as lead there, in an order that never serves half of it. */

import { LIMITS } from '../../contract/limits.ts';
import { sizeText } from '../../contract/size-text.ts';
import type { FunctionAnswer, TriggerAnswer } from './answers.ts';
import type { ControlClient } from './control-client.ts';
import { FunctionApi } from './function-api.ts';
import type { FunctionReference } from './function-reference.ts';
import { ServerError } from './server-error.ts';
import { triggerBody } from './trigger-body.ts';
import { triggerQualifier } from './trigger-text.ts';

export interface DeployWish {
	readonly client: ControlClient;
	readonly reference: FunctionReference;
	readonly code: CodePackage;
	/** Fields of the platform's configuration, those alone that are to change. */
	readonly config: (before: FunctionAnswer | null) => Record<string, unknown>;
	/** What an alias points to is published even so. */
	readonly publish: boolean;
	/** Null: the server's next name. */
	readonly version: string | null;
	readonly alias: string | null;
	/** Null: no trigger is wanted. */
	readonly trigger: { readonly path: string | null; readonly groupId: string | null } | null;
	readonly onStep: (step: string) => void;
}

export interface CodePackage {
	readonly bytes: Buffer;
	/** SHA-512, hexadecimal. */
	readonly digest: string;
}

export interface Deployed {
	/** With `latest` or the alias. */
	readonly urn: string;
	readonly created: boolean;
	/** False: the server had this package already. */
	readonly uploaded: boolean;
	/** What was published, or was found to be the same; null: nothing was to be. */
	readonly version: string | null;
	readonly trigger: TriggerAnswer | null;
}

/** What createFunction does not take (documented models), and updateFunctionConfig does. */
const UPDATE_ONLY = ['strategy_config', 'is_return_stream', 'enable_auth_in_header', 'ephemeral_storage'];

/** FSS.1016 (documented): nothing has changed since the last publication. */
const UNCHANGED = 'FSS.1016';

export async function deployFunction(wish: DeployWish): Promise<Deployed> {
	const api = new FunctionApi(wish.client, wish.reference);
	const before = await api.config();
	const config = wish.config(before);
	const uploaded =
		before === null ? await create(api, wish, config) : await update(api, wish, before, config);
	const version = wish.publish || wish.alias !== null ? await publish(api, wish) : null;
	if (wish.alias !== null && version !== null) await point(api, wish.alias, version, wish);
	const qualifier = wish.alias === null ? 'latest' : `!${wish.alias}`;
	const { timeout } = (await api.config()) ?? {};
	const trigger = wish.trigger === null ? null : await triggered(api, wish, qualifier, timeout ?? null);
	return { urn: `${api.urn}:${qualifier}`, created: before === null, uploaded, version, trigger };
}

async function create(
	api: FunctionApi,
	{ reference, code, onStep }: DeployWish,
	config: Record<string, unknown>,
): Promise<boolean> {
	const later = Object.fromEntries(Object.entries(config).filter(([field]) => UPDATE_ONLY.includes(field)));
	const now = Object.fromEntries(Object.entries(config).filter(([field]) => !UPDATE_ONLY.includes(field)));
	onStep(`creating ${reference.name}, ${sizeText(code.bytes.byteLength)}`);
	await api.create({
		func_name: reference.name,
		package: reference.package,
		runtime: 'http',
		handler: 'bootstrap',
		memory_size: LIMITS.memoryMbDefault,
		timeout: LIMITS.timeoutSecondsDefault,
		...now,
		...codeFields(code),
	});
	if (Object.keys(later).length > 0) await api.updateConfig(later);
	return true;
}

/** Configuration first: new code may need its new variables, while old code seldom minds them. */
async function update(
	api: FunctionApi,
	{ reference, code, onStep }: DeployWish,
	before: FunctionAnswer,
	config: Record<string, unknown>,
): Promise<boolean> {
	const changed = Object.entries(config).filter(([field, value]) => !sameValue(before[field], value));
	if (changed.length > 0) {
		onStep(`configuring ${reference.name}: ${changed.map(([field]) => field).join(', ')}`);
		await api.updateConfig(Object.fromEntries(changed));
	}
	if (before.digest === code.digest) {
		onStep('the code is the same');
		return false;
	}
	onStep(`uploading ${sizeText(code.bytes.byteLength)}`);
	await api.updateCode(codeFields(code));
	return true;
}

function codeFields({ bytes }: CodePackage): object {
	return { code_type: 'zip', code_filename: 'index.zip', func_code: { file: bytes.toString('base64') } };
}

/** The server may have more in an object than was asked for; texts of JSON are compared by what they say. */
function sameValue(found: unknown, wanted: unknown): boolean {
	if (found === wanted) return true;
	if (typeof wanted === 'object' && wanted !== null && typeof found === 'object' && found !== null) {
		return Object.entries(wanted).every(([name, value]) => sameValue(Reflect.get(found, name), value));
	}
	if (typeof wanted !== 'string' || typeof found !== 'string') return false;
	try {
		const [a, b] = [found, wanted].map((text) => Object.entries(JSON.parse(text)).toSorted());
		return JSON.stringify(a) === JSON.stringify(b);
	} catch {
		return false;
	}
}

/** The version's name; that of the newest one where this is the same. */
async function publish(api: FunctionApi, { version, onStep }: DeployWish): Promise<string> {
	onStep(`publishing ${version ?? ''}`.trimEnd());
	try {
		const published = await api.publish(version === null ? {} : { version });
		return published.version ?? '';
	} catch (error) {
		if (!(error instanceof ServerError) || error.serverCode !== UNCHANGED) throw error;
		const newest = newestOf(await api.versions());
		if (newest === null || (version !== null && version !== newest)) throw error;
		onStep(`${newest} is the same`);
		return newest;
	}
}

function newestOf(versions: readonly FunctionAnswer[]): string | null {
	const published = versions
		.filter(({ version }) => version !== 'latest')
		.toSorted(
			(a, b) =>
				Date.parse(a.last_modified ?? '') - Date.parse(b.last_modified ?? '') ||
				(a.version ?? '').localeCompare(b.version ?? '', 'en', { numeric: true }),
		);
	return published.at(-1)?.version ?? null;
}

/** All of the alias's requests go to that version then. */
async function point(
	api: FunctionApi,
	alias: string,
	version: string,
	{ onStep }: DeployWish,
): Promise<void> {
	const before = await api.alias(alias);
	const shared = before?.additional_version_weights ?? before?.additional_version_strategy ?? {};
	if (before?.version === version && Object.keys(shared).length === 0) return;
	onStep(`pointing ${alias} to ${version}`);
	if (before === null) await api.createAlias({ name: alias, version });
	else await api.updateAlias(alias, { version, additional_version_weights: {} });
}

async function triggered(
	api: FunctionApi,
	{ client, reference, alias, trigger, onStep }: DeployWish,
	qualifier: string,
	timeoutSeconds: number | null,
): Promise<TriggerAnswer> {
	const path = trigger?.path ?? null;
	const found = (await api.triggers(qualifier)).find(
		(known) =>
			triggerQualifier(known) === qualifier &&
			(path === null || known.event_data.path === path) &&
			(known.event_data.invoke_url ?? '') !== '',
	);
	if (found !== undefined) return found;
	onStep(`making a trigger for ${path ?? '/'}`);
	const groupId = trigger?.groupId ?? null;
	const wish = {
		path: path ?? '/',
		match: 'prefix',
		method: 'ANY',
		auth: 'NONE',
		authorizerId: null,
		groupId,
		// An alias has a host of its own: it can have the path that latest has.
		groupName: groupId === null && alias !== null ? `APIGroup_${reference.name}_${alias}` : null,
		functionUrn: api.urn,
		qualifier,
		timeoutSeconds: timeoutSeconds ?? LIMITS.timeoutSecondsDefault,
		endpoint: client.server.endpoint,
	} as const;
	return api.createTrigger(qualifier, triggerBody(wish));
}
