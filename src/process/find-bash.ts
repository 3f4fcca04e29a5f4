/** Where bash is: /bin/bash as on the platform, else the first one on the host's PATH. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const USUAL = '/bin/bash';

/** Answers the usual path where there is none at all: the start then fails with an error that names it. */
export function findBash(path: string | undefined): string {
	if (existsSync(USUAL)) return USUAL;
	for (const folder of (path ?? '').split(delimiter)) {
		const candidate = join(folder, 'bash');
		if (folder.startsWith('/') && existsSync(candidate)) return candidate;
	}
	return USUAL;
}
