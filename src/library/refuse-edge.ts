import { RuntimeError } from '../contract/errors.ts';
import { hostFault } from '../engine/host-program.ts';
import { findStartFile } from '../process/code-folder.ts';

/**
 * Of edge functions httpfn is the engine itself; a library has the program's engine do it, where that can be started again. Rejects with
 * ERR_EDGE_BUNDLER where it can not, and as a check of the code folder does.
 */
export async function refuseEdge(codeRoot: string): Promise<void> {
	const start = findStartFile(codeRoot);
	const fault = start.kind === 'bootstrap' ? null : hostFault();
	if (fault === null) return;
	throw new RuntimeError(
		'ERR_EDGE_BUNDLER',
		`Could not serve the edge function in ${codeRoot}: ${fault}; wanted an engine that runs the package httpfn as it was installed, a bootstrap of your own, or the httpfn executable`,
	);
}
