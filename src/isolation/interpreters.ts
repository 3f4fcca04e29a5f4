/**
 * The interpreters that a bootstrap names by the platform's paths, such as
 * /opt/function/runtime/nodejs18.15/rtsp/nodejs/bin/node (documented), and what stands for them on this host.
 */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import { PLACES } from './places.ts';
import { programFolders } from './program-folders.ts';

export interface InterpreterLink {
	/** Below /opt/function/runtime: `nodejs18.15/rtsp/nodejs/bin/node`. */
	readonly name: string;
	/** Absolute path of the program on the host. */
	readonly target: string;
}

interface Family {
	/** The platform's name of the program. */
	readonly name: string;
	/** Programs of the host that can stand for it, the best first; `%` is the version asked for. */
	readonly programs: readonly string[];
	/** What comes with it, where the host has it. */
	readonly companions: readonly string[];
	readonly install: string;
}

/** By the letters the platform's folder begins with. */
const FAMILIES: Readonly<Record<string, Family>> = {
	nodejs: {
		name: 'node',
		programs: ['node', 'nodejs'],
		companions: ['npm', 'npx'],
		install: 'Node.js (Debian: apt-get install nodejs)',
	},
	python: {
		name: 'python3',
		programs: ['python%', 'python3', 'python'],
		companions: ['pip3'],
		install: 'Python (Debian: apt-get install python3)',
	},
	java: {
		name: 'java',
		programs: ['java'],
		companions: [],
		install: 'a Java runtime (Debian: apt-get install default-jre-headless)',
	},
	php: {
		name: 'php',
		programs: ['php%', 'php'],
		companions: [],
		install: 'PHP (Debian: apt-get install php-cli)',
	},
	dotnet: { name: 'dotnet', programs: ['dotnet'], companions: [], install: '.NET' },
};
/** Shown where PATH leaves them out. */
const USUAL_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];

/**
 * Links for the paths below /opt/function/runtime in the text of a bootstrap. `configured` maps the platform's folder
 * (`nodejs18.15`), or its letters (`nodejs`), to a program. Throws ERR_INTERPRETER_MISSING where an interpreter itself is not
 * to be had; a companion (npm, say) that is not there is left out.
 */
export function interpreterLinks(
	bootstrap: string,
	configured: Readonly<Record<string, string>>,
	path: string,
): InterpreterLink[] {
	const pattern = new RegExp(`${PLACES.runtime}/([A-Za-z]+[0-9.]*/[A-Za-z0-9._+/-]*[A-Za-z0-9_+])`, 'g');
	const links = new Map<string, InterpreterLink>();
	for (const [, name = ''] of withoutComments(bootstrap).matchAll(pattern)) {
		if (name.split('/').some((part) => part === '.' || part === '..' || part === '')) continue;
		for (const link of linksFor(name, configured, path)) links.set(link.name, link);
	}
	return [...links.values()];
}

/** Text such as `PATH=/opt/function/runtime/nodejs18.15/rtsp/nodejs/bin:$PATH` names a folder: then its programs are linked. */
function linksFor(
	name: string,
	configured: Readonly<Record<string, string>>,
	path: string,
): InterpreterLink[] {
	const [folder = ''] = name.split('/');
	const [, letters = '', version = ''] = /^([A-Za-z]+)([0-9.]*)/.exec(folder) ?? [];
	const family = FAMILIES[letters];
	const asked = basename(name);
	const programs = (family?.programs ?? []).map((program) => program.replace('%', version));
	if (asked === 'bin') {
		const [main] = linksFor(`${name}/${family?.name ?? letters}`, configured, path);
		const others = (family?.companions ?? []).flatMap((other) =>
			linksFor(`${name}/${other}`, configured, path),
		);
		return main === undefined ? others : [main, ...others];
	}
	if (family !== undefined && !programs.includes(asked) && asked !== family.name) {
		const companion = findProgram([asked], path);
		return companion === null ? [] : [{ name, target: companion }];
	}
	const chosen = configured[folder] ?? configured[letters];
	if (chosen !== undefined && !isProgram(chosen)) {
		throw missing(
			name,
			`"${chosen}", which the setting interpreters names, is no program`,
			'a program there',
		);
	}
	const target = chosen ?? findProgram(programs, path);
	if (target !== null) return [{ name, target }];
	const setting = `interpreters: {"${folder}": "/path/of/the/program"}`;
	if (family === undefined) throw missing(name, `no rule for "${folder}"`, setting);
	throw missing(name, `none of ${programs.join(', ')} on PATH`, `${family.install}, or ${setting}`);
}

/** A program rather than a script: version managers put scripts on PATH that look for the program anew at each start. */
function findProgram(names: readonly string[], path: string): string | null {
	let script: string | null = null;
	for (const name of names) {
		for (const folder of [...programFolders(path), ...USUAL_FOLDERS]) {
			const candidate = join(folder, name);
			if (!isProgram(candidate)) continue;
			// The program itself: what a link leads through may not be shown.
			const real = realpathSync(candidate);
			if (!isScript(real)) return real;
			script ??= real;
		}
	}
	return script;
}

/** What may be run but not read is no script. */
function isScript(path: string): boolean {
	try {
		const file = openSync(path, 'r');
		const start = Buffer.alloc(2);
		readSync(file, start, 0, 2, 0);
		closeSync(file);
		return start.toString('latin1') === '#!';
	} catch {
		return false;
	}
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return existsSync(path);
	} catch {
		return false;
	}
}

function withoutComments(script: string): string {
	return script.replaceAll(/^[ \t]*#.*$/gm, '');
}

function missing(name: string, found: string, wanted: string): RuntimeError {
	const path = join(PLACES.runtime, name);
	return new RuntimeError(
		'ERR_INTERPRETER_MISSING',
		`Could not start the function: its bootstrap names ${path}; found ${found}, wanted ${wanted}`,
	);
}
