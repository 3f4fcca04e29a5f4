import type { RunSettings } from '../config/run-settings.ts';
import { checkCodeFolder } from '../process/code-folder.ts';
import { checkIsolation } from './check-isolation.ts';

/** Everything that can be said of a function without starting it. Rejects with the RuntimeError that a start would meet. */
export async function checkFunction(settings: RunSettings): Promise<void> {
	await checkCodeFolder(settings.function.codeRoot);
	checkIsolation(settings.isolation);
}
