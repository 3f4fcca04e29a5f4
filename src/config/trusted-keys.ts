/** Whose packed files this machine runs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, valueMistake } from './config-error.ts';

/** Names a file of keys, as --trusted-key does. */
export const TRUSTED_KEY_VARIABLE = 'HTTPFN_TRUSTED_KEY';
/** Holds whoever starts a packed file: no flag and no variable takes it back. */
export const TRUSTED_KEY_FILE = '/etc/httpfn/trusted.pub';

export interface TrustedKeyInput {
	readonly environment: Readonly<Record<string, string>>;
	readonly workingFolder: string;
	/** Of --trusted-key. */
	readonly flag: string | null;
}

/**
 * The texts of the key files that the machine, the environment and the command line name: a package has to satisfy each, so that each can
 * only narrow what may run. None: every package may. Throws a ConfigError where one that is there, or is named, can not be read.
 */
export function trustedKeyTexts({ environment, workingFolder, flag }: TrustedKeyInput): readonly string[] {
	const named = [
		{ source: TRUSTED_KEY_FILE, file: TRUSTED_KEY_FILE, required: false },
		{ source: TRUSTED_KEY_VARIABLE, file: environment[TRUSTED_KEY_VARIABLE], required: true },
		{ source: '--trusted-key', file: flag ?? undefined, required: true },
	];
	return named.flatMap(({ source, file, required }) => {
		if (file === undefined) return [];
		try {
			return [readFileSync(path.resolve(workingFolder, file), 'utf8')];
		} catch (error) {
			const { code = 'unreadable' } = error as NodeJS.ErrnoException;
			if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return [];
			const problem = `cannot read ${JSON.stringify(file)} (${code}), wanted a file of public keys in PEM`;
			throw new ConfigError([valueMistake(source, problem)]);
		}
	});
}
