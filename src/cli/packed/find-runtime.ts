import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ownPackage } from '../../engine/packed-tail.ts';
import { type RuntimeFile, readRuntimeFile, refusal } from '../../packed/runtime-file.ts';
import { productVersion } from '../product-version.ts';

export const TARGETS = ['linux-x64', 'linux-arm64', 'linux-x64-musl', 'linux-arm64-musl'] as const;

export interface RuntimeWish {
	/** Of --runtime. */
	readonly file: string | null;
	readonly target: string | null;
	readonly workingFolder: string;
}

/**
 * The executable to pack into: the one that is named, else this one, else the build's own for another target, beside this one or in dist/.
 * Rejects with ERR_PACKED_RUNTIME where it is for another target or of another version.
 */
export async function findRuntime({ file, target, workingFolder }: RuntimeWish): Promise<RuntimeFile> {
	const fromSource = productVersion().version.endsWith('-source');
	if (file !== null) return judged(await readRuntimeFile(path.resolve(workingFolder, file)), target);
	if (!fromSource) {
		const own = await readRuntimeFile(ownPackage() ?? process.execPath);
		if (target === null || own.target === target) return judged(own, target);
	}
	const wanted = target ?? `linux-${process.arch}`;
	const places = namesOf(wanted).flatMap((name) => [
		path.join(path.dirname(process.execPath), name),
		path.join(workingFolder, 'dist', name),
	]);
	const found = places.find((place) => existsSync(place));
	if (found !== undefined) return judged(await readRuntimeFile(found), target);
	throw refusal(
		places[0] ?? '',
		`there is no such file, nor ${places.slice(1).join(', ')}; wanted httpfn ${productVersion().version} for ${wanted}, which npm run build -- --all makes and a release has`,
	);
}

/** As the build calls them; those on the engine that runs come first. */
function namesOf(target: string): readonly string[] {
	const engines = 'bun' in process.versions ? ['bun', 'node'] : ['node', 'bun'];
	const own = target === 'linux-x64' ? engines.map((engine) => `httpfn-${engine}`) : [];
	return [...own, ...engines.map((engine) => `httpfn-${engine}-${target}`)];
}

function judged(runtime: RuntimeFile, target: string | null): RuntimeFile {
	const { version, commit } = productVersion();
	if (target !== null && runtime.target !== target) {
		throw refusal(runtime.path, `it is for ${runtime.target}, wanted ${target}`);
	}
	const same = runtime.version === version && runtime.commit === commit;
	if (same || version.endsWith('-source')) return runtime;
	const found = `${runtime.version} (${runtime.commit})`;
	throw refusal(runtime.path, `it is httpfn ${found}, wanted ${version} (${commit}), as this one is`);
}
