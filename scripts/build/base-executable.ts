/** The engine's own executable, which a target is built on. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Base } from '../../build.config.ts';
import { ROOT, runProgram } from '../repository.ts';

const CACHE = join(ROOT, '.cache/bases');

/** Its path: in node_modules, or in .cache/ after a download that matched the integrity of build.config.ts. */
export function baseExecutable(base: Base, report: (line: string) => void): string {
	if (base.integrity === undefined) return pinnedExecutable(base);
	const folder = join(CACHE, `${base.package.replaceAll('/', '+')}-${base.version}`);
	const path = join(folder, 'package', base.path);
	if (existsSync(path)) return path;
	report(`fetching ${base.package}@${base.version}`);
	mkdirSync(CACHE, { recursive: true });
	const temporary = mkdtempSync(join(CACHE, 'incoming-'));
	try {
		const name = `${base.package}@${base.version}`;
		const packed = runProgram(['npm', 'pack', name, '--json', '--pack-destination', temporary]);
		const archive = join(temporary, archiveName(packed, base));
		checkIntegrity(readFileSync(archive), base.integrity, name);
		runProgram(['tar', '-xzf', archive, '-C', temporary, `package/${base.path}`]);
		rmSync(archive);
		rmSync(folder, { recursive: true, force: true });
		renameSync(temporary, folder);
	} finally {
		rmSync(temporary, { recursive: true, force: true });
	}
	return path;
}

function pinnedExecutable(base: Base): string {
	const folder = join(ROOT, 'node_modules', base.package);
	const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
	if (version !== base.version) {
		throw new Error(
			`build.config.ts wants ${base.package} ${base.version}, package.json pins ${version}; give both the same version`,
		);
	}
	return join(folder, base.path);
}

/** npm 10 prints an array, npm 11 may print an object by package name. */
function archiveName(printed: string, base: Base): string {
	const parsed = JSON.parse(printed) as Record<string, { readonly filename: string }>;
	const [entry] = Object.values(parsed);
	if (entry === undefined) throw new Error(`npm pack ${base.package} named no file`);
	return entry.filename.replace(/^@/, '').replaceAll('/', '-');
}

/** Throws where the archive is not the one that build.config.ts was written for. */
export function checkIntegrity(bytes: Buffer, wanted: string, name: string): void {
	const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
	if (found !== wanted) throw new Error(`the archive of ${name} has integrity ${found}; wanted ${wanted}`);
}
