/** What a command line of `httpfn service install` asks for. */
import path from 'node:path';
import process from 'node:process';
import { ConfigError, type Mistake, usageMistake, valueMistake } from '../config/config-error.ts';
import type { FunctionPlan } from '../config/function-plan.ts';
import type { HostSettings } from '../config/host-settings.ts';
import { HOST_KEYS } from '../config/read-functions.ts';
import { resolveServe } from '../config/resolve-serve.ts';
import { FIELDS, type FieldKey } from '../config/schema.ts';
import { findServeConfig } from '../config/serve-config-path.ts';
import { findStartFile } from '../process/code-folder.ts';
import type { ServicePlan } from '../server/service-plan.ts';
import type { Invocation } from './command.ts';
import { readSettings } from './read-settings.ts';
import { serveInput } from './serve-input.ts';
import { socketPlaces } from './socket-places.ts';

/** Settings that are paths: what is relative is relative to the folder that the command is run in. */
const PATHS: ReadonlySet<FieldKey> = new Set([
	'tlsCert',
	'tlsKey',
	'state',
	'envFile',
	'pidFile',
	'accessLog',
]);
const NO_PATHS = new Set(['auto', 'off', 'stdout', 'stderr']);
const NAME = /^[A-Za-z0-9][\w.@-]{0,62}$/;
const USUAL_STATE = '/var/lib/httpfn';
/** What ProtectHome hides, and PrivateTmp. */
const HOMES = ['/home', '/root', '/run/user'];
const TEMPORARY = ['/tmp', '/var/tmp'];

interface Judged {
	readonly state: string | null;
	readonly reads: readonly string[];
	/** Files and sockets that it makes. */
	readonly makes: readonly string[];
}

/** Rejects with a ConfigError, also where httpfn itself would refuse the settings; under another root, or where `judged` is false, that is not looked at. */
export async function servicePlanOf(invocation: Invocation, judged = true): Promise<ServicePlan> {
	const { arguments: given, workingFolder } = invocation;
	const { options, parameters } = given;
	const mistakes: Mistake[] = [...given.mistakes];
	const folder = parameters[0] === undefined ? null : path.resolve(workingFolder, parameters[0]);
	const config = configOf(invocation, folder);
	const name = options.get('--unit')?.[0] ?? (folder === null ? 'httpfn' : `httpfn-${path.basename(folder)}`);
	if (!NAME.test(name))
		mistakes.push(
			valueMistake(
				'--unit',
				`found ${JSON.stringify(name)}, wanted 1 to 63 letters, digits, "_", "-", "." or "@"`,
			),
		);
	const scope = options.has('--user-unit') ? 'user' : 'system';
	const runAs = options.get('--run-as')?.[0] ?? null;
	if (scope === 'user' && runAs !== null)
		mistakes.push(usageMistake('--run-as', 'found it with --user-unit, whose services run as that user'));
	if (options.has('--now') && options.has('--root'))
		mistakes.push(usageMistake('--now', 'found it with --root, below which nothing runs'));
	if (folder === null) mistakes.push(...settingsOfRun(given.settings.keys()));
	const sockets = options.has('--socket') ? socketPlaces(given.settings.get('listen')?.[0], mistakes) : null;
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	const found =
		options.has('--root') || !judged ? unknown(invocation, folder) : await judge(invocation, folder);
	const isUsual = scope === 'system' && found.state === USUAL_STATE && !given.settings.has('state');
	// A config file says by itself whether there is a control plane.
	const state = !isUsual ? null : config === null ? name : path.basename(USUAL_STATE);
	const stateFlag = state !== null && config === null ? ['--state', `/var/lib/${state}`] : [];
	const words = [
		...(folder === null ? ['serve'] : ['run', folder]),
		...(config === null ? [] : ['--config', config]),
		...settingWords(invocation, sockets?.listen ?? null),
		...stateFlag,
	];
	const command = [options.get('--program')?.[0] ?? process.execPath, ...words] as const;
	const writes = writesOf(found, state);
	const uses = [...found.reads, ...command, ...writes];
	return {
		name,
		description: folder === null ? `httpfn, ${config ?? 'deployed functions'}` : `httpfn, ${folder}`,
		command,
		scope,
		runAs,
		sockets: sockets?.places ?? null,
		config: folder === null ? config : null,
		writes,
		state,
		usesHomes: anyBelow(uses, HOMES),
		usesTmp: anyBelow(uses, TEMPORARY),
	};
}

