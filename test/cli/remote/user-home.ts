/** A user of the command line: a home folder of his own, and nothing of the test's variables that could choose a server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runSource, type SourceResult } from '../../harness/source-process.ts';

const NOTHING = {
	XDG_CONFIG_HOME: '',
	HW_ACCESS_KEY: '',
	HW_SECRET_KEY: '',
	HW_AUTH_TOKEN: '',
	HW_PROJECT_ID: '',
	HW_REGION_NAME: '',
};

export class UserHome implements AsyncDisposable {
	readonly path: string;
	readonly contextFile: string;

	constructor(folder: string) {
		this.path = folder;
		this.contextFile = path.join(folder, '.config/httpfn/contexts.json');
	}

	/** Runs httpfn to its end, in this folder. */
	httpfn(
		argv: readonly string[],
		more: {
			readonly input?: string;
			readonly env?: Readonly<Record<string, string>>;
			readonly cwd?: string;
		} = {},
	): Promise<SourceResult> {
		const { input = '', env = {}, cwd = this.path } = more;
		return runSource('src/cli/main.ts', argv, { env: { ...NOTHING, HOME: this.path, ...env }, cwd, input });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await rm(this.path, { recursive: true, force: true });
	}
}

export async function userHome(): Promise<UserHome> {
	return new UserHome(await mkdtemp(path.join(tmpdir(), 'httpfn-home-')));
}
