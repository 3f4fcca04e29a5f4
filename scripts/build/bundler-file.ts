/** The bundler's executable as it is embedded: compressed, in the version and with the integrity of package-lock.json. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Base, buildConfig, type Target } from '../../build.config.ts';
import { ROOT } from '../repository.ts';
import { baseExecutable } from './base-executable.ts';

interface Lock {
	readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>>;
}

/** The package of the target's machine: in node_modules for this one, else to be fetched. */
export function bundlerBase({ os, cpu }: Target): Base {
	const { packages, path } = buildConfig.bundler;
	const name = packages[`${os}-${cpu}`];
	if (name === undefined) throw new Error(`build.config.ts names no bundler for ${os}-${cpu}`);
	const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
	const locked = lock.packages[`node_modules/${name}`];
	if (locked === undefined) throw new Error(`package-lock.json does not name ${name}`);
	const installed = existsSync(join(ROOT, 'node_modules', name, path));
	const { version, integrity } = locked;
	return { package: name, version, path, ...(installed ? {} : { integrity }) };
}

/** Its path below `folder`; the name is that of the embedded file. */
export function bundlerFile(folder: string, target: Target, report: (line: string) => void): string {
	const path = join(folder, `${target.os}-${target.cpu}`, 'esbuild.gz');
	if (existsSync(path)) return path;
	const bytes = readFileSync(baseExecutable(bundlerBase(target), report));
	mkdirSync(join(folder, `${target.os}-${target.cpu}`), { recursive: true });
	writeFileSync(path, gzipSync(bytes, { level: 9 }));
	return path;
}
