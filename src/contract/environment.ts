/**
 * The variables a function's process starts with. Three sources, later ones winning: a few of the host's that a
 * program can not do without, the user's own, the platform's RUNTIME_* (documented; facts of the manual's table).
 */
import type { FunctionSettings } from './function-settings.ts';
import { LIMITS } from './limits.ts';

/** Of a process that is to be started. */
export type Variables = Readonly<Record<string, string>>;
/** The environment of httpfn itself. */
export type HostVariables = Readonly<Record<string, string | undefined>>;

/** What a function may see of the host: where programs are, and how the user reads. Nothing else leaks (ours). */
const HOST_NAMES = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER'];

/** Names the platform sets, or sets for its event runtimes; a user may not choose them. */
const PRESET_NAMES: ReadonlySet<string> = new Set([
	'RUNTIME_PROJECT_ID',
	'RUNTIME_FUNC_NAME',
	'RUNTIME_FUNC_VERSION',
	'RUNTIME_PACKAGE',
	'RUNTIME_HANDLER',
	'RUNTIME_TIMEOUT',
	'RUNTIME_USERDATA',
	'RUNTIME_CPU',
	'RUNTIME_MEMORY',
	'RUNTIME_MAX_RESP_BODY_SIZE',
	'RUNTIME_INITIALIZER_HANDLER',
	'RUNTIME_INITIALIZER_TIMEOUT',
	'RUNTIME_ROOT',
	'RUNTIME_CODE_ROOT',
	'RUNTIME_LOG_DIR',
	'RUNTIME_API_ADDR',
]);

/** What a function gets of the host's environment. */
export function hostVariables(host: HostVariables): Record<string, string> {
	const environment: Record<string, string> = {};
	for (const name of HOST_NAMES) {
		const value = host[name];
		if (value !== undefined) environment[name] = value;
	}
	return environment;
}

/** `host` is the environment of httpfn itself; only the names above are taken from it. */
export function functionEnvironment(settings: FunctionSettings, host: HostVariables): Record<string, string> {
	const environment = hostVariables(host);
	const { environment: own, toolEnvironment } = settings;
	return Object.assign(environment, own, toolEnvironment, platformVariables(settings));
}

/** Every mistake in a user's variables: names, preset names, text that no process can be given, size in all. */
export function checkEnvironment(user: Readonly<Record<string, string>>): string[] {
	return [...checkVariables(user), ...checkEnvironmentSize(user)];
}

/** The same, but for the size. */
export function checkVariables(user: Readonly<Record<string, string>>): string[] {
	const mistakes: string[] = [];
	for (const [name, value] of Object.entries(user)) {
		mistakes.push(...checkName(name));
		if (value.includes('\0'))
			mistakes.push(`the value of ${quote(name)} holds a NUL; wanted text without it`);
		if (!value.isWellFormed()) {
			mistakes.push(`the value of ${quote(name)} holds half a surrogate pair; wanted Unicode text`);
		}
	}
	return mistakes;
}

/** Names and values together (documented: 4,096 characters). */
export function checkEnvironmentSize(user: Readonly<Record<string, string>>): string[] {
	let chars = 0;
	for (const [name, value] of Object.entries(user)) chars += characters(name) + characters(value);
	if (chars <= LIMITS.environmentCharsMax) return [];
	return [
		`the environment has ${chars} characters in names and values; wanted at most ${LIMITS.environmentCharsMax}`,
	];
}

function checkName(name: string): string[] {
	if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
		return [`environment name ${quote(name)}; wanted letters, digits and "_", beginning with a letter`];
	}
	if (PRESET_NAMES.has(name)) return [`environment name ${name} is set by the platform; wanted another name`];
	return [];
}

function platformVariables(settings: FunctionSettings): Record<string, string> {
	return {
		RUNTIME_PROJECT_ID: settings.projectId,
		RUNTIME_FUNC_NAME: settings.name,
		RUNTIME_FUNC_VERSION: settings.version,
		RUNTIME_PACKAGE: settings.package,
		RUNTIME_HANDLER: 'bootstrap',
		RUNTIME_TIMEOUT: String(settings.timeoutSeconds),
		RUNTIME_USERDATA: JSON.stringify({ ...settings.environment, ...settings.secretEnvironment }),
		RUNTIME_CPU: String(cpuMillicores(settings.memoryMb)),
		RUNTIME_MEMORY: String(settings.memoryMb),
		RUNTIME_MAX_RESP_BODY_SIZE: String(LIMITS.responseBodyBytesMax),
		RUNTIME_INITIALIZER_HANDLER: '',
		RUNTIME_INITIALIZER_TIMEOUT: String(settings.initTimeoutSeconds),
		RUNTIME_ROOT: '/home/snuser/runtime',
		RUNTIME_CODE_ROOT: settings.codeRoot,
		RUNTIME_LOG_DIR: '/home/snuser/log',
	};
}

/** The share of a processor that comes with the memory (documented formula). */
export function cpuMillicores(memoryMb: number): number {
	return Math.round((memoryMb / 128) * 100 + 200);
}

/** Characters as people count them: code points, not UTF-16 units. */
function characters(text: string): number {
	let count = 0;
	for (const _ of text) count++;
	return count;
}

function quote(text: string): string {
	return JSON.stringify(text);
}
