/**
 * Gives back what was needed once: garbage, and on Bun machine code that was made for it. For moments when nothing else has to be
 * done: it stops everything for milliseconds. Node.js and Deno do it by themselves when they are idle.
 */
export function releaseMemory(): void {
	const { Bun } = globalThis as { readonly Bun?: { gc(full: boolean): void; shrink(): void } };
	Bun?.gc(true);
	Bun?.shrink();
}
