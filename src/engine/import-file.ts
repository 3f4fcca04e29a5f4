/** Imports a module that is a file, at run time: also in an executable, whose own import() knows embedded modules only. */
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

export type ModuleExports = Readonly<Record<string, unknown>>;

/** Source maps of what is imported later hold in stack traces. Rejects with what the module throws, or the engine says of it. */
export function importFile(path: string): Promise<ModuleExports> {
	return importUrl(pathToFileURL(path).href);
}

/** Has the engine load what it imports modules by. */
export async function warmImports(): Promise<void> {
	await importUrl('data:text/javascript,');
}

function importUrl(url: string): Promise<ModuleExports> {
	process.setSourceMapsEnabled?.(true);
	if (!isNodeExecutable()) return import(url);
	const script = new vm.Script('(url) => import(url)', {
		importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
	});
	return (script.runInThisContext() as (url: string) => Promise<ModuleExports>)(url);
}

function isNodeExecutable(): boolean {
	const sea = process.getBuiltinModule?.('node:sea') as { isSea(): boolean } | undefined;
	return sea?.isSea() === true;
}
