/** What in the text of a bootstrap works on one machine and not in the cloud. */
import { LIMITS } from '../contract/limits.ts';
import type { CloudFinding } from './finding.ts';
import { PLATFORM } from './platform.ts';

const PLACE = 'bootstrap';
const RUNTIME = '/opt/function/runtime/';
/** What is there on any Linux, or promised (documented: code, runtimes, /tmp). */
const EVERYWHERE =
	/^\/(?:opt\/function|tmp|dev|proc|sys|etc|bin|sbin|usr\/bin|usr\/sbin|lib|lib64|usr\/lib|home\/snuser|var\/(?:tmp|log|run))(?:\/|$)/;
/** A path that begins a word, or follows = : or a quote. */
const PATHS = /(?<=^|[\s=:"'(])\/[\w.+~@-]+(?:\/[\w.+~@-]+)+/gm;
const COMMANDS =
	/(?:^|[;&|]|&&|\bexec\b|\bnohup\b)[^\S\n]*(node|python3?|python\d\.\d+|java|php|dotnet|deno|bun|ruby|perl)\s/gm;
/** Ports where people say them: --port 3000, PORT=3000, -p 3000, 0.0.0.0:3000. */
const PORTS =
	/(?:--port[= ]|\b[A-Z_]*PORT=["']?|\s-p\s+|\b(?:localhost|\d+\.\d+\.\d+\.\d+):|--(?:bind|host|listen)[= ]\S{0,64}:)(\d{2,5})\b/g;

/** `codeRoot` is where the folder is here. */
export function judgeBootstrap(bytes: Uint8Array, codeRoot: string): CloudFinding[] {
	const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
	const text = withoutComments(Buffer.from(bytes).toString('utf8'));
	return [...(bom ? [markFinding()] : []), ...paths(text, codeRoot), ...commands(text), ...ports(text)];
}

/** The version of an interpreter that the text names: `3.9` of `python`. Null: none, or several. */
export function namedVersion(bytes: Uint8Array, interpreter: string): string | null {
	const text = withoutComments(Buffer.from(bytes).toString('utf8'));
	const pattern = new RegExp(`${RUNTIME}${interpreter}(\\d[\\d.]*)/`, 'g');
	const found = new Set([...text.matchAll(pattern)].map(([, version = '']) => version));
	return found.size === 1 ? ([...found][0] ?? null) : null;
}

function markFinding(): CloudFinding {
	return {
		code: 'BOOTSTRAP_BOM',
		level: 'fatal',
		place: PLACE,
		found: 'a byte order mark (EF BB BF) before the first command, which bash takes for a part of it',
		wanted: 'UTF-8 without one',
		who: 'author',
		grade: 'ours',
	};
}

function paths(text: string, codeRoot: string): CloudFinding[] {
	const found = new Set([...text.matchAll(PATHS)].map(([path]) => path));
	return [...found].flatMap((path) => {
		if (path.startsWith(RUNTIME)) return interpreter(path);
		const own = path === codeRoot || path.startsWith(`${codeRoot}/`);
		if (!own && EVERYWHERE.test(path)) return [];
		return [
			{
				code: 'BOOTSTRAP_PATH',
				level: own ? 'fatal' : 'warning',
				place: PLACE,
				found: own ? `the path of this folder on this machine, ${path}` : `${path}, a path of this machine`,
				wanted: own
					? '$RUNTIME_CODE_ROOT (/opt/function/code there)'
					: 'what the package holds, or the platform',
				who: 'author',
				grade: own ? 'documented' : 'ours',
			} as const,
		];
	});
}

function interpreter(path: string): CloudFinding[] {
	const name = path.slice(RUNTIME.length);
	const known = Object.keys(PLATFORM.interpreters);
	const folder = name.split('/')[0] ?? '';
	const family = folder.replace(/[\d.]+$/, '');
	// A folder above the program is for PATH; what lies beside the program comes with it.
	const beside = known.some((one) => one.startsWith(`${name}/`) || sameFolder(one, name));
	if (known.includes(name) || beside) return [];
	const kin = known.filter((one) => one.replace(/[\d.]*\/.*/, '') === family);
	return [
		{
			code: 'BOOTSTRAP_INTERPRETER',
			level: 'warning',
			place: PLACE,
			found: `${path}, which the manual does not have`,
			wanted: `${kin.length === 0 ? 'one of' : `one of ${family}:`} ${(kin.length === 0 ? known : kin).map((one) => one.split('/')[0]).join(', ')}${kin[0] === undefined ? '' : `, as ${RUNTIME}${kin.at(-1)}`}`,
			who: 'author',
			grade: 'documented',
		},
	];
}

function sameFolder(a: string, b: string): boolean {
	return a.slice(0, a.lastIndexOf('/')) === b.slice(0, b.lastIndexOf('/'));
}

function commands(text: string): CloudFinding[] {
	const names = new Set([...text.matchAll(COMMANDS)].map(([, name = '']) => name));
	const led = new Set(ledTo(text));
	return [...names]
		.filter((name) => !led.has(name))
		.map((name) => ({
			code: 'BOOTSTRAP_COMMAND',
			level: 'hint',
			place: PLACE,
			found: `the command ${name}, which PATH has to lead to`,
			wanted: `${pathOf(name)}: the manual shows interpreters by their paths only`,
			who: 'author',
			grade: 'documented',
		}));
}

/** Programs of the platform whose folders the text names, as PATH wants them. */
function ledTo(text: string): string[] {
	return Object.keys(PLATFORM.interpreters).flatMap((program) => {
		const slash = program.lastIndexOf('/');
		const folder = new RegExp(`${RUNTIME}${program.slice(0, slash).replaceAll('.', '\\.')}(?![\\w/])`);
		return folder.test(text) ? [program.slice(slash + 1)] : [];
	});
}

/** Such as the manual's newest for that program. */
function pathOf(command: string): string {
	const family = command.replace(/[\d.]+$/, '');
	const entries = Object.entries(PLATFORM.interpreters);
	const kin = entries.filter(([, program]) => program.replace(/\d+$/, '') === family).at(-1);
	return kin === undefined ? 'a program that is in the package' : `a path such as ${RUNTIME}${kin[0]}`;
}

function ports(text: string): CloudFinding[] {
	const wrong = new Set(
		[...text.matchAll(PORTS)]
			.map(([, port = '']) => port)
			.filter((port) => Number(port) !== LIMITS.functionPort),
	);
	return [...wrong].map((port) => ({
		code: 'BOOTSTRAP_PORT',
		level: 'hint',
		place: PLACE,
		found: `what looks like port ${port}`,
		wanted: `port ${LIMITS.functionPort} of 127.0.0.1 for the server that takes requests`,
		who: 'author',
		grade: 'documented',
	}));
}

function withoutComments(text: string): string {
	return text.replaceAll(/(^|\s)#.*$/gm, '$1');
}
