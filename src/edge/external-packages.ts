import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Files and folders that a package with compiled code has at its root. */
const SIGNS = ['binding.gyp', 'prebuilds'];

/**
 * Packages that are not bundled: those that are named, and of those that package.json depends on the ones that hold compiled code, which
 * is looked for by the place it is installed in.
 */
export async function externalPackages(
	codeRoot: string,
	named: readonly string[],
): Promise<readonly string[]> {
	const text = await readFile(path.join(codeRoot, 'package.json'), 'utf8').catch(() => '{}');
	const names = Object.keys(dependenciesOf(text));
	const native = await Promise.all(names.map((name) => isNative(path.join(codeRoot, 'node_modules', name))));
	return [...new Set([...named, ...names.filter((_, index) => native[index] === true)])];
}

function dependenciesOf(text: string): object {
	try {
		const { dependencies = {}, optionalDependencies = {} } = JSON.parse(text) as Record<string, object>;
		return { ...dependencies, ...optionalDependencies };
	} catch {
		return {};
	}
}

async function isNative(folder: string): Promise<boolean> {
	const names = await readdir(folder).catch(() => [] as string[]);
	if (names.includes('build')) {
		const built = await readdir(path.join(folder, 'build/Release')).catch(() => [] as string[]);
		if (built.some((name) => name.endsWith('.node'))) return true;
	}
	return SIGNS.some((sign) => names.includes(sign));
}
