import { RuntimeError } from '../contract/errors.ts';
import { findStartFile } from '../process/code-folder.ts';

/**
 * Of edge functions httpfn is bundler and engine itself, as an executable; a library inside of another program is neither. Rejects with
 * ERR_EDGE_BUNDLER for them, and as a check of the code folder does.
 */
export async function refuseEdge(codeRoot: string): Promise<void> {
	const start = await findStartFile(codeRoot);
	if (start.kind === 'bootstrap') return;
	const found = start.kind === 'entry' ? start.entry : 'a bootstrap that httpfn bootstrap wrote';
	throw new RuntimeError(
		'ERR_EDGE_BUNDLER',
		`Could not serve the edge function in ${codeRoot}: found ${found}, and a library can not run it; wanted a bootstrap of your own, or the httpfn executable`,
	);
}
