/** Makes the executables of build.config.ts: bundles, compiles what is not up to date, and writes what belongs beside them. */
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Base, buildConfig, type Target } from '../../build.config.ts';
import { once } from '../../src/base/once.ts';
import { runProgram } from '../repository.ts';
import { baseExecutable } from './base-executable.ts';
import { type Bundle, bundle } from './bundle.ts';
import { bundlerBase, bundlerFile } from './bundler-file.ts';
import { recordBytecodeOrder } from './bytecode-order.ts';
import { type CompileInput, compile } from './compile.ts';
import { type ProductBuild, productBuild } from './product-build.ts';
import { sbom } from './sbom.ts';
import { Stamps } from './stamps.ts';

export interface BuildOptions {
	readonly entry: string;
	/** Absolute. */
	readonly folder: string;
	/** Which targets to make; the others keep their files as long as those are up to date. */
	readonly wanted: (target: Target) => boolean;
	readonly report: (line: string) => void;
}

export interface BuiltFile {
	readonly name: string;
	readonly path: string;
	readonly engine: Target['engine'];
	readonly os: Target['os'];
	readonly cpu: Target['cpu'];
	readonly libc: Target['libc'];
	readonly bytes: number;
	readonly sha256: string;
	/** False when it was up to date. */
	readonly built: boolean;
	/** False for a file that this machine cannot run, and so has not. */
	readonly ran: boolean;
}

