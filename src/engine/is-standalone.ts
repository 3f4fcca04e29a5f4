import process from 'node:process';

interface Engines {
	readonly Bun?: { readonly main: string };
	readonly Deno?: { readonly build: { readonly standalone?: boolean } };
}

interface Sea {
	isSea(): boolean;
}

/** Whether `process.execPath` is one program, which runs itself whatever file it is given: an engine would run that. */
export function isStandalone(): boolean {
	const { Bun, Deno } = globalThis as Engines;
	if (Bun !== undefined) return Bun.main.startsWith('/$bunfs/');
	if (Deno !== undefined) return Deno.build.standalone === true;
	const sea = process.getBuiltinModule?.('node:sea') as Sea | undefined;
	return sea?.isSea() === true || 'pkg' in process || 'electron' in process.versions;
}
