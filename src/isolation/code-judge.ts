/**
 * Judges code folders, and remembers the verdict for as long as folder and start file are the same: a cold start then pays for two
 * looks instead of reading both.
 */
import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import { checkCodeFolder } from '../process/code-folder.ts';
import { PLACES } from './places.ts';

interface Verdict {
	readonly identity: string;
	readonly bootstrap: string;
}

const OTHERS = { read: 0o004, search: 0o001 };

export class CodeJudge {
	/** Functions run as a user of their own, who has to be able to read the code. */
	readonly #asFunctionUser: boolean;
	readonly #verdicts = new Map<string, Verdict>();

	constructor(asFunctionUser: boolean) {
		this.#asFunctionUser = asFunctionUser;
	}

	/** The text of the start file. Throws ERR_CODE_FOLDER_MISSING or ERR_BOOTSTRAP_*. */
	bootstrap(codeRoot: string): string {
		const identity = identityOf(codeRoot);
		const known = this.#verdicts.get(codeRoot);
		if (known !== undefined && known.identity === identity) return known.bootstrap;
		const bootstrap = checkCodeFolder(codeRoot);
		this.checkReadable(codeRoot, [join(codeRoot, 'bootstrap')]);
		if (identity !== null) this.#verdicts.set(codeRoot, { identity, bootstrap });
		return bootstrap;
	}

	/** Throws ERR_BOOTSTRAP_UNREADABLE where the folder, or one of the files, is not for the user of functions to read. */
	checkReadable(codeRoot: string, files: readonly string[]): void {
		if (!this.#asFunctionUser) return;
		const { uid } = PLACES.user;
		for (const path of [codeRoot, ...files]) {
			const { mode, uid: owner } = statSync(path);
			const wanted = path === codeRoot ? OTHERS.read | OTHERS.search : OTHERS.read;
			if (owner === uid || (mode & wanted) === wanted) continue;
			throw new RuntimeError(
				'ERR_BOOTSTRAP_UNREADABLE',
				`Could not start the function: user ${uid}, as whom functions run, may not read "${path}"; wanted it readable (chmod -R o+rX "${codeRoot}")`,
			);
		}
	}
}

/** Null where one of the two cannot be looked at: then the judge is to say why. */
function identityOf(codeRoot: string): string | null {
	try {
		const both = [statSync(codeRoot), statSync(join(codeRoot, 'bootstrap'))];
		return both.map(identityOfOne).join(' ');
	} catch {
		return null;
	}
}

/** The change time tells a change of rights too. */
function identityOfOne({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
	return `${dev}.${ino}.${size}.${mtimeMs}.${ctimeMs}`;
}
