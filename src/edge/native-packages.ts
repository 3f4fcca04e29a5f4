import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Files and folders that a package with compiled code has at its root. */
const SIGNS = ['binding.gyp', 'prebuilds'];

/**
 * Of the packages that package.json names, those that hold compiled code: such code can not lie in a bundle, and is looked for by the
 * place it is installed in.
 */
export async function nativePackages(codeRoot: string): Promise<readonly string[]> {
	const text = await readFile(path.join(codeRoot, 'package.json'), 'utf8').catch(() => '{}');
	const names = Object.keys(dependenciesOf(text));
	const native = await Promise.all(names.map((name) => isNative(path.join(codeRoot, 'node_modules', name))));
	return names.filter((_, index) => native[index] === true);
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
