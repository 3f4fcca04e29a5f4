/** For a moment in which nothing else has to be done: what comes after it is then not interrupted for a while. Bun only: others have no call for it. */
export function collectGarbage(): void {
	const { Bun } = globalThis as { readonly Bun?: { gc(full: boolean): void } };
	Bun?.gc(true);
}
