/** Which parts of the host a function sees, decided on the host's side; `root-files.ts` carries it out. */
import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import { hostProgram } from '../engine/host-program.ts';
import { isCovered, isFolder, programFolders, withCompanions } from './program-folders.ts';

export interface RootPlan {
	/** Host paths shown read-only under their own names, folders before what lies in them. */
	readonly shown: readonly string[];
	/** Links at the top, as on the host: /bin → usr/bin. */
	readonly links: readonly (readonly [path: string, target: string])[];
	/** Host paths that lie in something shown, and are covered. */
	readonly hidden: readonly string[];
	/** Absolute path of httpfn's own executable, or of an engine, which runs edge functions. */
	readonly program: string;
	/** Absolute path of what an engine runs them by; null: it is httpfn's own executable, or lies in something shown. */
	readonly host: string | null;
}

/** Where programs and their libraries are. What belongs to people or changes while it runs (/home, /root, /opt, /srv, /var, /run, /tmp) is left out. */
const SYSTEM_FOLDERS = [
	'usr',
	'bin',
	'sbin',
	'lib',
	'lib32',
	'lib64',
	'libx32',
	'etc',
	'sys',
	'nix',
	'gnu',
	'snap',
];

/** `path` is the host's PATH: programs installed in a home folder are shown, the rest of that folder is not. */
export function planRoot(settings: Pick<SandboxSettings, 'expose' | 'hide'>, path: string): RootPlan {
	const { command, sources, module } = hostProgram();
	const links: (readonly [string, string])[] = [];
	const wanted: string[] = [];
	for (const name of SYSTEM_FOLDERS) {
		const folder = `/${name}`;
		const target = linkTarget(folder);
		if (target !== null) links.push([folder, target]);
		else if (isFolder(folder)) wanted.push(folder);
	}
	wanted.push(
		...programFolders(path)
			.filter((folder) => dirname(folder) !== '/')
			.flatMap(withCompanions),
		...settings.expose.filter((item) => existsSync(item)),
		...(sources === null ? [] : [sources]),
	);
	const shown = withoutNested(wanted.map(realPath)).filter((folder) => !isCovered(folder));
	const hidden = settings.hide.map(realPath).filter((item) => shown.some((folder) => isWithin(item, folder)));
	const host = module === null ? null : realPath(module);
	return { shown, links, hidden, program: realPath(command), host };
}

/** Sorted, and without what another entry shows already. */
function withoutNested(paths: readonly string[]): string[] {
	const kept: string[] = [];
	for (const path of [...new Set(paths)].sort()) {
		if (path !== '/' && !kept.some((folder) => isWithin(path, folder))) kept.push(path);
	}
	return kept;
}

function isWithin(path: string, folder: string): boolean {
	return path === folder || path.startsWith(`${folder}/`);
}

function linkTarget(path: string): string | null {
	try {
		return readlinkSync(path);
	} catch {
		return null;
	}
}

function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}
