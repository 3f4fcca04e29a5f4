import process from 'node:process';

/**
 * Opens the port of a debugger at `place`, `HOST:PORT`, for this very program. Only Node.js is to be asked: Bun looks at its own variable when it
 * starts. One that is taken is another process's, and the function goes on without.
 */
export async function openInspector(place: string): Promise<void> {
	if ('bun' in process.versions || 'deno' in process.versions) return;
	const inspector = await import('node:inspector');
	const [host, port] = place.split(':');
	try {
		inspector.open(Number(port), host);
	} catch {
		// The one that has it is debugged.
	}
}
