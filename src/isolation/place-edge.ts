/** Where an instance's own root has what an edge function is run by. */
import { dirname, join, relative, sep } from 'node:path';
import type { EdgeProgram } from '../contract/edge-program.ts';
import { hostProgram } from '../engine/host-program.ts';
import { PLACES } from './places.ts';

export interface PlaceEdge {
	/** Absolute path of a folder on the host that is shown at PLACES.edge; null where the bundle lies in the code. */
	readonly folder: string | null;
	/** Absolute path of the bundle, as the function sees it. */
	readonly bundle: string;
}

export function placeEdge({ bundle }: EdgeProgram, codeRoot: string): PlaceEdge {
	if (bundle.startsWith(`${codeRoot}${sep}`)) {
		return { folder: null, bundle: join(PLACES.code, relative(codeRoot, bundle)) };
	}
	const folder = dirname(bundle);
	return { folder, bundle: join(PLACES.edge, relative(folder, bundle)) };
}

/** What runs edge functions, as a command line within a place. */
export function placeProgram(): { readonly command: string; readonly prefix: readonly string[] } {
	const { prefix, module } = hostProgram();
	return { command: PLACES.program, prefix: prefix.map((word) => (word === module ? PLACES.host : word)) };
}
