/**
 * When code is compiled. The executable on Bun starts with a compiler that is slow to act (build.config.ts): most of what runs
 * while httpfn starts runs once, and is cheaper interpreted.
 */
import { bun } from './bun-api.ts';

/** What runs from here on is compiled as usual. Twice is harmless; on other engines it is nothing. */
export function compileAsUsual(): void {
	bun?.unsafe?.setJITPolicy?.(1);
}