function anyBelow(words: readonly string[], folders: readonly string[]): boolean {
	return words.some((word) => folders.some((folder) => `${word}/`.startsWith(`${folder}/`)));
}

function configOf(invocation: Invocation, folder: string | null): string | null {
	const given = invocation.arguments.options.get('--config')?.[0];
	if (given !== undefined) return path.resolve(invocation.workingFolder, given);
	return folder === null ? (findServeConfig(serveInput(invocation))?.path ?? null) : null;
}

/** Settings of one function say nothing to a server of several. */
function settingsOfRun(keys: Iterable<FieldKey>): Mistake[] {
	const host: readonly FieldKey[] = HOST_KEYS;
	return [...keys]
		.filter((key) => !host.includes(key))
		.map((key) =>
			usageMistake(
				FIELDS[key].flag ?? key,
				'found it without DIR, wanted DIR: it is a setting of one function',
			),
		);
}

async function judge(invocation: Invocation, folder: string | null): Promise<Judged> {
	if (folder !== null) {
		const settings = readSettings(invocation);
		findStartFile(settings.function.codeRoot);
		return { state: null, reads: readBy(settings, [settings]), makes: madeBy(settings) };
	}
	const settings = await resolveServe(serveInput(invocation));
	const { control, plans } = settings;
	return {
		state: control?.stateFolder ?? null,
		reads: readBy(settings, [...plans.values()]),
		makes: madeBy(settings),
	};
}

function readBy({ tls }: HostSettings, plans: readonly FunctionPlan[]): string[] {
	const certificates = (tls?.certificates ?? []).flatMap(({ cert, key }) => [cert, key]);
	return [...plans.map((plan) => plan.function.codeRoot), ...certificates];
}

function madeBy({ accessLog, pidFile, listen }: HostSettings): string[] {
	const sockets = listen.flatMap(({ at }) => (at.kind === 'unix' ? [at.path] : []));
	return [accessLog?.to, pidFile, ...sockets].filter((made) => typeof made === 'string');
}

/** What the command line alone says. */
function unknown({ arguments: { settings }, workingFolder }: Invocation, folder: string | null): Judged {
	const pathsOf = (key: FieldKey): string[] =>
		(settings.get(key) ?? [])
			.filter((text) => !NO_PATHS.has(text))
			.map((text) => path.resolve(workingFolder, text));
	const sockets = (settings.get('listen') ?? []).flatMap((text) =>
		[...text.matchAll(/unix:([^,]+)/g)].map(([, file = '']) => file),
	);
	const state =
		folder === null ? path.resolve(workingFolder, settings.get('state')?.[0] ?? USUAL_STATE) : null;
	return { state, reads: [], makes: [...pathsOf('accessLog'), ...pathsOf('pidFile'), ...sockets] };
}

/** The flags again, with absolute paths. `listen` replaces where it listens. */
function settingWords(
	{ arguments: { settings }, workingFolder }: Invocation,
	listen: string | null,
): string[] {
	const words: string[] = [];
	for (const [key, texts] of settings) {
		const { flag, kind } = FIELDS[key];
		if (flag === null || (key === 'listen' && listen !== null)) continue;
		for (const text of texts) {
			if (kind === 'boolean') words.push(text === 'false' ? flag.replace(/^--/, '--no-') : flag);
			else if (PATHS.has(key) && !NO_PATHS.has(text)) words.push(flag, path.resolve(workingFolder, text));
			else words.push(flag, text);
		}
	}
	return listen === null ? words : [...words, '--listen', listen];
}

/** What ProtectSystem would make read-only. `own` is the state folder's name where systemd makes it. */
function writesOf({ state, makes }: Judged, own: string | null): string[] {
	const folders = [
		...(own !== null || state === null ? [] : [state]),
		...makes.map((made) => path.dirname(made)),
	];
	return [...new Set(folders)].filter((folder) => folder !== '/run/httpfn');
}
