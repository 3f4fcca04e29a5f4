/** What the executables say they were built from. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../repository.ts';

export interface ProductBuild {
	readonly version: string;
	/** Twelve digits, with `-dirty` where the tree differs from it; `unknown` outside a git checkout. */
	readonly commit: string;
}

export function productBuild(): ProductBuild {
	const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
	const described = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	return { version, commit: described.status === 0 ? described.stdout.trim() : 'unknown' };
}