export interface BuildResult extends ProductBuild {
	/** The flagship's, absolute. */
	readonly flagship: string | null;
	readonly files: readonly BuiltFile[];
	/** Targets without a base. */
	readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

export async function buildAll(options: BuildOptions): Promise<BuildResult> {
	mkdirSync(options.folder, { recursive: true });
	const product = productBuild();
	const bundled = await bundle(buildConfig, options.entry, product, join(options.folder, '.bundle'));
	const stamps = new Stamps(options.folder);
	removeOutdated(options, stamps, bundled);
	const order = once(() => bytecodeOrder(options, bundled));
	const jobs: Array<Promise<BuiltFile>> = [];
	const skipped: Array<{ name: string; reason: string }> = [];
	for (const target of buildConfig.targets.filter(options.wanted)) {
		if (typeof target.base === 'string') {
			options.report(`${target.name}: not made: ${target.base}`);
			skipped.push({ name: target.name, reason: target.base });
		} else {
			// Two at a time is what two cores can do; the plain build has two targets.
			if (jobs.length % 2 === 0) await Promise.all(jobs);
			jobs.push(buildOne(options, stamps, bundled, target, target.base, order));
		}
	}
	const files = await Promise.all(jobs);
	const flagship = linkFlagship(options.folder, files);
	writeDocuments(options.folder, product, bundled, stamps, flagship !== null);
	return { ...product, flagship, files, skipped };
}

async function buildOne(
	{ folder, report }: BuildOptions,
	stamps: Stamps,
	bundled: Bundle,
	target: Target,
	base: Base,
	order: () => Promise<string | null>,
): Promise<BuiltFile> {
	const path = join(folder, target.name);
	const key = keyOf(target, bundled);
	const built = !stamps.isCurrent(target.name, key);
	const ran = runsHere(target);
	if (built) {
		const startedAtMs = performance.now();
		report(`${target.name}: compiling on ${base.package}@${base.version}`);
		const input = compileInput(folder, report, bundled, target, base);
		await compile({ ...input, orderPath: target.engine === 'bun' ? await order() : null, outputPath: path });
		if (ran) runProgram([path, 'version']);
		stamps.put(target.name, key);
		const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
		const note = ran ? 'runs' : `cannot be run on this machine${signatureNote(target)}`;
		report(`${target.name}: ${(stamps.get(target.name).bytes / 1e6).toFixed(1)} MB in ${seconds} s, ${note}`);
	} else {
		report(`${target.name}: up to date`);
	}
	const { bytes, sha256 } = stamps.get(target.name);
	const { name, engine, os, cpu, libc } = target;
	return { name, path, engine, os, cpu, libc, bytes, sha256, built, ran };
}

function compileInput(
	folder: string,
	report: BuildOptions['report'],
	bundled: Bundle,
	target: Target,
	base: Base,
): Omit<CompileInput, 'orderPath' | 'outputPath'> {
	const basePath = baseExecutable(base, report);
	const bundlePath = bundled.entries[target.engine];
	const bundlerPath = bundlerFile(join(folder, '.bundle'), target, report);
	return { config: buildConfig, target, bundlePath, basePath, bundlerPath };
}

/** Null where this machine runs none of the executables on Bun. */
async function bytecodeOrder({ folder, report }: BuildOptions, bundled: Bundle): Promise<string | null> {
	const target = buildConfig.targets.find((candidate) => candidate.engine === 'bun' && runsHere(candidate));
	if (target === undefined || typeof target.base === 'string') {
		report(
			'no executable on Bun runs on this machine, so none tells what a start runs: they start a little slower',
		);
		return null;
	}
	report(`${target.name}: recording what a start runs`);
	const input = compileInput(folder, report, bundled, target, target.base);
	return await recordBytecodeOrder(join(folder, '.bundle'), input);
}

function keyOf(target: Target, bundled: Bundle): string {
	const { bunFlags, nodeSea } = buildConfig;
	const bundler = bundlerBase(target);
	const inputs = JSON.stringify([
		bundled.sha256,
		target,
		bundler,
		target.engine === 'bun' ? bunFlags : nodeSea,
	]);
	return createHash('sha256').update(inputs).digest('hex');
}

function runsHere({ os, cpu, libc }: Target): boolean {
	return os === process.platform && cpu === process.arch && libc === 'glibc';
}

function signatureNote({ engine, os }: Target): string {
	return engine === 'node' && os === 'darwin'
		? ', and macOS wants it signed first: codesign --sign - FILE'
		: '';
}

/** A file of an earlier build must not lie beside those of this one as if it belonged to them. */
function removeOutdated({ folder, report, wanted }: BuildOptions, stamps: Stamps, bundled: Bundle): void {
	for (const name of stamps.names) {
		const target = buildConfig.targets.find((candidate) => candidate.name === name);
		if (target !== undefined && (wanted(target) || stamps.isCurrent(name, keyOf(target, bundled)))) continue;
		report(`${name}: removed, as it was made from an older source`);
		rmSync(join(folder, name), { force: true });
		stamps.forget(name);
	}
}

/** dist/httpfn is the very file of its engine under a second name. */
function linkFlagship(folder: string, files: readonly BuiltFile[]): string | null {
	const source = files.find(({ engine, ran }) => ran && engine === buildConfig.flagship);
	const path = join(folder, 'httpfn');
	if (source === undefined) {
		rmSync(path, { force: true });
		return null;
	}
	if (existsSync(path) && statSync(path).ino === statSync(source.path).ino) return path;
	const temporary = join(folder, `.httpfn.${process.pid}`);
	rmSync(temporary, { force: true });
	linkSync(source.path, temporary);
	renameSync(temporary, path);
	return path;
}

function writeDocuments(
	folder: string,
	product: ProductBuild,
	bundled: Bundle,
	stamps: Stamps,
	withFlagship: boolean,
): void {
	const targets = buildConfig.targets.filter(({ name }) => stamps.names.includes(name));
	const bases = targets.flatMap(({ base }) => (typeof base === 'string' ? [] : [base]));
	const bundlers = new Map(targets.map(bundlerBase).map((base) => [base.package, base]));
	const document = sbom(product, bundled.inputs, [...bases, ...bundlers.values()]);
	writeFileSync(join(folder, 'httpfn.cdx.json'), document);
	const sums = targets.map(({ name }) => [name, stamps.get(name).sha256] as const);
	const flagship = targets.find((target) => runsHere(target) && target.engine === buildConfig.flagship);
	if (withFlagship && flagship !== undefined) sums.push(['httpfn', stamps.get(flagship.name).sha256]);
	sums.push(['httpfn.cdx.json', createHash('sha256').update(document).digest('hex')]);
	sums.sort(([left], [right]) => (left < right ? -1 : 1));
	writeFileSync(join(folder, 'SHA256SUMS'), sums.map(([name, sum]) => `${sum}  ${name}\n`).join(''));
}
